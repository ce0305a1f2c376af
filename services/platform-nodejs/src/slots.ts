/** Room for sealed blocks on their way from a worker to the drive; so much is in flight at most. */
export const SLOT_BYTES = 4 * 1024 * 1024 + 256 * 1024

/**
 * A fixed number of buffers that travel between the threads. Whoever wants one waits until one is free: that is the
 * back-pressure of an import. Transferred rather than shared: V8 copies into shared memory far slower.
 */
export class Slots {
  readonly #free: ArrayBuffer[] = []
  readonly #waiting: ((slot: ArrayBuffer) => void)[] = []
  #unmade: number

  constructor(count: number) {
    this.#unmade = count
  }

  take(): Promise<ArrayBuffer> {
    const slot = this.#free.pop()
    if (slot !== undefined) return Promise.resolve(slot)
    if (this.#unmade > 0) {
      this.#unmade--
      return Promise.resolve(new ArrayBuffer(SLOT_BYTES))
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** @param slot null when a job that failed took it along: a new one will be made. */
  give(slot: ArrayBuffer | null): void {
    if (slot === null) {
      if (this.#waiting.length === 0) this.#unmade++
      else this.#waiting.shift()?.(new ArrayBuffer(SLOT_BYTES))
      return
    }
    const next = this.#waiting.shift()
    if (next !== undefined) next(slot)
    else this.#free.push(slot)
  }
}
