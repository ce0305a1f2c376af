import type { BlockStore } from '@holt/store/types.ts'

/** The store keeps what is appended from `keep` to `release`, though nothing refers to it yet. */
export class KeptBlocks {
  readonly #store: BlockStore
  #session: { end(): void } | null = null

  constructor(store: BlockStore) {
    this.#store = store
  }

  keep(): void {
    this.#session ??= this.#store.beginWriting()
  }

  release(): void {
    this.#session?.end()
    this.#session = null
  }
}
