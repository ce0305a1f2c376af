import { CID_BYTES, type Cid } from '@holt/core/cid.ts'
import type { Awaitable } from '@holt/core/crypto.ts'
import type { NodeReader, ReadNodeOptions } from './node-reader.ts'
import { childOf, decodeIndex, encodeIndex, INDEX_FANOUT } from './nodes.ts'
import { type SealingKey, sealingKey } from './sealed-block.ts'
import type { FileEntry, Keys } from './types.ts'

/** The index nodes over a file's chunks: a tree of fan-out 512 in which any place may be a hole. */

/** Fields `r` and `h` of a file's entry. */
export type ChunkTree = Pick<FileEntry, 'r' | 'h'>

/** A `BlockWriter`, or anything that seals and keeps nodes. */
export interface NodeWriter {
  write(key: SealingKey, content: Uint8Array): Awaitable<Cid>
}

/**
 * Builds the index nodes over chunks that were sealed elsewhere.
 *
 * @param cids of all chunks in order; null for a hole.
 */
export async function buildChunkTree(
  writer: NodeWriter,
  keys: Keys,
  cids: Iterable<Cid | null> | AsyncIterable<Cid | null>,
): Promise<ChunkTree> {
  const builder = new ChunkTreeBuilder(writer, sealingKey(keys))
  for await (const cid of cids) await builder.add(cid)
  return builder.finish()
}

/** Builds a chunk tree while the chunks come; holds one node of each height. */
export class ChunkTreeBuilder {
  readonly #writer: NodeWriter
  readonly #key: SealingKey
  readonly #levels: IndexLevel[] = [new IndexLevel()]

  constructor(writer: NodeWriter, key: SealingKey) {
    this.#writer = writer
    this.#key = key
  }

  add(cid: Cid | null): Promise<void> {
    return this.#add(cid, 0)
  }

  async #add(cid: Cid | null, from: number): Promise<void> {
    for (let height = from, added = cid; ; height++) {
      const level = (this.#levels[height] ??= new IndexLevel())
      if (level.count < INDEX_FANOUT) return level.add(added)
      const full = await this.#seal(level)
      level.add(added)
      added = full
    }
  }

  /** One that goes on from here by itself. */
  copy(): ChunkTreeBuilder {
    const copy = new ChunkTreeBuilder(this.#writer, this.#key)
    copy.#levels.splice(0, 1, ...this.#levels.map((level) => level.copy()))
    return copy
  }

  async finish(): Promise<ChunkTree> {
    for (let height = 0; ; height++) {
      const level = this.#levels[height] as IndexLevel
      const isTop = height === this.#levels.length - 1
      if (isTop && level.count <= 1) return { r: childOf(level.cids, 0)?.slice() ?? null, h: height }
      await this.#add(await this.#seal(level), height + 1)
    }
  }

  /** Empties the level. */
  #seal(level: IndexLevel): Awaitable<Cid | null> {
    const cids = level.take()
    return cids === null ? null : this.#writer.write(this.#key, encodeIndex(cids))
  }
}

class IndexLevel {
  readonly cids = new Uint8Array(INDEX_FANOUT * CID_BYTES)
  count = 0
  #hasChild = false

  add(cid: Cid | null): void {
    const place = this.count++ * CID_BYTES
    if (cid === null) this.cids.fill(0, place, place + CID_BYTES)
    else this.cids.set(cid, place)
    this.#hasChild ||= cid !== null
  }

  copy(): IndexLevel {
    const copy = new IndexLevel()
    copy.cids.set(this.cids.subarray(0, this.count * CID_BYTES))
    copy.count = this.count
    copy.#hasChild = this.#hasChild
    return copy
  }

  /** null when there are only holes. */
  take(): Uint8Array | null {
    const cids = this.#hasChild ? this.cids.slice(0, this.count * CID_BYTES) : null
    this.count = 0
    this.#hasChild = false
    return cids
  }
}

/** How many chunks a tree of this height has room for. */
export function chunkCapacity(height: number): number {
  return INDEX_FANOUT ** height
}

/** The CIDs of chunks `from` to `to` (excluded), in order. */
export async function* chunkCids(
  reader: NodeReader,
  file: FileEntry,
  from: number,
  to: number,
  options?: ReadNodeOptions,
): AsyncGenerator<Cid | null> {
  let number = from
  while (number < to) {
    const { cids, first } = await lowestIndex(reader, file, number, options)
    const end = Math.min(to, first + INDEX_FANOUT)
    for (; number < end; number++) yield childOf(cids, number - first)
  }
}

/** The first chunk of `from` to `to` (excluded) that is no hole; null when all are. Whole branches of holes are passed at once. */
export async function nextStoredChunk(reader: NodeReader, file: FileEntry, from: number, to: number): Promise<number | null> {
  if (file.h === 0) return from === 0 && to > 0 && file.r !== null ? 0 : null
  for (let number = from; number < Math.min(to, chunkCapacity(file.h)); ) {
    let cid = file.r
    let first = 0
    let height = file.h
    for (; height > 0 && cid !== null; height--) {
      const cids = await reader.read(cid, file.k, decodeIndex)
      const span = chunkCapacity(height - 1)
      const child = Math.floor((number - first) / span)
      cid = childOf(cids, child)
      first += child * span
    }
    if (cid !== null) return number
    number = first + chunkCapacity(height)
  }
  return null
}

const NO_CIDS = new Uint8Array(0)

/** The node that holds the CID of chunk `number`, and which chunk is its first. */
async function lowestIndex(
  reader: NodeReader,
  file: FileEntry,
  number: number,
  options?: ReadNodeOptions,
): Promise<{ cids: Uint8Array; first: number }> {
  if (file.h === 0) return { cids: file.r ?? NO_CIDS, first: 0 }
  let cid = file.r
  let first = 0
  for (let height = file.h; ; height--) {
    const cids = cid === null ? NO_CIDS : await reader.read(cid, file.k, decodeIndex, options)
    const span = chunkCapacity(height - 1)
    if (span === 1) return { cids, first }
    const child = Math.floor((number - first) / span)
    cid = childOf(cids, child)
    first += child * span
  }
}
