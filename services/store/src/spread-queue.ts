import type { Clock } from './fragments/clock.ts'

interface SpreadQueueOptions<Pack> {
  /** Makes one pack durable beyond the local disk; may be called again after it failed. */
  spread(pack: Pack): Promise<void>
  /** So many packs wait or are being spread before `room` makes writers wait. */
  maxWaiting: number
  /** How many are spread at once. */
  width: number
  retryMs: number
  clock: Clock
}

/**
 * Packs on their way to the keeper. A failure (too few drives, say) stalls the queue: the packs stay where they are and are tried
 * again from time to time, and writers do not wait for what may never come.
 */
export class SpreadQueue<Pack> {
  readonly #options: SpreadQueueOptions<Pack>
  readonly #waiting = new Set<Pack>()
  readonly #running = new Set<Pack>()
  readonly #changed: (() => void)[] = []
  #stalled: unknown = null
  #isStalled = false
  #callOff: (() => void) | null = null
  #closed = false

  constructor(options: SpreadQueueOptions<Pack>) {
    this.#options = options
  }

  /** Packs are on their way, and not stalled. */
  get isMoving(): boolean {
    return !this.#isStalled && this.#waiting.size + this.#running.size > 0
  }

  add(pack: Pack): void {
    this.#waiting.add(pack)
    this.#next()
  }

  /** Resolves when fewer packs wait than may, or nothing moves anyway. */
  async room(): Promise<void> {
    while (!this.#closed && !this.#isStalled && this.#waiting.size + this.#running.size >= this.#options.maxWaiting) await this.#change()
  }

  /** Tries again at once what stalled; resolves when all that wait now are done. @throws what spreading fails with. */
  async settled(): Promise<void> {
    this.retry()
    const packs = [...this.#waiting, ...this.#running]
    const isDone = (pack: Pack): boolean => !this.#waiting.has(pack) && !this.#running.has(pack)
    while (!this.#closed && !packs.every(isDone)) {
      await this.#change()
      if (this.#isStalled && this.#running.size === 0) throw this.#stalled
    }
  }

  /** There is reason to think that what failed would work now (a drive was added, say). */
  retry(): void {
    this.#callOff?.()
    this.#callOff = null
    this.#isStalled = false
    this.#next()
  }

  /** Begins nothing more; resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.#callOff?.()
    this.#notify()
    while (this.#running.size > 0) await this.#change()
  }

  #next(): void {
    for (const pack of this.#waiting) {
      if (this.#closed || this.#isStalled || this.#running.size >= this.#options.width) return
      this.#waiting.delete(pack)
      this.#running.add(pack)
      void this.#spread(pack)
    }
  }

  async #spread(pack: Pack): Promise<void> {
    try {
      await this.#options.spread(pack)
      this.#running.delete(pack)
    } catch (error) {
      this.#running.delete(pack)
      this.#waiting.add(pack)
      this.#stall(error)
    }
    this.#next()
    this.#notify()
  }

  #stall(error: unknown): void {
    this.#stalled = error
    if (this.#isStalled || this.#closed) return
    this.#isStalled = true
    this.#callOff = this.#options.clock.after(this.#options.retryMs, () => this.retry())
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve))
  }

  #notify(): void {
    for (const resolve of this.#changed.splice(0)) resolve()
  }
}
