import { randomFillSync } from 'node:crypto'
import { readSync } from 'node:fs'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { isAllZero } from '@holt/tree/jobs.ts'
import { alignedSlots } from './aligned-memory.ts'
import { readDirectSync } from './direct-sync.ts'
import { readInTurn, type SmallFile } from './read-ahead.ts'
import { SlotSealer, sectionLength } from './seal-into-slot.ts'

/** Jobs that read local files and seal their chunks into a slot of memory; synchronous inside, since a thread is theirs alone. */

export interface SealFilesInput {
  /** Is transferred there and back. */
  slot: ArrayBuffer
  files: readonly SmallFile[]
}

export interface SealedSmallFile {
  /** Null when all is well; otherwise why the file was passed over. */
  failure: string | null
  sizeBytes: number
  /** Index among the blocks; -1 for an empty file. */
  block: number
}

export interface SealFilesOutput {
  /** The whole slot; sections lie at its beginning. */
  slot: Uint8Array<ArrayBuffer>
  usedBytes: number
  packedBlocks: Uint8Array
  /** 32 bytes for each file. */
  keys: Uint8Array
  files: SealedSmallFile[]
  /** How many of the input were handled; the rest no longer fitted into the slot and comes again. */
  handled: number
}

/** Reads until `into` is full or the file ends. */
function readFully(fd: number, into: Uint8Array, position: number): number {
  let done = 0
  while (done < into.length) {
    const count = readSync(fd, into, done, into.length - done, position + done)
    if (count === 0) break
    done += count
  }
  return done
}

export async function sealFiles(_environment: WorkEnvironment, input: SealFilesInput, signal: AbortSignal): Promise<SealFilesOutput> {
  const slot = new Uint8Array(input.slot)
  const sealer = new SlotSealer(slot, input.files.length)
  const keys = randomFillSync(new Uint8Array(32 * input.files.length))
  const files: SealedSmallFile[] = []
  for await (const read of readInTurn(input.files)) {
    signal.throwIfAborted()
    const sealed = sealSmallFile(sealer, slot.length - sealer.usedBytes, read, keys.subarray(32 * files.length, 32 * files.length + 32))
    if (sealed === null) break
    files.push(sealed)
  }
  return { slot, usedBytes: sealer.usedBytes, packedBlocks: sealer.packedBlocks(), keys, files, handled: files.length }
}

/** @returns null when it does not fit into the slot any more. */
function sealSmallFile(sealer: SlotSealer, room: number, read: Uint8Array | string, key: Uint8Array): SealedSmallFile | null {
  if (typeof read === 'string') return { failure: read, sizeBytes: 0, block: -1 }
  if (read.length === 0) return { failure: null, sizeBytes: 0, block: -1 }
  if (sectionLength(read.length) > room) return null
  sealer.add(key, read)
  return { failure: null, sizeBytes: read.length, block: sealer.blockCount - 1 }
}

export interface SealRangeInput {
  /** Is transferred there and back. */
  slot: ArrayBuffer
  /** Open in this process; descriptors are shared by all threads. */
  fd: number
  /** The same file past the page cache, where that is possible and worth it. */
  directFd: number | null
  offset: number
  lengthBytes: number
  chunkBytes: number
  key: Uint8Array
}

export interface SealRangeOutput {
  slot: Uint8Array<ArrayBuffer>
  usedBytes: number
  packedBlocks: Uint8Array
  /** For each chunk of the range the index of its block, -1 for a hole (nothing but zeros). */
  chunks: number[]
  /** Fewer than asked for when the file shrank. */
  readBytes: number
}

export async function sealRange(_environment: WorkEnvironment, input: SealRangeInput): Promise<SealRangeOutput> {
  const slot = new Uint8Array(input.slot)
  const sealer = new SlotSealer(slot, Math.ceil(input.lengthBytes / input.chunkBytes))
  const chunks: number[] = []
  let readBytes = 0
  while (readBytes < input.lengthBytes) {
    const wanted = Math.min(STRETCH_BYTES, input.lengthBytes - readBytes)
    const content = readStretch(input, input.offset + readBytes, wanted)
    for (let at = 0; at < content.length; at += input.chunkBytes) {
      const chunk = content.subarray(at, at + input.chunkBytes)
      const isHole = isAllZero(chunk)
      chunks.push(isHole ? -1 : sealer.blockCount)
      if (!isHole) sealer.add(input.key, chunk)
    }
    readBytes += content.length
    if (content.length < wanted) break
  }
  return { slot, usedBytes: sealer.usedBytes, packedBlocks: sealer.packedBlocks(), chunks, readBytes }
}

/** Read at once; whole chunks. */
const STRETCH_BYTES = 1 << 20
let alignedSlot: Uint8Array<ArrayBuffer> | null = null

/** @returns fewer bytes than wanted only at the end of the file; they are valid until the next call. */
function readStretch({ fd, directFd }: SealRangeInput, offset: number, wanted: number): Uint8Array {
  alignedSlot ??= alignedSlots(STRETCH_BYTES, 1)[0] as Uint8Array<ArrayBuffer>
  const direct = directFd === null ? null : readDirectSync(directFd, alignedSlot, offset, wanted)
  if (direct !== null) return direct
  return alignedSlot.subarray(0, readFully(fd, alignedSlot.subarray(0, wanted), offset))
}
