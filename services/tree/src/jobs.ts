import type { Cid } from '@holt/core/cid.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import type { BlockBatch } from '@holt/store/types.ts'
import { openBlock, type SealingKey, sealBlock } from './sealed-block.ts'
import { SectionBuffer } from './sections.ts'
import type { Keys } from './types.ts'

export interface SealChunksInput {
  key: SealingKey
  /** Chunks one after the other, each of `chunkBytes` but the last. */
  content: Uint8Array
  chunkBytes: number
}

export interface SealedChunks {
  batch: BlockBatch
  /** One per chunk; null for a chunk of zeros, which becomes a hole. */
  cids: (Cid | null)[]
}

export async function sealChunks(
  { crypto }: Pick<WorkEnvironment, 'crypto'>,
  { key, content, chunkBytes }: SealChunksInput,
): Promise<SealedChunks> {
  const buffer = new SectionBuffer()
  const cids: (Cid | null)[] = []
  for (let start = 0; start < content.length; start += chunkBytes) {
    const chunk = content.subarray(start, start + chunkBytes)
    if (isAllZero(chunk)) cids.push(null)
    else cids.push(buffer.add(await sealBlock(crypto, key, chunk)))
  }
  return { batch: buffer.take(), cids }
}

/** Ends at the first byte that is not zero: at once for nearly all data. */
export function isAllZero(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}

export interface OpenChunksInput {
  keys: Keys
  blocks: readonly { sealed: Uint8Array; lengthBytes: number }[]
}

/** @returns the content of each, exactly `lengthBytes` long. @throws HoltError as `openBlock` does. */
export async function openChunks({ crypto }: Pick<WorkEnvironment, 'crypto'>, { keys, blocks }: OpenChunksInput): Promise<Uint8Array[]> {
  const opened: Uint8Array[] = []
  for (const { sealed, lengthBytes } of blocks) opened.push(fitChunk(await openBlock(crypto, keys, sealed), lengthBytes))
  return opened
}

/** The first `lengthBytes` of an opened chunk; one that is shorter than its place is followed by zeros. */
export function fitChunk(content: Uint8Array, lengthBytes: number): Uint8Array {
  if (content.length >= lengthBytes) return content.subarray(0, lengthBytes)
  const filled = new Uint8Array(lengthBytes)
  filled.set(content)
  return filled
}

/** What this layer does off the main thread. */
export const treeJobs = { sealChunks, openChunks }
export type TreeJobs = typeof treeJobs
