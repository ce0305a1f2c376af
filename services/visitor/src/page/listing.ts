import { compareBytes, utf8 } from '@holt/core/bytes.ts'
import type { Snapshot, TreeEntry } from '@holt/tree/types.ts'
import { language } from './texts.ts'

export interface Row {
  name: string
  entry: TreeEntry
}

export const PAGE_ENTRIES = 1000

const collator = new Intl.Collator(language, { numeric: true })

/** The next entries of a folder, after those known; `all` is in the order in which people look for names, folders first. */
export async function nextPage(folder: Snapshot, path: string, known: readonly Row[]): Promise<{ all: Row[]; more: boolean }> {
  // the tree goes by bytes, so the last of them by bytes is where the next page begins
  const after = known.reduce<string | undefined>(
    (last, { name }) => (last === undefined || compareBytes(utf8(name), utf8(last)) > 0 ? name : last),
    undefined,
  )
  const { entries, more } = await folder.list(path, { limit: PAGE_ENTRIES, ...(after === undefined ? {} : { after }) })
  return { all: [...known, ...entries].sort(inOrder), more }
}

function inOrder(a: Row, b: Row): number {
  return Number(isFolder(b.entry)) - Number(isFolder(a.entry)) || collator.compare(a.name, b.name)
}

export function isFolder(entry: TreeEntry): boolean {
  return entry.t === 'd' || entry.t === 'v'
}
