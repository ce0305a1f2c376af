import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockPlace, BlockStore } from '@holt/store/types.ts'
import type { FileEntry, TreeFile } from '@holt/tree/types.ts'
import { closeDirectSync, reopenDirectSync } from './direct-sync.ts'
import { inParallel } from './in-parallel.ts'
import type { LocalJobs } from './jobs.ts'
import { fetchInto, finishLocal, openLocal } from './local-target.ts'
import type { OpenPiece } from './open-jobs.ts'

interface LargeExport {
  store: BlockStore
  source: TreeFile
  pool: WorkPool<LocalJobs>
  signal?: AbortSignal
  /** Lets work run beside that of other files; waits while there is much. */
  start(work: () => Promise<void>): Promise<void>
  onBytes(count: number): void
}

/** Where a chunk is to go and, if a worker can read it there, where it lies. */
interface Located {
  cid: Uint8Array
  place: BlockPlace | null
  fileOffset: number
  lengthBytes: number
}

interface Target {
  handle: FileHandle
  directFd: number | null
  keys: readonly Uint8Array[]
}

const RANGE_CHUNKS = 4

/** Copies a file of many chunks out, range by range. @throws HoltError; what is there of the file then is of no use. */
export async function exportLarge(context: LargeExport, { local, entry }: { local: string; entry: FileEntry }): Promise<void> {
  const handle = await openLocal(local)
  const target = { handle, directFd: reopenDirectSync(handle.fd, constants.O_WRONLY), keys: entry.k }
  const ranges: Promise<void>[] = []
  try {
    await handle.truncate(entry.z) // so that no write makes the file longer, which would keep the others waiting
    for await (const located of rangesOf(context)) {
      await context.start(() => {
        const range = exportRange(context, target, located)
        ranges.push(range)
        return range.catch(() => {}) // met below
      })
    }
    await Promise.all(ranges)
    await finishLocal(handle, entry)
  } finally {
    await Promise.allSettled(ranges)
    closeDirectSync(target.directFd)
    await handle.close()
  }
}

async function* rangesOf({ source, store }: LargeExport): AsyncIterable<Located[]> {
  let range: Located[] = []
  for await (const { cid, fileOffset, lengthBytes } of source.chunks()) {
    if (cid === null) continue
    range.push({ cid, place: await store.place(cid), fileOffset, lengthBytes })
    if (range.length < RANGE_CHUNKS) continue
    yield range
    range = []
  }
  if (range.length > 0) yield range
}

async function exportRange({ source, pool, signal, onBytes }: LargeExport, target: Target, located: readonly Located[]): Promise<void> {
  const { handle, directFd, keys } = target
  const pieces = located.filter((piece): piece is OpenPiece => piece.place !== null)
  const slow = located.filter((piece) => piece.place === null)
  if (pieces.length > 0) {
    const { failed } = await pool.run('openRange', { fd: handle.fd, directFd, keys, pieces }, { signal })
    for (const index of failed) slow.push(pieces[index] as OpenPiece)
  }
  await inParallel(slow, ({ fileOffset, lengthBytes }) => fetchInto(source, handle, { offset: fileOffset, lengthBytes }))
  onBytes(located.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0))
}
