import { texts } from '../texts/texts.ts'
import { status } from './state.ts'

/** On the disk of the node itself. */
export function isOwnFolder(folder: string): boolean {
  const own = status.value?.dataFolder
  return own !== undefined && folder.startsWith(`${own}/`)
}

export function driveName(folder: string): string {
  if (isOwnFolder(folder)) return texts.storage.ownDrive
  const names = folder.split('/').filter(Boolean)
  const last = names.at(-1) ?? folder
  // '/mnt/disk1/holt': the disk says more than the folder on it.
  return /^(holt|drive)$/.test(last) && names.length > 1 ? (names.at(-2) as string) : last
}
