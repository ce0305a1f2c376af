import { equalBytes } from '@holt/core/bytes.ts'
import { type Cid, cidCodec, cidKey, cidOf } from '@holt/core/cid.ts'
import { isHoltError } from '@holt/core/errors.ts'

/** Somebody else who may have blocks. */
export interface BlockSource {
  /** @returns null when nobody has it; whatever comes is checked by who asked. @throws HoltError CANCELLED */
  get(cid: Cid, options?: { signal?: AbortSignal }): Promise<{ sealed: Uint8Array; redundancyClass: string } | null>
}

const MISSING = new Set(['BLOCK_NOT_FOUND', 'BLOCK_CORRUPT', 'PACK_UNRECOVERABLE'])

/** Gets from elsewhere what a store lacks, each block once, and keeps it. */
export class MissingBlocks {
  source: BlockSource | null = null
  readonly #keep: (sealed: Uint8Array, redundancyClass: string) => Promise<Cid>
  readonly #underWay = new Map<string, Promise<Uint8Array | null>>()

  constructor(keep: (sealed: Uint8Array, redundancyClass: string) => Promise<Cid>) {
    this.#keep = keep
  }

  /** @returns null when `error` is of another kind, or nobody has the block. */
  async find(cid: Cid, error: unknown, options?: { signal?: AbortSignal }): Promise<Uint8Array | null> {
    const { source } = this
    if (source === null || !isHoltError(error) || !MISSING.has(error.code)) return null
    const key = cidKey(cid)
    const known = this.#underWay.get(key)
    if (known !== undefined) return known
    const found = this.#get(source, cid, options).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, found)
    return found
  }

  async #get(source: BlockSource, cid: Cid, options?: { signal?: AbortSignal }): Promise<Uint8Array | null> {
    const found = await source.get(cid, options)
    if (found === null || !equalBytes(cidOf(found.sealed, cidCodec(cid)), cid)) return null
    // a tree that is committed on top of it must not name what the store has not
    await this.#keep(found.sealed, found.redundancyClass)
    return found.sealed
  }
}
