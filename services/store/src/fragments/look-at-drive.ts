import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { fragmentFolders, MARKER_PATH, MIRRORS_FOLDER, parseFragmentFileName, parseMirrorFileName } from './drive-folder.ts'
import { type DriveMarker, parseAnyMarker } from './drive-marker.ts'

/** What a drive tells everybody who finds it. */
export interface DriveSighting extends DriveMarker {
  fragments: number
  /** Packs that were still being written. */
  openPacks: number
}

const LISTS_AT_ONCE = 16

/**
 * Looks at a folder that may be the drive of anybody: reads and changes nothing else.
 *
 * @returns null when it is none, or its marker is not whole.
 * @throws HoltError IO_FAILED
 */
export async function lookAtDrive(disk: Disk, crypto: Crypto): Promise<DriveSighting | null> {
  const bytes = await disk.readFile(MARKER_PATH)
  const marker = bytes === null ? null : wholeMarker(crypto, bytes)
  if (marker === null) return null
  const openPacks = ((await disk.list(MIRRORS_FOLDER)) ?? []).filter((name) => parseMirrorFileName(name) !== null).length
  let fragments = 0
  for (let at = 0; at < fragmentFolders.length; at += LISTS_AT_ONCE) {
    const lists = await Promise.all(fragmentFolders.slice(at, at + LISTS_AT_ONCE).map((folder) => disk.list(folder)))
    for (const names of lists) fragments += (names ?? []).filter((name) => parseFragmentFileName(name) !== null).length
  }
  return { ...marker, fragments, openPacks }
}

function wholeMarker(crypto: Crypto, bytes: Uint8Array): DriveMarker | null {
  try {
    return parseAnyMarker(crypto, bytes)
  } catch (error) {
    if (!isHoltError(error)) throw error
    return null
  }
}
