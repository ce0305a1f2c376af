/** Room for sealed blocks on their way from a worker to the drive; so much is in flight at most. */
export const SLOT_BYTES = 4 * 1024 * 1024 + 256 * 1024

/**
 * A fixed number of shared buffers. Whoever wants one waits until one is free: that is the back-pressure of an import.
 */
export class Slots {
  readonly #free: SharedArrayBuffer[] = []
  readonly #waiting: ((slot: SharedArrayBuffer) => void)[] = []
  #unmade: number

  constructor(count: number) {
    this.#unmade = count
  }

  take(): Promise<SharedArrayBuffer> {
    const slot = this.#free.pop()
    if (slot !== undefined) return Promise.resolve(slot)
    if (this.#unmade > 0) {
      this.#unmade--
      return Promise.resolve(new SharedArrayBuffer(SLOT_BYTES))
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  give(slot: SharedArrayBuffer): void {
    const next = this.#waiting.shift()
    if (next !== undefined) next(slot)
    else this.#free.push(slot)
  }
}
