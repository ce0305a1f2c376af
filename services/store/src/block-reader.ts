import { equalBytes } from '@holt/core/bytes.ts'
import { CID_BYTES, type Cid, cidCodec, cidDigest, cidOf, cidToText } from '@holt/core/cid.ts'
import { HoltError, isHoltError, type HoltErrorCode } from '@holt/core/errors.ts'
import type { BlockIndex } from './index/block-index.ts'
import type { BlockLocation } from './index/block-location.ts'
import { isCidAt } from '@holt/core/car.ts'
import { readMirrored } from './kept-packs.ts'
import type { PackId, PackKeeper } from './pack-keeper.ts'
import type { PackLog } from './pack-log.ts'
import type { PackRegistry, PackState } from './pack-registry.ts'
import type { StoreProblem } from './store-report.ts'
import type { BlockPlace } from './types.ts'

interface ReaderContext {
  index: BlockIndex
  registry: PackRegistry
  keeper: PackKeeper
  report(problem: StoreProblem): void
}

/** Where the body of a block lies in its pack, wherever that is. */
export interface BlockSpot {
  pack: PackId
  offset: number
  length: number
}

type Outcome = Uint8Array | 'another block' | HoltErrorCode

function hasCid(bytes: Uint8Array, cid: Cid): boolean {
  return equalBytes(cidOf(bytes, cidCodec(cid)), cid)
}

/** Finds and reads blocks wherever their packs lie, and believes nothing that does not have the block's CID. */
export class BlockReader {
  readonly #context: ReaderContext

  constructor(context: ReaderContext) {
    this.#context = context
  }

  /** See `BlockStore.get`. */
  async get(cid: Cid, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const { index } = this.#context
    let problem: HoltErrorCode = 'BLOCK_NOT_FOUND'
    const tried = new Set<string>()
    for (const all of [false, true]) {
      for (const location of await index.find(cidDigest(cid), { all })) {
        if (options.signal?.aborted) throw new HoltError('CANCELLED', 'the read was cancelled')
        const place = `${location.pack}:${location.offset}`
        const outcome = tried.has(place) ? 'BLOCK_NOT_FOUND' : await this.readAt(location, cid, options)
        if (typeof outcome !== 'string') return outcome
        if (outcome !== 'another block' && outcome !== 'BLOCK_NOT_FOUND') problem = outcome
        tried.add(place)
      }
    }
    throw new HoltError(problem, messages[problem] ?? problem, { cid: cidToText(cid) })
  }

  /** See `BlockStore.place`. */
  async place(cid: Cid): Promise<BlockPlace | null> {
    for (const { pack: number, offset, length } of await this.#context.index.find(cidDigest(cid))) {
      const pack = this.#context.registry.byNumber(number)
      if (!pack) continue
      const local = pack.log && { path: pack.log.disk.localPath(pack.log.path), offset }
      const place = local?.path ? { path: local.path, offset } : this.#context.keeper.place(pack.id, offset, length)
      if (place) return { ...place, length }
    }
    return null
  }

  /** See `PackStore.locate`. Of several packs the newest: what was moved there was moved for a reason. */
  async locate(cid: Cid): Promise<BlockSpot | null> {
    let found: { pack: PackState; offset: number; length: number } | null = null
    for (const { pack: number, offset, length } of await this.#context.index.find(cidDigest(cid))) {
      const pack = this.#context.registry.byNumber(number)
      if (pack && (found === null || isBetter(pack, found.pack))) found = { pack, offset, length }
    }
    return found && { ...found, pack: found.pack.id }
  }

  /**
   * Whether enough is left to read the block. Reads it only where its pack is lost and some of its bytes may still be there.
   *
   * @param rebuildable packs with at least k fragments.
   */
  async isReadable(cid: Cid, rebuildable: ReadonlySet<PackId>): Promise<boolean> {
    for (const location of await this.#context.index.find(cidDigest(cid))) {
      const pack = this.#context.registry.byNumber(location.pack)
      if (!pack) continue
      if (pack.log || rebuildable.has(pack.id)) return true
      if (typeof (await this.readAt(location, cid)) !== 'string') return true
    }
    return false
  }

  /** @returns the block's bytes, or why this place does not have them. */
  async readAt(location: BlockLocation, cid: Cid, options: { signal?: AbortSignal } = {}): Promise<Outcome> {
    const pack = this.#context.registry.byNumber(location.pack)
    if (!pack) return 'BLOCK_NOT_FOUND' // the entry is older than the pack's removal
    const local = pack.log ? await this.#readLocal(pack, pack.log, location, cid) : null
    if (local !== null && (typeof local !== 'string' || !pack.isSpread)) return local
    return await this.#readKept(pack, location, cid, options)
  }

  /** @returns null when the local file was given up meanwhile. */
  async #readLocal(pack: PackState, log: PackLog, { offset, length }: BlockLocation, cid: Cid): Promise<Outcome | null> {
    if (offset + length > log.sizeBytes) return 'BLOCK_NOT_FOUND' // it was lost with a torn tail
    try {
      const withCid = await log.read(offset - CID_BYTES, CID_BYTES + length)
      const bytes = withCid.subarray(CID_BYTES)
      if (hasCid(bytes, cid)) return bytes
      if (isAnotherBlock(withCid)) return 'another block'
    } catch (error) {
      if (isHoltError(error, 'BLOCK_NOT_FOUND')) return null
      if (!isHoltError(error, 'IO_FAILED')) throw error
    }
    const mended = await readMirrored(this.#context.keeper, { id: pack.id, offset, length }, (bytes) => hasCid(bytes, cid))
    if (mended) await log.mend(offset, mended)
    this.#context.report({ what: 'block-corrupt', where: `${log.path}, ${length} bytes at ${offset}`, repaired: mended !== null })
    return mended ?? 'BLOCK_CORRUPT'
  }

  async #readKept(pack: PackState, { offset, length }: BlockLocation, cid: Cid, { signal }: { signal?: AbortSignal }): Promise<Outcome> {
    const { keeper } = this.#context
    const plain = await keeper.read(pack.id, offset, length, { signal })
    if (!plain) return 'PACK_UNRECOVERABLE'
    if (hasCid(plain, cid)) return plain
    const withCid = await keeper.read(pack.id, offset - CID_BYTES, CID_BYTES + length, { signal })
    if (withCid && isAnotherBlock(withCid)) return 'another block'
    keeper.suspect(pack.id)
    for (let attempt = 0; ; attempt++) {
      const rebuilt = await keeper.read(pack.id, offset, length, { doubt: { attempt }, signal })
      if (!rebuilt) return 'BLOCK_CORRUPT'
      if (hasCid(rebuilt, cid)) return rebuilt
    }
  }
}

/** One that is spread rather than one that is not, then the newer one. */
function isBetter(one: PackState, other: PackState): boolean {
  return one.isSpread === other.isSpread ? one.createdSeconds >= other.createdSeconds : one.isSpread
}

/** `bytes` are a CID and its own body: the index entry was for another block, and nothing is damaged. */
function isAnotherBlock(bytes: Uint8Array): boolean {
  return isCidAt(bytes, 0) && hasCid(bytes.subarray(CID_BYTES), bytes.subarray(0, CID_BYTES))
}

const messages: Partial<Record<HoltErrorCode, string>> = {
  BLOCK_NOT_FOUND: 'no pack that is known holds the block',
  BLOCK_CORRUPT: 'the block is damaged and could not be rebuilt',
  PACK_UNRECOVERABLE: 'too few fragments are left of the pack that holds the block',
}
