/** What the kernel may call off, by the number of its request. */
export class Interruptions {
  readonly #waiting = new Map<bigint, () => void>()

  /** Who was interrupted waits for `work` all the same: it heeds its signal. */
  async heeded<T>(unique: bigint, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const canceller = new AbortController()
    this.#waiting.set(unique, () => canceller.abort())
    try {
      return await work(canceller.signal)
    } finally {
      this.#waiting.delete(unique)
    }
  }

  /**
   * Whoever is interrupted goes on at once, whatever the drives and other nodes that were asked do: the kernel lets nobody go, not even who
   * is killed, before it has an answer.
   *
   * @param work may have come by `heeded`. @param undo takes back what came too late. @returns null when it was interrupted.
   */
  orInterrupted<T>(unique: bigint, work: Promise<T>, undo: (late: T) => void): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const heeds = this.#waiting.get(unique)
      let isOver = false
      this.#waiting.set(unique, () => {
        isOver = true
        heeds?.()
        resolve(null)
      })
      work
        .then((result) => (isOver ? undo(result) : resolve(result)))
        .catch(reject)
        .finally(() => this.#waiting.delete(unique))
    })
  }

  interrupt(unique: bigint): void {
    this.#waiting.get(unique)?.()
  }

  all(): void {
    for (const callOff of this.#waiting.values()) callOff()
  }
}
