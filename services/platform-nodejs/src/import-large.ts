import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { BlockWriter } from '@holt/tree/block-writer.ts'
import { buildChunkTree } from '@holt/tree/chunk-tree.ts'
import { closeDirectSync, reopenDirectSync } from './direct-sync.ts'
import type { LocalJobs } from './jobs.ts'
import { RangeQueue } from './range-queue.ts'
import { reasonOf } from './read-ahead.ts'
import type { SealRangeInput } from './read-jobs.ts'
import { unpackBlocks } from './seal-into-slot.ts'
import type { Slots } from './slots.ts'

interface LargeImport {
  store: BlockStore
  crypto: Crypto
  pool: WorkPool<LocalJobs>
  slots: Slots
  signal: AbortSignal
  redundancyClass: string
  /** Ends the whole import. */
  fail(error: unknown): void
  onBytes(count: number): void
}

/** A file that is in the store, and not yet in a directory. */
export interface ImportedFile {
  key: Uint8Array
  root: Cid | null
  height: number
  sizeBytes: number
}

interface LargeFile {
  local: string
  sizeBytes: number
  chunkBytes: number
}

const RANGE_BYTES = 4 * 1024 * 1024
/** Files from here on are read past the page cache, which they would only flood; smaller ones may well be in it. */
const LEAST_DIRECT_FILE_BYTES = 32 * 1024 * 1024

/** Seals a file of many chunks, range by range side by side. @returns why it was passed over, if it was. */
export async function importLarge(context: LargeImport, file: LargeFile): Promise<ImportedFile | string> {
  const { store, crypto, slots, signal, redundancyClass } = context
  const { local, sizeBytes, chunkBytes } = file
  const handle = await open(local, 'r').catch((error: NodeJS.ErrnoException) => reasonOf(error))
  if (typeof handle === 'string') return handle
  const directFd = sizeBytes < LEAST_DIRECT_FILE_BYTES ? null : reopenDirectSync(handle.fd, constants.O_RDONLY)
  const key = crypto.randomBytes(32)
  const ranges = new RangeQueue(context.fail)
  try {
    const writer = new BlockWriter({ store, crypto, redundancyClass })
    const tree = buildChunkTree(writer, [key], ranges)
    tree.catch(context.fail)
    for (let offset = 0; offset < sizeBytes; offset += RANGE_BYTES) {
      signal.throwIfAborted()
      const slot = await slots.take()
      const lengthBytes = Math.min(RANGE_BYTES, sizeBytes - offset)
      ranges.add(importRange(context, { slot, fd: handle.fd, directFd, offset, lengthBytes, key, chunkBytes }))
    }
    ranges.end()
    const { r: root, h: height } = await tree
    await writer.flush()
    const isWhole = ranges.chunkCount === Math.ceil(sizeBytes / chunkBytes) && (await handle.stat()).size === sizeBytes
    return isWhole ? { key, root, height, sizeBytes } : 'it changed while it was read'
  } finally {
    await ranges.settled()
    closeDirectSync(directFd)
    await handle.close()
  }
}

async function importRange(context: LargeImport, input: SealRangeInput): Promise<(Cid | null)[]> {
  const { store, pool, slots, signal, redundancyClass } = context
  let slot: ArrayBuffer | null = null
  try {
    const output = await pool.run('sealRange', input, { signal, transfer: [input.slot] })
    slot = output.slot.buffer
    const blocks = unpackBlocks(output.packedBlocks)
    if (blocks.length > 0) await store.append({ sections: output.slot.subarray(0, output.usedBytes), blocks }, { redundancyClass })
    context.onBytes(output.readBytes)
    return output.chunks.map((block) => (block < 0 ? null : (blocks[block] as { cid: Cid }).cid))
  } finally {
    slots.give(slot)
  }
}
