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
  const after = known.reduce<string | undefined>((last, { name }) => (last === undefined || isAfter(name, last) ? name : last), undefined)
  const { entries, more } = await folder.list(path, { limit: PAGE_ENTRIES, ...(after === undefined ? {} : { after }) })
  return { all: [...known, ...entries].sort(inOrder), more }
}

function inOrder(a: Row, b: Row): number {
  return Number(isFolder(b.entry)) - Number(isFolder(a.entry)) || collator.compare(a.name, b.name)
}

export function isFolder(entry: TreeEntry): boolean {
  return entry.t === 'd' || entry.t === 'v'
}

/** By UTF-8 bytes, which is by code points. */
function isAfter(a: string, b: string): boolean {
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [(left[i] as string).codePointAt(0) as number, (right[i] as string).codePointAt(0) as number]
    if (x !== y) return x > y
  }
  return left.length > right.length
}
