/** Few at a time, the last that were wanted first: those can be seen. */
export class Turns {
  readonly #most: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#most = most
  }

  async run<T>(work: () => Promise<T | null>, signal: AbortSignal): Promise<T | null> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (signal.aborted) {
      if (this.#running < this.#most) this.#waiting.pop()?.()
      return null
    }
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      this.#waiting.pop()?.()
    }
  }
}
