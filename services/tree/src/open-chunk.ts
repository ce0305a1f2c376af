import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import { BlockOutlines } from './block-outlines.ts'
import { fitChunk, type TreeJobs } from './jobs.ts'
import type { NodeReader } from './node-reader.ts'
import { openBlock } from './sealed-block.ts'
import type { Keys } from './types.ts'

export interface FileReaderOptions {
  reader: NodeReader
  /** Opens larger chunks off this thread. */
  pool?: WorkPool<TreeJobs>
}

interface ChunkToOpen {
  /** null: a hole. */
  cid: Cid | null
  lengthBytes: number
}

const LEAST_POOL_BYTES = 256 << 10

/** The content of a chunk, exactly as long as asked. @throws HoltError of the store; DECRYPTION_FAILED; CANCELLED. */
export async function openChunk(options: FileReaderOptions, keys: Keys, chunk: ChunkToOpen, signal?: AbortSignal): Promise<Uint8Array> {
  const { cid, lengthBytes } = chunk
  if (signal?.aborted) throw new HoltError('CANCELLED', 'the read was cancelled')
  if (cid === null) return new Uint8Array(lengthBytes)
  const { reader, pool } = options
  const placed = await openWhereItLies(options, keys, { cid, lengthBytes }, signal)
  if (placed !== null) return placed
  const sealed = await reader.store.get(cid, { signal })
  if (pool === undefined || sealed.length < LEAST_POOL_BYTES) return fitChunk(await openBlock(reader.crypto, keys, sealed), lengthBytes)
  const [content] = await pool.run('openChunks', { keys, blocks: [{ sealed, lengthBytes }] }, { signal })
  return content as Uint8Array
}

/** Long chunks are read where they are opened, if that can be. */
async function openWhereItLies(
  { reader, pool }: FileReaderOptions,
  keys: Keys,
  { cid, lengthBytes }: { cid: Cid; lengthBytes: number },
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  if (pool === undefined || lengthBytes < LEAST_POOL_BYTES) return null
  const place = await reader.store.place(cid)
  if (place === null) return null
  return (await pool.run('openPlaced', { keys, cid, place, lengthBytes }, { signal })).content
}

/** Hashes of sealed bytes: of all files, whoever reads them. */
const outlines = new BlockOutlines()

/**
 * A small part of a long chunk, without opening all of it.
 *
 * @returns null where it has to be opened whole. @throws HoltError of the pool.
 */
export async function openChunkPart(
  { reader, pool }: FileReaderOptions,
  keys: Keys,
  { cid, from, to }: { cid: Cid; from: number; to: number },
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  const place = pool === undefined ? null : await reader.store.place(cid)
  if (pool === undefined || place === null) return null
  const { content, outline } = await pool.run('openPart', { keys, cid, place, from, to, outline: outlines.get(cid) }, { signal })
  if (outline !== null) outlines.put(cid, outline)
  return content
}

/** Whether so few bytes of a chunk are worth it. */
export function isSmallPart({ pool }: FileReaderOptions, chunkBytes: number, lengthBytes: number): boolean {
  return pool !== undefined && chunkBytes >= LEAST_POOL_BYTES && lengthBytes <= chunkBytes / 8
}
