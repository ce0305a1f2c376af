import { HoltError } from '@holt/core/errors.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { DirectoryEntry, FileEntry, Snapshot, TreeEntry } from '@holt/tree/types.ts'
import type { OpenTree } from './open-tree.ts'

interface Search {
  pack: string
  /** Goes on after this path; all of one path is looked at before it is named. */
  after?: string
  limit: number
  signal?: AbortSignal
}

interface Found {
  paths: string[]
  after: string | null
  looked: number
}

const PAGE = 500
/** What one part of a search may look at: a second or two on a small machine. */
const MOST_LOOKED = 5000

/**
 * Files of the newest version with a chunk or their topmost block in a pack, and directories whose topmost block lies there, in the
 * order of a walk. Nothing is kept between two parts: what changed meanwhile is seen as it is.
 */
export async function pathsInPack(
  { volume, store }: Pick<OpenTree, 'volume' | 'store'>,
  { pack, after, limit, signal }: Search,
): Promise<Found> {
  const snapshot = volume.current()
  const found: Found = { paths: [], after: null, looked: 0 }
  /** Names on the way to where the part before ended. */
  const begun = (after ?? '').split('/').filter((name) => name !== '')
  const isIn = async (cid: Cid | null): Promise<boolean> => cid !== null && (await store.locate(cid))?.pack === pack

  /** @returns false when this part of the search is over. */
  async function visit(path: string, entry: TreeEntry): Promise<boolean> {
    if (signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
    found.looked++
    const matches = entry.t === 'f' ? await fileIsIn(snapshot, entry, isIn) : entry.t === 'd' && (await isIn(entry.r))
    if (matches) found.paths.push(path)
    found.after = path
    return found.paths.length < limit && found.looked < MOST_LOOKED
  }

  /** @param passed names below this directory that the part before has looked at, the last of them perhaps not to its end. */
  async function visitAll(path: string, directory: DirectoryEntry, passed: readonly string[]): Promise<boolean> {
    const below = (name: string): string => (path === '/' ? `/${name}` : `${path}/${name}`)
    let [last] = passed
    if (last !== undefined) {
      const entry = await snapshot.stat(below(last))
      if (entry?.t === 'd' && !(await visitAll(below(last), entry, passed.slice(1)))) return false
    }
    for (let more = true; more; ) {
      const page = await snapshot.listEntry(directory, { after: last, limit: PAGE })
      for (const { name, entry } of page.entries) {
        if (!(await visit(below(name), entry))) return false
        if (entry.t === 'd' && !(await visitAll(below(name), entry, []))) return false
      }
      last = page.entries.at(-1)?.name
      more = page.more && last !== undefined
    }
    return true
  }

  const top = await snapshot.stat('/')
  if (top?.t !== 'd') return found
  const goesOn = after !== undefined || (await visit('/', top))
  if (goesOn && (await visitAll('/', top, begun))) found.after = null
  return found
}

async function fileIsIn(snapshot: Snapshot, entry: FileEntry, isIn: (cid: Cid | null) => Promise<boolean>): Promise<boolean> {
  if (entry.r === null) return false
  if (await isIn(entry.r)) return true
  for await (const { cid } of snapshot.openEntry(entry).chunks()) if (await isIn(cid)) return true
  return false
}
