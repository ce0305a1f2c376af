/** Runs one thing after the other, in the order they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Waits for everything that came before, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work)
    this.#last = done.catch(() => {})
    return done
  }
}
