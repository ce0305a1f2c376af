import { HoltError } from '@holt/core/errors.ts'
import { findEntry } from './directory.ts'
import { contentOf, type Directory } from './directory-node.ts'
import { joinPath } from './names.ts'
import type { NodeReader } from './node-reader.ts'
import type { DirectoryEntry, TreeEntry, VolumeEntry } from './types.ts'

/** What it takes to find a way through a tree. */
export interface TreeSource {
  reader: NodeReader
  /** The top of a grafted volume at its newest version. @throws HoltError NOT_FOUND when no head of it is known. */
  openGraft(volume: VolumeEntry): Promise<DirectoryEntry>
}

export interface Walk {
  /** null when it is not there. */
  entry: TreeEntry | null
  /** The directories on the way, the top first; each holds the name that leads on. */
  passed: DirectoryEntry[]
  /** A graft was crossed: what is there belongs to another volume. */
  isGrafted: boolean
}

/**
 * Goes down along `names`. Symlinks are not followed.
 *
 * @throws HoltError NOT_A_DIRECTORY when a middle name is no directory.
 */
export async function walk(source: TreeSource, top: DirectoryEntry, names: readonly string[]): Promise<Walk> {
  const passed: DirectoryEntry[] = []
  let entry: TreeEntry = top
  let isGrafted = false
  for (let i = 0; i < names.length; i++) {
    isGrafted ||= entry.t === 'v'
    const directory = await directoryOf(source, entry, names.slice(0, i))
    passed.push(directory)
    const found = await findEntry(openDirectory(source, directory), names[i] as string)
    if (found === null) return { entry: null, passed, isGrafted }
    entry = found
  }
  return { entry, passed, isGrafted }
}

/** The entry itself, or the top of the volume grafted there. @throws HoltError NOT_A_DIRECTORY */
export async function directoryOf(source: TreeSource, entry: TreeEntry, names: readonly string[]): Promise<DirectoryEntry> {
  if (entry.t === 'd') return entry
  if (entry.t === 'v') return source.openGraft(entry)
  throw new HoltError('NOT_A_DIRECTORY', `${joinPath(names)} is no directory`, { path: joinPath(names) })
}

export function openDirectory({ reader }: TreeSource, entry: DirectoryEntry): Directory {
  return { reader, keys: entry.k, root: contentOf(entry) }
}

export function notFound(names: readonly string[]): HoltError {
  return new HoltError('NOT_FOUND', `${joinPath(names)} is not there`, { path: joinPath(names) })
}
