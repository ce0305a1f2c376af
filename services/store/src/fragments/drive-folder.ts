import { checkPackId } from './fragment-file.ts'
import type { PackId } from '../pack-keeper.ts'

/** Where things lie in a drive's folder. */

export const MARKER_PATH = 'holt-drive'
export const FRAGMENTS_FOLDER = 'fragments'
export const MIRRORS_FOLDER = 'open'
/** A file still being written; such names mean nothing and are removed at start. */
export const UNFINISHED_SUFFIX = '.part'

/** One fragment among all: fragment `index` of a pack. */
export interface FragmentName {
  pack: PackId
  index: number
}

/** The 256 folders below `fragments/`: all are made when a drive is taken, so that writing never makes one. */
export const fragmentFolders: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `${FRAGMENTS_FOLDER}/${byte.toString(16).padStart(2, '0')}`,
)

export function folderOfPack(pack: PackId): string {
  return `${FRAGMENTS_FOLDER}/${pack.slice(0, 2)}`
}

export function fragmentPath({ pack, index }: FragmentName): string {
  return `${folderOfPack(pack)}/${pack}.${index}`
}

export function mirrorPath(pack: PackId): string {
  return `${MIRRORS_FOLDER}/${pack}.car`
}

/** @returns null for a file name that is no fragment's. */
export function parseFragmentFileName(fileName: string): FragmentName | null {
  const match = /^([0-9a-f]{32})\.(0|[1-9][0-9]{0,2})$/.exec(fileName)
  if (match === null) return null
  const index = Number(match[2])
  return index < 255 ? { pack: match[1] as PackId, index } : null
}

/** @returns null for a file name that is no mirror's. */
export function parseMirrorFileName(fileName: string): PackId | null {
  return fileName.endsWith('.car') ? checkPackId(fileName.slice(0, -4)) : null
}
