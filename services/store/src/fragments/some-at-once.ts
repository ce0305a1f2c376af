/** Runs actions side by side, no more than so many. After the first that fails nothing begins any more. */
export class SomeAtOnce {
  readonly #most: number
  readonly #running = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves when it was begun, which it is as soon as there is a place. @throws what an earlier one threw. */
  async begin(action: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running)
    this.#mustBeWell()
    const running: Promise<void> = action()
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Resolves when nothing runs any more. @throws as `begin`. */
  async end(): Promise<void> {
    await Promise.all(this.#running)
    this.#mustBeWell()
  }

  #mustBeWell(): void {
    if (this.#failure !== null) throw this.#failure.error
  }
}
