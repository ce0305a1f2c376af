interface Waiting {
  heads: readonly Uint8Array[]
  resolve(): void
  reject(error: unknown): void
}

/**
 * Group commit: while one commit is made durable, those that arrive wait and are then made durable together, with one
 * sync for all of them.
 */
export class CommitQueue {
  readonly #makeDurable: (heads: readonly Uint8Array[]) => Promise<void>
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(makeDurable: (heads: readonly Uint8Array[]) => Promise<void>) {
    this.#makeDurable = makeDurable
  }

  commit(heads: readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ heads, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when no commit is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    await Promise.resolve() // those that are made in the same turn go together
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#makeDurable(group.flatMap(({ heads }) => heads))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#running = null
  }
}
