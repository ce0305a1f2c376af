import type { Snapshot, TreeEntry } from '@holt/tree/types.ts'
import type { LocalEntry } from './scan-folder.ts'

export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`
}

export function isUnchanged(known: TreeEntry, local: LocalEntry): boolean {
  return (
    known.t === 'f' &&
    known.z === local.sizeBytes &&
    known.m === local.mode &&
    known.mt[0] === local.modified[0] &&
    known.mt[1] === local.modified[1]
  )
}

/** What a directory of the tree holds already, by name; nothing when there is no such directory. */
export async function existingEntries(snapshot: Snapshot, path: string, names?: readonly string[]): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>()
  const top = await snapshot.stat(path).catch(() => null)
  if (top === null || top.t === 'f' || top.t === 'l') return found
  if (names !== undefined) {
    for (const name of names) {
      const entry = await snapshot.stat(joinPath(path, name))
      if (entry !== null) found.set(name, entry)
    }
    return found
  }
  let after: string | undefined
  for (;;) {
    const page = await snapshot.list(path, { after, limit: 1000 })
    for (const { name, entry } of page.entries) found.set(name, entry)
    if (!page.more) return found
    after = page.entries.at(-1)?.name
  }
}
