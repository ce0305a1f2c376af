import type { Cid } from '@holt/core/cid.ts'
import type { Job, WorkEnvironment } from '@holt/core/work-pool.ts'
import type { BlockBatch, BlockPlace } from '@holt/store/types.ts'
import type { BlockOutline } from './block-outlines.ts'
import { openBlock, type SealingKey, sealBlock } from './sealed-block.ts'
import { SectionBuffer } from './sections.ts'
import type { Keys } from './types.ts'

export interface SealChunksInput {
  key: SealingKey
  /** Chunks one after the other, each of `chunkBytes` but the last. */
  content: Uint8Array
  chunkBytes: number
  /** Memory for what is sealed; the job makes its own when there is none. */
  room?: ArrayBuffer
}

export interface SealedChunks {
  /** Its first `usedBytes` are a batch's sections, those of `blocks`. */
  room: Uint8Array
  usedBytes: number
  blocks: BlockBatch['blocks']
  /** One per chunk; null for a chunk of zeros, which becomes a hole. */
  cids: (Cid | null)[]
  /** The memory in which the content came. */
  content: Uint8Array
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
  const { sections, blocks } = buffer.take()
  return { room: sections, usedBytes: sections.length, blocks, cids, content: new Uint8Array(content.buffer) }
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

export interface OpenPlacedInput {
  keys: Keys
  cid: Cid
  place: BlockPlace
  lengthBytes: number
}

export interface OpenPartInput {
  keys: Keys
  cid: Cid
  place: BlockPlace
  /** Of the content, without what it was padded with. */
  from: number
  to: number
  /** null: not known yet. */
  outline: BlockOutline | null
}

export interface OpenedPart {
  /** null: it was not there whole and unchanged. */
  content: Uint8Array | null
  /** Where it was not known. */
  outline: BlockOutline | null
}

/** What this layer does off the main thread, as any platform can. */
export const treeJobs = { sealChunks, openChunks }

export type TreeJobs = {
  readonly sealChunks: Job<SealChunksInput, SealedChunks>
  readonly openChunks: Job<OpenChunksInput, Uint8Array[]>
  /**
   * Asked for only where the store tells places: reads a block there, checks it against its CID and opens it. `content` is as long as
   * asked; null: it was not there whole, so the store has to give it.
   */
  readonly openPlaced: Job<OpenPlacedInput, { content: Uint8Array | null }>
  /** As that, for a small part of a long block: with its outline only what lies around the part is read. */
  readonly openPart: Job<OpenPartInput, OpenedPart>
}
