import { isHoltError } from '@holt/core/errors.ts'
import type { DirectoryEntry, FileEntry, Snapshot, TreeEntry } from '@holt/tree/types.ts'
import type { OpenTree } from './open-tree.ts'

export interface LostFiles {
  /** Files that cannot be read whole, and directories that cannot be opened. */
  paths: string[]
  blocksChecked: number
}

const PAGE = 1000

/** Walks the newest version and asks of each block whether enough of its pack is left. */
export async function findLostFiles({ volume, store }: Pick<OpenTree, 'volume' | 'store'>, signal?: AbortSignal): Promise<LostFiles> {
  const found: LostFiles = { paths: [], blocksChecked: 0 }
  const snapshot = volume.current()
  const { isReadable } = store.readability()

  async function visitDirectory(path: string, directory: DirectoryEntry): Promise<void> {
    let after: string | undefined
    do {
      const page = await pageOf(snapshot, directory, after)
      if (page === null) return void found.paths.push(path)
      for (const { name, entry } of page.entries) await visit(path === '/' ? `/${name}` : `${path}/${name}`, entry)
      after = page.more ? page.entries.at(-1)?.name : undefined
    } while (after !== undefined)
  }

  async function visit(path: string, entry: TreeEntry): Promise<void> {
    signal?.throwIfAborted()
    if (entry.t === 'd') return visitDirectory(path, entry)
    if (entry.t !== 'f' || entry.r === null) return
    if (!(await isWhole(entry))) found.paths.push(path)
  }

  async function isWhole(entry: FileEntry): Promise<boolean> {
    try {
      for await (const { cid } of snapshot.openEntry(entry).chunks()) {
        if (cid === null) continue
        found.blocksChecked++
        if (!(await isReadable(cid))) return false
      }
      return true
    } catch (error) {
      if (isUnreadable(error)) return false
      throw error
    }
  }

  const top = await snapshot.stat('/')
  if (top !== null) await visit('/', top)
  return found
}

function isUnreadable(error: unknown): boolean {
  return isHoltError(error, 'BLOCK_NOT_FOUND') || isHoltError(error, 'BLOCK_CORRUPT') || isHoltError(error, 'PACK_UNRECOVERABLE')
}

async function pageOf(snapshot: Snapshot, directory: DirectoryEntry, after: string | undefined) {
  try {
    return await snapshot.listEntry(directory, { after, limit: PAGE })
  } catch (error) {
    if (isUnreadable(error)) return null
    throw error
  }
}
