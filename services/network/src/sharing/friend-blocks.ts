import type { Cid } from '@holt/core/cid.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { NAMES_CLASS } from '@holt/store/class-names.ts'
import type { BlockSource } from '@holt/store/missing-blocks.ts'
import type { BlockStore } from '@holt/store/types.ts'

/** What this node itself has. */
export interface OwnBlocks {
  store: BlockStore
  has(cid: Cid): Promise<boolean>
}

const AT_ONCE = 8
const MISSING = new Set(['BLOCK_NOT_FOUND', 'BLOCK_CORRUPT', 'PACK_UNRECOVERABLE'])

/** Blocks of this node, and of one friend where it lacks them; they are kept. `end` when what was brought is in the tree, or given up. */
export class FriendBlocks {
  readonly store: BlockStore
  readonly #own: OwnBlocks
  readonly #source: BlockSource
  readonly #signal: AbortSignal
  readonly #session: { end(): void }
  #waiting: Cid[] = []
  /** How many came, for who waits for them. */
  brought = 0

  constructor(own: OwnBlocks, source: BlockSource, signal: AbortSignal) {
    this.#own = own
    this.#source = source
    this.#signal = signal
    this.#session = own.store.beginWriting()
    const { store } = own
    this.store = {
      append: (...args) => store.append(...args),
      put: (...args) => store.put(...args),
      get: (cid) => this.#get(cid),
      place: async () => null,
      commit: (...args) => store.commit(...args),
      heads: () => store.heads(),
      beginWriting: () => store.beginWriting(),
    }
  }

  /** Some may be gathered until `rest`. */
  async chunks(cids: readonly Cid[]): Promise<void> {
    this.#waiting.push(...cids)
    while (this.#waiting.length >= AT_ONCE) await this.#bring(this.#waiting.splice(0, AT_ONCE))
  }

  async rest(): Promise<void> {
    await this.#bring(this.#waiting.splice(0))
  }

  end(): void {
    this.#session.end()
  }

  async #bring(cids: readonly Cid[]): Promise<void> {
    await Promise.all(cids.map(async (cid) => void ((await this.#own.has(cid)) || (await this.#ask(cid, undefined)))))
  }

  async #get(cid: Cid): Promise<Uint8Array> {
    try {
      return await this.#own.store.get(cid, { signal: this.#signal })
    } catch (error) {
      if (!isHoltError(error) || !MISSING.has(error.code)) throw error
      return this.#ask(cid, NAMES_CLASS)
    }
  }

  async #ask(cid: Cid, redundancyClass: string | undefined): Promise<Uint8Array> {
    this.#signal.throwIfAborted()
    const found = await this.#source.get(cid, { signal: this.#signal })
    if (found === null) throw new HoltError('BLOCK_NOT_FOUND', 'the friend does not give a block that the folder names')
    await this.#own.store.put(found.sealed, redundancyClass === undefined ? {} : { redundancyClass })
    this.brought++
    return found.sealed
  }
}
