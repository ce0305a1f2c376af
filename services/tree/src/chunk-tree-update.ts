import { CID_BYTES, type Cid } from '@holt/core/cid.ts'
import { type ChunkTree, chunkCapacity, type NodeWriter } from './chunk-tree.ts'
import type { NodeReader } from './node-reader.ts'
import { childOf, decodeIndex, encodeIndex, INDEX_FANOUT } from './nodes.ts'
import { sealingKey } from './sealed-block.ts'
import type { FileEntry, Keys } from './types.ts'

/** Copy-on-write changes of a chunk tree: only the nodes on the way to what changes are written anew. */

interface TreeUpdate {
  reader: NodeReader
  writer: NodeWriter
  keys: Keys
}

export interface ChunkChange {
  number: number
  cid: Cid | null
}

/**
 * Puts chunks in their places.
 *
 * @param changes in order; the tree must be high enough for them.
 */
export async function replaceChunks(
  { reader, writer }: Omit<TreeUpdate, 'keys'>,
  file: FileEntry,
  changes: readonly ChunkChange[],
): Promise<ChunkTree> {
  if (changes.length === 0) return { r: file.r, h: file.h }
  return { r: await replaceBelow({ reader, writer, keys: file.k }, file.r, file.h, changes), h: file.h }
}

async function replaceBelow(update: TreeUpdate, cid: Cid | null, height: number, changes: readonly ChunkChange[]): Promise<Cid | null> {
  if (height === 0) return (changes.at(-1) as ChunkChange).cid
  const span = chunkCapacity(height - 1)
  const cids = await openForChange(update, cid)
  for (let done = 0; done < changes.length; ) {
    const child = Math.floor((changes[done] as ChunkChange).number / span)
    const below: ChunkChange[] = []
    for (let change = changes[done]; change !== undefined && Math.floor(change.number / span) === child; change = changes[++done]) {
      below.push({ number: change.number - child * span, cid: change.cid })
    }
    setChild(cids, child, await replaceBelow(update, childOf(cids, child), height - 1, below))
  }
  return sealIndex(update, cids)
}

/** A copy with room for all children. */
async function openForChange({ reader, keys }: TreeUpdate, cid: Cid | null): Promise<Uint8Array> {
  const cids = new Uint8Array(INDEX_FANOUT * CID_BYTES)
  if (cid !== null) cids.set(await reader.read(cid, keys, decodeIndex))
  return cids
}

function setChild(cids: Uint8Array, number: number, cid: Cid | null): void {
  const place = number * CID_BYTES
  if (cid === null) cids.fill(0, place, place + CID_BYTES)
  else cids.set(cid, place)
}

/** null when there are only holes. */
async function sealIndex({ writer, keys }: TreeUpdate, cids: Uint8Array): Promise<Cid | null> {
  let count = INDEX_FANOUT
  while (count > 0 && cids[(count - 1) * CID_BYTES] === 0) count--
  return count === 0 ? null : writer.write(sealingKey(keys), encodeIndex(cids.subarray(0, count * CID_BYTES)))
}

/** Makes the tree just as high as `chunkCount` chunks need, and drops the chunks past them. */
export async function resizeChunkTree(
  { reader, writer }: Omit<TreeUpdate, 'keys'>,
  file: FileEntry,
  chunkCount: number,
): Promise<ChunkTree> {
  const update = { reader, writer, keys: file.k }
  return chunkCapacity(file.h) < chunkCount ? raise(update, file, chunkCount) : cut(update, file, chunkCount)
}

async function raise(update: TreeUpdate, { r, h }: ChunkTree, chunkCount: number): Promise<ChunkTree> {
  let root = r
  let height = h
  for (; chunkCapacity(height) < chunkCount; height++) if (root !== null) root = await sealIndex(update, firstChildOnly(root))
  return { r: root, h: height }
}

async function cut(update: TreeUpdate, { r, h }: ChunkTree, chunkCount: number): Promise<ChunkTree> {
  let root = r
  let height = h
  for (; height > 0 && chunkCapacity(height - 1) >= chunkCount; height--) {
    if (root !== null) root = childOf(await update.reader.read(root, update.keys, decodeIndex), 0)?.slice() ?? null
  }
  return { r: chunkCount === 0 ? null : await cutBelow(update, root, height, chunkCount), h: height }
}

function firstChildOnly(cid: Cid): Uint8Array {
  const cids = new Uint8Array(INDEX_FANOUT * CID_BYTES)
  cids.set(cid)
  return cids
}

/** Drops all chunks from `count` on. */
async function cutBelow(update: TreeUpdate, cid: Cid | null, height: number, count: number): Promise<Cid | null> {
  if (cid === null || height === 0 || count >= chunkCapacity(height)) return cid
  const span = chunkCapacity(height - 1)
  const cids = await openForChange(update, cid)
  const last = Math.ceil(count / span) - 1
  const before = childOf(cids, last)?.slice() ?? null
  const kept = await cutBelow(update, before, height - 1, count - last * span)
  const hasMore = cids.subarray((last + 1) * CID_BYTES).some((byte) => byte !== 0)
  if (kept === before && !hasMore) return cid
  cids.fill(0, (last + 1) * CID_BYTES)
  setChild(cids, last, kept)
  return sealIndex(update, cids)
}
