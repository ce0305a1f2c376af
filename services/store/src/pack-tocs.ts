import { equalBytes } from '@holt/core/bytes.ts'
import { CID_BYTES, cidOf, DAG_CBOR_CODEC } from '@holt/core/cid.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import type { BlockIndex } from './index/block-index.ts'
import { readKeptToc } from './kept-packs.ts'
import type { PackKeeper } from './pack-keeper.ts'
import type { PackLog } from './pack-log.ts'
import type { PackState } from './pack-registry.ts'
import { scanPack } from './pack-scan.ts'
import { parseToc, type Toc } from './toc.ts'

/** The table of contents of any pack, open or sealed, wherever it lies; null when it cannot be read any more. */
export async function tocOf(keeper: PackKeeper, pack: PackState): Promise<Toc | null> {
  if (!pack.log) return pack.sealed && (await readKeptToc(keeper, pack.sealed))
  if (pack.log.toc) return pack.log.toc
  return (
    (await readLocalToc(pack.log)) ?? (await scanPack((offset, length) => (pack.log as PackLog).read(offset, length), pack.sizeBytes)).toc
  )
}

async function readLocalToc(log: PackLog): Promise<Toc | null> {
  const place = log.sealed?.toc
  if (!place) return null
  const bytes = await log.read(place.offset - CID_BYTES, CID_BYTES + place.length)
  const body = bytes.subarray(CID_BYTES)
  return equalBytes(bytes.subarray(0, CID_BYTES), cidOf(body, DAG_CBOR_CODEC)) ? parseToc(body) : null
}

/** Makes the blocks of a pack known to the index. */
export async function indexToc(index: BlockIndex, pack: PackState, { blocks }: Toc): Promise<void> {
  const slice = new TimeSlice()
  for (let i = 0; i < blocks.count; i++) {
    index.add(blocks.digest(i), { pack: pack.number, offset: blocks.offset(i), length: blocks.length(i) })
    if (i % 1024 === 0 && slice.isOver) await slice.next()
  }
  await index.keepUp()
  pack.blockCount = blocks.count
  if (pack.sealed) pack.indexedBy = index.tableNumber
}
