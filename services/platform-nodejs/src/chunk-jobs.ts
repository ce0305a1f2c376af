import type { Cid } from '@holt/core/cid.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { isAllZero, type OpenPlacedInput, type SealChunksInput, type SealedChunks } from '@holt/tree/jobs.ts'
import { openedOf } from './open-jobs.ts'
import { SlotSealer, sectionLength, unpackBlocks } from './seal-into-slot.ts'
import { SealedRuns } from './sealed-runs.ts'

/** The tree's jobs for streams of content, as this platform does them best: in memory that is there already. */

/** As the tree's own job of this name, which allocates each block several times over on its way. */
export async function sealChunks(_environment: WorkEnvironment, input: SealChunksInput): Promise<SealedChunks> {
  const { key, content, chunkBytes } = input
  const count = Math.ceil(content.length / chunkBytes)
  const mostBytes = count * sectionLength(Math.min(chunkBytes, content.length))
  const room = new Uint8Array(input.room !== undefined && input.room.byteLength >= mostBytes ? input.room : new ArrayBuffer(mostBytes))
  const sealer = new SlotSealer(room, count)
  const numbers: (number | null)[] = []
  for (let start = 0; start < content.length; start += chunkBytes) {
    const chunk = content.subarray(start, start + chunkBytes)
    const isHole = isAllZero(chunk)
    numbers.push(isHole ? null : sealer.blockCount)
    if (!isHole) sealer.add(key.key, chunk, key.number)
  }
  const blocks = unpackBlocks(sealer.packedBlocks())
  const cids = numbers.map((number) => (number === null ? null : (blocks[number] as { cid: Cid }).cid))
  return { room, usedBytes: sealer.usedBytes, blocks, cids, content: new Uint8Array(content.buffer) }
}

export async function openPlaced(
  _environment: WorkEnvironment,
  { keys, cid, place, lengthBytes }: OpenPlacedInput,
): Promise<{ content: Uint8Array | null }> {
  const opened = openedOf(new SealedRuns([place]).read(0), { cid, lengthBytes }, keys)
  return { content: opened === null ? null : opened.slice() }
}
