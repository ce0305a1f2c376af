import { randomFillSync } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { SlotSealer, sectionLength } from './seal-into-slot.ts'

/** Jobs that read local files and seal their chunks into a slot of memory; synchronous inside, since a thread is theirs alone. */

export interface SealFilesInput {
  /** Is transferred there and back. */
  slot: ArrayBuffer
  /** Files of at most one chunk each. */
  files: readonly { local: string; chunkBytes: number }[]
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

let scratch = new Uint8Array(0)

function scratchOf(lengthBytes: number): Uint8Array {
  if (scratch.length < lengthBytes) scratch = new Uint8Array(lengthBytes)
  return scratch
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

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  if (code === 'ENOENT') return 'it vanished while it was read'
  return code ?? (error instanceof Error ? error.message : String(error))
}

/** One file that fits into one chunk. @returns null when it does not fit into the slot any more. */
function sealSmallFile(sealer: SlotSealer, room: number, file: SealFilesInput['files'][number], key: Uint8Array): SealedSmallFile | null {
  const fd = openSync(file.local, 'r')
  try {
    const { size } = fstatSync(fd)
    if (size > file.chunkBytes) return { failure: 'it grew while it was read', sizeBytes: 0, block: -1 }
    // one byte more than its size, so that growth is noticed
    const content = scratchOf(file.chunkBytes + 1).subarray(0, size + 1)
    const length = readFully(fd, content, 0)
    if (length !== size) return { failure: 'it changed while it was read', sizeBytes: 0, block: -1 }
    if (length === 0) return { failure: null, sizeBytes: 0, block: -1 }
    if (sectionLength(length) > room) return null
    sealer.add(key, content.subarray(0, length))
    return { failure: null, sizeBytes: length, block: sealer.blockCount - 1 }
  } finally {
    closeSync(fd)
  }
}

export async function sealFiles(_environment: WorkEnvironment, input: SealFilesInput, signal: AbortSignal): Promise<SealFilesOutput> {
  const slot = new Uint8Array(input.slot)
  const sealer = new SlotSealer(slot, input.files.length)
  const keys = randomFillSync(new Uint8Array(32 * input.files.length))
  const files: SealedSmallFile[] = []
  for (const [index, file] of input.files.entries()) {
    signal.throwIfAborted()
    try {
      const sealed = sealSmallFile(sealer, slot.length - sealer.usedBytes, file, keys.subarray(32 * index, 32 * index + 32))
      if (sealed === null) break
      files.push(sealed)
    } catch (error) {
      files.push({ failure: reasonOf(error), sizeBytes: 0, block: -1 })
    }
  }
  return { slot, usedBytes: sealer.usedBytes, packedBlocks: sealer.packedBlocks(), keys, files, handled: files.length }
}

export interface SealRangeInput {
  /** Is transferred there and back. */
  slot: ArrayBuffer
  /** Open in this process; descriptors are shared by all threads. */
  fd: number
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

function isZero(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}

export async function sealRange(_environment: WorkEnvironment, input: SealRangeInput): Promise<SealRangeOutput> {
  const slot = new Uint8Array(input.slot)
  const sealer = new SlotSealer(slot, Math.ceil(input.lengthBytes / input.chunkBytes))
  const chunks: number[] = []
  let readBytes = 0
  while (readBytes < input.lengthBytes) {
    const wanted = Math.min(input.chunkBytes, input.lengthBytes - readBytes)
    const content = scratchOf(input.chunkBytes + 1).subarray(0, wanted)
    const length = readFully(input.fd, content, input.offset + readBytes)
    if (length > 0 && isZero(content.subarray(0, length))) chunks.push(-1)
    else if (length > 0) {
      sealer.add(input.key, content.subarray(0, length))
      chunks.push(sealer.blockCount - 1)
    }
    readBytes += length
    if (length < wanted) break
  }
  return { slot, usedBytes: sealer.usedBytes, packedBlocks: sealer.packedBlocks(), chunks, readBytes }
}
