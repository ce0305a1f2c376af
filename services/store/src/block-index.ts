import type { BlockLocation } from './block-location.ts'
import { BlockTable, keyWords } from './block-table.ts'

/** Where each block lies. */
export class BlockIndex {
  readonly #table = new BlockTable()

  add(digest: Uint8Array, location: BlockLocation): void {
    this.#table.add(digest, location)
  }

  /** Every place listed for the block; some may be stale, or of a block whose digest only begins alike. */
  async find(digest: Uint8Array): Promise<BlockLocation[]> {
    const found: BlockLocation[] = []
    this.#table.find(keyWords(digest), found)
    return found
  }
}
