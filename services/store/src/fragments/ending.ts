/** Runs actions with a signal that fires when the caller's does or when the whole comes to an end. */
export class Ending {
  readonly #controller = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  async run<T>(callers: AbortSignal | undefined, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const either = new AbortController()
    const abort = (): void => either.abort()
    const sources = [this.#controller.signal, ...(callers === undefined ? [] : [callers])]
    for (const source of sources) source.addEventListener('abort', abort)
    if (sources.some(({ aborted }) => aborted)) abort()
    const running = action(either.signal)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
      for (const source of sources) source.removeEventListener('abort', abort)
    }
  }

  /** Resolves when all that runs has ended. */
  async end(): Promise<void> {
    this.#controller.abort()
    await Promise.allSettled(this.#running)
  }
}
