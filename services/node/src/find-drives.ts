import type { FoundDrive } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { lookAtDrive } from '@holt/store/fragments/look-at-drive.ts'
import type { NodePlatform } from './platform.ts'

/** Where a drive lies in what people name: the folder itself, what the page proposes, a data folder with its own drive. */
const USUAL_PLACES = ['', '/holt', '/drive', '/.holt/drive']

/** Those that can be read; a folder that cannot is none. */
export async function findDrives(platform: NodePlatform, folders: readonly string[]): Promise<FoundDrive[]> {
  const places = new Set(folders.flatMap((folder) => USUAL_PLACES.map((place) => platform.driveFolder(folder + place))))
  const found = new Map<string, FoundDrive>()
  for (const folder of places) {
    const drive = await findDrive(platform, folder)
    if (drive !== null && !found.has(drive.id)) found.set(drive.id, drive)
  }
  return [...found.values()]
}

async function findDrive({ crypto, openDrive }: NodePlatform, folder: string): Promise<FoundDrive | null> {
  const disk = openDrive(folder)
  try {
    const seen = await lookAtDrive(disk, crypto)
    if (seen === null) return null
    const { totalBytes, freeBytes } = await disk.space()
    const { id, owner, createdSeconds, fragments, openPacks } = seen
    const space = { usedBytes: Math.round(totalBytes - freeBytes), totalBytes: Math.round(totalBytes) }
    return { folder, id, owner: principalToText(owner), created: createdSeconds, fragments, openPacks, ...space }
  } catch (error) {
    if (!isHoltError(error)) throw error
    return null
  }
}
