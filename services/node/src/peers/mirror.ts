import type { Cid } from '@holt/core/cid.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { PackStore } from '@holt/store/pack-store.ts'
import type { Volume } from '@holt/tree/types.ts'

export interface MirrorOptions {
  store: PackStore
  volume: Pick<Volume, 'live'>
  warn: (text: string) => void
}

const AT_ONCE = 8
/** More are found again by walking over the tree. */
const MOST_WAITING = 100_000
const RETRY_MS = 30_000

/** Brings what the owner's other nodes have to this one, in the background, so that each has all of it. */
export class Mirror {
  readonly #options: MirrorOptions
  readonly #ending = new AbortController()
  #waiting: Cid[] = []
  /** Something may be missing that does not wait. */
  #mustWalk = true
  #running: Promise<void> | null = null
  #retry: ReturnType<typeof setTimeout> | null = null
  missing = 0

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  add(cids: readonly Cid[]): void {
    if (this.#waiting.length + cids.length > MOST_WAITING) this.#mustWalk = true
    else this.#waiting.push(...cids)
    this.run()
  }

  /** Somebody is there who may have what is missing. */
  run(): void {
    if (this.#ending.signal.aborted) return
    this.#running ??= this.#work().finally(() => {
      this.#running = null
    })
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    if (this.#retry !== null) clearTimeout(this.#retry)
    await this.#running
  }

  /** Never throws. */
  async #work(): Promise<void> {
    const { signal } = this.#ending
    try {
      let missed = 0
      while (this.#waiting.length > 0 && !signal.aborted) missed += await this.#bring(this.#waiting.splice(0, AT_ONCE))
      if (this.#mustWalk && !signal.aborted) {
        this.#mustWalk = false
        for await (const { cids } of this.#options.volume.live({ signal }))
          for (let at = 0; at < cids.length; at += AT_ONCE) missed += await this.#bring(cids.slice(at, at + AT_ONCE))
      }
      this.missing = missed
      if (missed > 0) this.#again()
    } catch (error) {
      if (signal.aborted) return
      const { message, code } = toHoltError(error)
      if (code !== 'BLOCK_NOT_FOUND') this.#options.warn(`what another node has could not be brought here: ${message} (${code})`)
      this.#again()
    }
  }

  /** @returns how many nobody has now. */
  async #bring(cids: readonly Cid[]): Promise<number> {
    const { store } = this.#options
    const { signal } = this.#ending
    const brought = cids.map(async (cid) => {
      if (signal.aborted || (await store.locate(cid)) !== null) return 0
      return store.get(cid, { signal }).then(
        () => 0,
        () => 1,
      )
    })
    return (await Promise.all(brought)).reduce<number>((sum, one) => sum + one, 0)
  }

  #again(): void {
    this.#mustWalk = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.run(), RETRY_MS)
    this.#retry.unref()
  }
}
