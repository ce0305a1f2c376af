/** Runs one thing after the other, in the order they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #count = 0

  /** Something runs, or waits to. */
  get isBusy(): boolean {
    return this.#count > 0
  }

  /** Waits for everything that came before, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#count++
    const done = this.#last.then(work, work).finally(() => this.#count--)
    this.#last = done.catch(() => {})
    return done
  }
}
