import { toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { REPLACEMENT_SUFFIX } from '@holt/core/replace-file.ts'
import { FRAGMENTS_FOLDER, fragmentFolders, MARKER_PATH, MIRRORS_FOLDER, parseFragmentFileName } from './drive-folder.ts'
import { encodeMarker, parseMarker } from './drive-marker.ts'
import { MAX_TAIL_BYTES, parseFragmentTail, verifySpread } from './fragment-file.ts'

export interface DriveOwner {
  crypto: Crypto
  storageSeed: Uint8Array
}

/** Names that a drive may have beside ours: what file systems put into their root. */
const IGNORED_NAMES = new Set(['lost+found', MARKER_PATH + REPLACEMENT_SUFFIX])

/**
 * Makes an empty folder a drive, or takes one that is this owner's already. Anything else is left exactly as it is.
 *
 * @returns the drive's id.
 * @throws HoltError DRIVE_MISSING (no such folder), DRIVE_FOREIGN (not empty, or another owner's), DISK_FULL, IO_FAILED.
 */
export async function adoptDrive(disk: Disk, owner: DriveOwner, createdSeconds: number): Promise<string> {
  const names = await disk.list('')
  if (names === null) throw new HoltError('DRIVE_MISSING', 'there is no such folder', { folder: disk.id })
  const known = await readOwnMarker(disk, owner)
  if (known !== null) {
    await makeFolders(disk)
    return known
  }
  const isOurs = names.includes(FRAGMENTS_FOLDER) && (await holdsOwnFragment(disk, owner))
  if (!isOurs && !(await isEmpty(disk, names))) throw new HoltError('DRIVE_FOREIGN', 'the folder is not empty', { folder: disk.id })
  await makeFolders(disk)
  const id = toHex(owner.crypto.randomBytes(16))
  await writeMarker(disk, owner, { id, createdSeconds })
  return id
}

export async function writeMarker(disk: Disk, owner: DriveOwner, marker: { id: string; createdSeconds: number }): Promise<void> {
  await disk.replaceFile(MARKER_PATH, encodeMarker(owner.crypto, owner.storageSeed, marker))
}

/** @returns null when there is none, or only its remains on a drive whose fragments are ours. */
async function readOwnMarker(disk: Disk, owner: DriveOwner): Promise<string | null> {
  const bytes = await disk.readFile(MARKER_PATH)
  if (bytes === null) return null
  try {
    return parseMarker(owner.crypto, bytes, owner.crypto.ed25519PublicKey(owner.storageSeed)).id
  } catch (error) {
    if (isHoltError(error, 'DRIVE_FOREIGN') || isHoltError(error, 'UNSUPPORTED_VERSION')) throw error
    if (await holdsOwnFragment(disk, owner)) return null
    throw new HoltError('DRIVE_FOREIGN', 'the folder has the marker of a drive, but not a whole one', { folder: disk.id }, { cause: error })
  }
}

/** Nothing but folders of ours with nothing in them: left by a drive that was removed, or by an adoption that was cut short. */
async function isEmpty(disk: Disk, names: readonly string[]): Promise<boolean> {
  const ours = [FRAGMENTS_FOLDER, MIRRORS_FOLDER]
  if (names.some((name) => !IGNORED_NAMES.has(name) && !ours.includes(name))) return false
  const inside = (await disk.list(FRAGMENTS_FOLDER)) ?? []
  const folders = inside.map((name) => `${FRAGMENTS_FOLDER}/${name}`)
  if (folders.some((folder) => !fragmentFolders.includes(folder))) return false
  for (const folder of [...folders, ...ours.filter((name) => name === MIRRORS_FOLDER && names.includes(name))]) {
    const content = await disk.list(folder)
    if (content === null || content.length > 0) return false
  }
  return true
}

/** Proof that a drive is this owner's though its marker is damaged: one fragment that the owner signed. */
export async function holdsOwnFragment(disk: Disk, { crypto, storageSeed }: DriveOwner): Promise<boolean> {
  const owner = crypto.ed25519PublicKey(storageSeed)
  let tries = 16
  for (const folder of fragmentFolders) {
    for (const name of (await disk.list(folder)) ?? []) {
      if (parseFragmentFileName(name) === null) continue
      if (tries-- === 0) return false
      try {
        const { end, fileBytes } = (await readFileEnd(disk, `${folder}/${name}`, MAX_TAIL_BYTES)) ?? {
          end: new Uint8Array(0),
          fileBytes: 0,
        }
        verifySpread(crypto, parseFragmentTail(end, fileBytes).spread, owner)
        return true
      } catch (error) {
        if (!isHoltError(error)) throw error
      }
    }
  }
  return false
}

export async function readFileEnd(disk: Disk, path: string, maxBytes: number): Promise<{ end: Uint8Array; fileBytes: number } | null> {
  const file = await disk.open(path, { readOnly: true })
  if (file === null) return null
  try {
    const fileBytes = await file.size()
    const offset = Math.max(0, fileBytes - maxBytes)
    return { end: await file.read(offset, fileBytes - offset), fileBytes }
  } finally {
    await file.close()
  }
}

/** All folders at once, so that later writing need not make any (on what may be a bare mount point by then). */
export async function makeFolders(disk: Disk): Promise<void> {
  await Promise.all([MIRRORS_FOLDER, ...fragmentFolders].map((folder) => disk.makeFolder(folder)))
}
