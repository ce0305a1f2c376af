import type { Cid } from '@holt/core/cid.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { PackStore } from '@holt/store/pack-store.ts'
import type { Volume } from '@holt/tree/types.ts'

export interface MirrorOptions {
  store: PackStore
  volume: Pick<Volume, 'live'>
  clock: Clock
  warn: (text: string) => void
}

const AT_ONCE = 8
/** More are found again by walking over the tree. */
const MOST_WAITING = 100_000
const RETRY_MS = 30_000
/** Of what came, older versions are found by walking over the tree: soon where that is quick, for it must not be done all the time. */
const LEAST_WALK_AFTER_MS = 10_000
const MOST_WALK_AFTER_MS = 5 * 60_000
/** Between two walks so many times as long goes by as the last one took. */
const WALK_SHARE = 100

/** Brings what the owner's other nodes have to this one, in the background, so that each has all of it. */
export class Mirror {
  readonly #options: MirrorOptions
  readonly #ending = new AbortController()
  #waiting: Cid[] = []
  /** Something may be missing that does not wait. */
  #mustWalk = false
  #hasWalked = false
  #running: Promise<void> | null = null
  #callOff: () => void = () => {}
  #isWalkDue = false
  #walkTookMs = 0
  #callOffWalk: () => void = () => {}
  /** Of the last look at everything that was told, so many were with nobody. */
  #missed = 0

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  add(cids: readonly Cid[]): void {
    if (!this.#hasWalked || this.#waiting.length + cids.length > MOST_WAITING) this.#mustWalk = true
    if (this.#waiting.length + cids.length <= MOST_WAITING) this.#waiting.push(...cids)
    this.#walkLater()
    this.run()
  }

  /** Blocks that are yet to come; while they are looked for at least one. */
  get missing(): number {
    return Math.max(this.#missed, this.#waiting.length, this.#running !== null || this.#mustWalk ? 1 : 0)
  }

  /** Nothing more is awaited from the owner's other nodes. */
  get isDone(): boolean {
    return this.missing === 0 && !this.#isWalkDue
  }

  /** Looks for all that may be missing: after a start, when others may have had more than came. */
  walk(): void {
    this.#mustWalk = true
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
    this.#callOff()
    this.#callOffWalk()
    await this.#running
  }

  /** Never throws. */
  async #work(): Promise<void> {
    const { signal } = this.#ending
    try {
      let missed = 0
      while ((this.#waiting.length > 0 || this.#mustWalk) && !signal.aborted) {
        if (this.#waiting.length > 0) missed += await this.#bring(this.#waiting.splice(0, AT_ONCE))
        else missed = await this.#walkNow()
      }
      this.#missed = missed
      if (missed > 0) this.#again()
    } catch (error) {
      if (signal.aborted) return
      // what the walk did not come to is not known
      this.#missed = Math.max(1, this.#missed)
      const { message, code } = toHoltError(error)
      if (code !== 'BLOCK_NOT_FOUND') this.#options.warn(`what another node has could not be brought here: ${message} (${code})`)
      this.#again()
    }
  }

  /** Over all that there is, with older versions. @returns how many nobody has now. @throws HoltError of the tree, when nobody has a part of it. */
  async #walkNow(): Promise<number> {
    const { signal } = this.#ending
    this.#mustWalk = false
    this.#hasWalked = true
    const startedMs = this.#options.clock.nowMs()
    let missed = 0
    for await (const { cids } of this.#options.volume.live({ signal }))
      for (let at = 0; at < cids.length; at += AT_ONCE) missed += await this.#bring(cids.slice(at, at + AT_ONCE))
    // a clock that was set meanwhile says nothing
    this.#walkTookMs = Math.abs(this.#options.clock.nowMs() - startedMs)
    return missed
  }

  #walkLater(): void {
    if (this.#isWalkDue) return
    this.#isWalkDue = true
    const afterMs = Math.min(MOST_WALK_AFTER_MS, Math.max(LEAST_WALK_AFTER_MS, WALK_SHARE * this.#walkTookMs))
    this.#callOffWalk = this.#options.clock.after(afterMs, () => {
      this.#isWalkDue = false
      this.walk()
    })
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
    this.#callOff()
    this.#callOff = this.#options.clock.after(RETRY_MS, () => this.run())
  }
}
