import { HoltError } from '@holt/core/errors.ts'
import { BlockWriter } from './block-writer.ts'
import { type ChunkChange, replaceChunks, resizeChunkTree } from './chunk-tree-update.ts'
import { ChunkedFile } from './file-reader.ts'
import { isAllZero } from './jobs.ts'
import type { NodeReader } from './node-reader.ts'
import { sealingKey } from './sealed-block.ts'
import type { FileEntry } from './types.ts'

interface FileUpdate {
  reader: NodeReader
  blocks: BlockWriter
}

/**
 * Writes into the middle, past the end or at the end of a file. Only the chunks touched are written anew, and the
 * index nodes above them.
 *
 * @returns the file's new entry, its blocks in the store.
 */
export async function writeIntoFile(
  reader: NodeReader,
  file: FileEntry,
  { offset, bytes, redundancyClass }: { offset: number; bytes: Uint8Array; redundancyClass: string },
): Promise<FileEntry> {
  if (bytes.length === 0) return file
  const update = { reader, blocks: blockWriter(reader, redundancyClass) }
  const end = offset + bytes.length
  const enlarged = await resized(update, file, Math.max(file.z, end))
  return replaceRange(update, { old: file, file: enlarged }, offset, bytes)
}

/** Cuts a file, or makes it longer with zeros. */
export async function truncateFile(
  reader: NodeReader,
  file: FileEntry,
  { sizeBytes, redundancyClass }: { sizeBytes: number; redundancyClass: string },
): Promise<FileEntry> {
  const update = { reader, blocks: blockWriter(reader, redundancyClass) }
  const chunkBytes = 2 ** file.c
  const cut = await resized(update, file, sizeBytes)
  const tailBytes = sizeBytes % chunkBytes
  if (sizeBytes >= file.z || tailBytes === 0) return cut
  // What is cut off the last chunk must be zeros when the file grows again.
  const tail = await new ChunkedFile({ reader }, file).read(sizeBytes - tailBytes, tailBytes)
  return replaceRange(update, { old: file, file: cut }, sizeBytes - tailBytes, tail)
}

function blockWriter({ store, crypto }: NodeReader, redundancyClass: string): BlockWriter {
  return new BlockWriter({ store, crypto, redundancyClass })
}

async function resized({ reader, blocks }: FileUpdate, file: FileEntry, sizeBytes: number): Promise<FileEntry> {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new HoltError('TOO_LARGE', 'not a size that a file can have', { sizeBytes })
  const tree = await resizeChunkTree({ reader, writer: blocks }, file, Math.ceil(sizeBytes / 2 ** file.c))
  await blocks.flush()
  return { ...file, ...tree, z: sizeBytes }
}

async function replaceRange(
  { reader, blocks }: FileUpdate,
  { old, file }: { old: FileEntry; file: FileEntry },
  offset: number,
  bytes: Uint8Array,
): Promise<FileEntry> {
  const chunkBytes = 2 ** file.c
  const end = offset + bytes.length
  const before = new ChunkedFile({ reader }, old)
  const changes: ChunkChange[] = []
  for (let number = Math.floor(offset / chunkBytes); number * chunkBytes < end; number++) {
    const start = number * chunkBytes
    const chunk = new Uint8Array(Math.min(chunkBytes, file.z - start))
    const from = Math.max(0, offset - start)
    const to = Math.min(chunk.length, end - start)
    if (from > 0 || to < chunk.length) chunk.set(await before.read(start, Math.min(chunk.length, chunkBytes)))
    chunk.set(bytes.subarray(start + from - offset, start + to - offset), from)
    const cid = isAllZero(chunk) ? null : await blocks.write(sealingKey(file.k), chunk)
    changes.push({ number, cid })
  }
  const tree = await replaceChunks({ reader, writer: blocks }, file, changes)
  await blocks.flush()
  return { ...file, ...tree }
}
