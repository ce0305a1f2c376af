import type { Cid } from '@holt/core/cid.ts'
import type { Awaitable, Crypto } from '@holt/core/crypto.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { type SealingKey, sealBlock } from './sealed-block.ts'
import { SectionBuffer } from './sections.ts'

export interface BlockWriterOptions {
  store: BlockStore
  crypto: Crypto
  redundancyClass?: string
}

const BATCH_BYTES = 1 << 20

/** Seals contents and appends the blocks in batches. */
export class BlockWriter {
  readonly #options: BlockWriterOptions
  readonly #buffer = new SectionBuffer()
  #appended: { cid: Cid; tell: (cid: Cid) => void }[] = []

  constructor(options: BlockWriterOptions) {
    this.#options = options
  }

  /**
   * The block can be read only after `flush`.
   *
   * @param appended is called once the store has the block.
   * @returns no promise while there is nothing to wait for.
   */
  write(key: SealingKey, content: Uint8Array, appended?: (cid: Cid) => void): Awaitable<Cid> {
    const sealed = sealBlock(this.#options.crypto, key, content)
    return sealed instanceof Promise ? sealed.then((bytes) => this.#add(bytes, appended)) : this.#add(sealed, appended)
  }

  #add(sealed: Uint8Array, appended?: (cid: Cid) => void): Awaitable<Cid> {
    const cid = this.#buffer.add(sealed)
    if (appended !== undefined) this.#appended.push({ cid, tell: appended })
    if (this.#buffer.sizeBytes < BATCH_BYTES) return cid
    return this.flush().then(() => cid)
  }

  /** Appends what is left. @throws HoltError of the store; the blocks of that batch are then lost. */
  async flush(): Promise<void> {
    if (this.#buffer.sizeBytes === 0) return
    const appended = this.#appended
    this.#appended = []
    const { store, redundancyClass } = this.#options
    await store.append(this.#buffer.take(), { redundancyClass })
    for (const { cid, tell } of appended) tell(cid)
  }
}
