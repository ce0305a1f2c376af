import type { Disk } from './disk.ts'

/** What `replaceFile` leaves beside a file when power goes in the middle; it may be removed at any time. */
export const REPLACEMENT_SUFFIX = '.new'

/** The folder a path lies in; '' for the disk's root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/**
 * `Disk.replaceFile` in terms of the other calls: writes beside, syncs, renames over, syncs the folder. When a step
 * fails, the old content is still there and what was written beside is removed.
 */
export async function replaceByRename(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const beside = path + REPLACEMENT_SUFFIX
  try {
    await writeAll(disk, beside, bytes)
    await disk.rename(beside, path)
  } catch (error) {
    await disk.remove(beside).catch(() => {})
    throw error
  }
  await disk.syncFolder(folderOf(path))
}

async function writeAll(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(path, { create: 'always' })
  if (!file) throw new TypeError('a disk must open what it was told to create')
  try {
    await file.truncate(0)
    await file.write(0, bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
