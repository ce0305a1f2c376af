import { concatBytes } from '@holt/core/bytes.ts'
import { type Cid, cidFromDigest } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BlockReader } from '../block-reader.ts'
import { frameSection } from '@holt/core/car.ts'
import type { PackState } from '../pack-registry.ts'
import type { PackWriter } from '../pack-writer.ts'
import type { Toc } from '../toc.ts'
import type { BlockBatch } from '../types.ts'
import { isIn, type Part } from './sweep-plan.ts'

/** Blocks that are read at once, and written as one batch: not so many that a pack becomes much longer than it should. */
const BLOCKS_AT_ONCE = 32
const MAX_BATCH_BYTES = 4 << 20
const BATCHES_PER_PACK = 8

/**
 * Copies a part of the blocks of a pack, each checked against its CID.
 *
 * @returns false when one cannot be read: the pack must be kept then, for what may still come back.
 * @throws HoltError CANCELLED, DISK_FULL, STORE_FAILED.
 */
export async function copyPart(
  part: Part,
  { pack, toc }: { pack: PackState; toc: Toc },
  { reader, writer, packBytes, signal }: { reader: BlockReader; writer: PackWriter; packBytes: number; signal?: AbortSignal },
): Promise<boolean> {
  const { blocks } = toc
  const batchBytes = Math.min(MAX_BATCH_BYTES, packBytes / BATCHES_PER_PACK)
  for (let next = 0; next < blocks.count; ) {
    if (signal?.aborted) throw new HoltError('CANCELLED', 'collecting was cancelled')
    const chosen: number[] = []
    for (let bytes = 0; next < blocks.count && chosen.length < BLOCKS_AT_ONCE && bytes < batchBytes; next++) {
      if (!isIn(part, next)) continue
      chosen.push(next)
      bytes += blocks.length(next)
    }
    const read = await Promise.all(chosen.map((i) => readOne({ pack, toc }, i, reader)))
    const whole = read.filter((block) => block !== null)
    if (whole.length < chosen.length) return false
    if (whole.length > 0) await writer.append(batchOf(whole))
  }
  return true
}

interface ReadBlock {
  cid: Cid
  body: Uint8Array
}

async function readOne(
  { pack, toc: { blocks } }: { pack: PackState; toc: Toc },
  i: number,
  reader: BlockReader,
): Promise<ReadBlock | null> {
  const cid = cidFromDigest(blocks.digest(i))
  const location = { pack: pack.number, offset: blocks.offset(i), length: blocks.length(i) }
  const body = await reader.readAt(location, cid)
  return typeof body === 'string' ? null : { cid, body }
}

function batchOf(read: readonly ReadBlock[]): BlockBatch {
  const sections = read.map(({ cid, body }) => frameSection(cid, body))
  let end = 0
  const blocks = read.map(({ cid, body }, i) => {
    end += (sections[i] as Uint8Array).length
    return { cid, offset: end - body.length, length: body.length }
  })
  return { sections: concatBytes(sections), blocks }
}
