import { type Cid, cidKey } from '@holt/core/cid.ts'

/** What proves a part of a sealed block, once all of it was proven: far less than the block. */
export interface BlockOutline {
  /** Version, key's number, nonce. */
  head: Uint8Array
  /** Of its groups, as `core/blake3-tree.ts` has them. */
  hashes: Uint8Array
}

/** Some hundred bytes each: those of a file of several GiB. */
const MOST_OUTLINES = 8192

/** Of the blocks whose parts were read last. */
export class BlockOutlines {
  readonly #outlines = new Map<string, BlockOutline>()

  get(cid: Cid): BlockOutline | null {
    const name = cidKey(cid)
    const outline = this.#outlines.get(name)
    if (outline === undefined) return null
    this.#outlines.delete(name)
    this.#outlines.set(name, outline)
    return outline
  }

  put(cid: Cid, outline: BlockOutline): void {
    this.#outlines.set(cidKey(cid), outline)
    if (this.#outlines.size <= MOST_OUTLINES) return
    for (const oldest of this.#outlines.keys()) return void this.#outlines.delete(oldest)
  }
}
