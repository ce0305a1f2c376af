import { DEFAULT_CLASS } from '@holt/store/class-names.ts'
import { contentOf, withContent } from './directory-node.ts'
import { listEntries } from './directory.ts'
import { splitPath } from './names.ts'
import type { NamedEntry } from './nodes.ts'
import { directoryOf, notFound, openDirectory, type TreeSource, walk } from './tree-walk.ts'
import type { DirectoryEntry, TreeEntry } from './types.ts'

/** What a snapshot and an edit answer alike. */

export interface ListOptions {
  after?: string
  limit?: number
}

export async function statPath(source: TreeSource, top: DirectoryEntry, path: string): Promise<TreeEntry | null> {
  const { entry } = await walk(source, top, splitPath(path))
  return entry === null ? null : copyOf(entry)
}

export async function listPath(
  source: TreeSource,
  top: DirectoryEntry,
  path: string,
  options?: ListOptions,
): Promise<{ entries: NamedEntry[]; more: boolean }> {
  const names = splitPath(path)
  const { entry } = await walk(source, top, names)
  if (entry === null) throw notFound(names)
  return await listDirectory(source, await directoryOf(source, entry, names), options)
}

export async function listDirectory(
  source: TreeSource,
  directory: DirectoryEntry,
  { after, limit = Number.POSITIVE_INFINITY }: ListOptions = {},
): Promise<{ entries: NamedEntry[]; more: boolean }> {
  const entries: NamedEntry[] = []
  for await (const leaf of listEntries(openDirectory(source, directory), after)) {
    for (const { name, entry } of leaf) {
      if (entries.length >= limit) return { entries, more: true }
      entries.push({ name, entry: copyOf(entry) })
    }
  }
  return { entries, more: false }
}

/** The class that what is written at `path` gets, whether it is there or not. */
export async function classOfPath(source: TreeSource, top: DirectoryEntry, path: string): Promise<string> {
  const { entry, passed } = await walk(source, top, splitPath(path))
  const nearest = [...passed, ...(entry === null ? [] : [entry])].reverse().find(hasClass)
  return nearest?.cl ?? DEFAULT_CLASS
}

function hasClass(entry: TreeEntry): entry is TreeEntry & { cl: string } {
  return (entry.t === 'f' || entry.t === 'd') && entry.cl !== undefined
}

/** Callers may change what they get. A directory that was sealed meanwhile shows it. */
function copyOf(entry: TreeEntry): TreeEntry {
  return entry.t === 'd' ? withContent(entry, contentOf(entry)) : { ...entry }
}
