interface Waiting {
  callOff: () => void
  sinceMs: number
  timer: ReturnType<typeof setTimeout> | null
}

/**
 * What comes sooner than this comes whole. The kernel does not say which signal it was: most are timers and children that ended, whose programs want their calls
 * restarted and are told that these failed, as no drive does.
 */
const PATIENCE_MS = 1000

/** What the kernel may call off, by the number of its request. */
export class Interruptions {
  readonly #waiting = new Map<bigint, Waiting>()
  readonly #patienceMs: number

  constructor({ patienceMs = PATIENCE_MS } = {}) {
    this.#patienceMs = patienceMs
  }

  #begin(unique: bigint, callOff: () => void): void {
    const { sinceMs = performance.now(), timer = null } = this.#waiting.get(unique) ?? {}
    this.#waiting.set(unique, { callOff, sinceMs, timer })
  }

  #over(unique: bigint): void {
    const timer = this.#waiting.get(unique)?.timer ?? null
    if (timer !== null) clearTimeout(timer)
    this.#waiting.delete(unique)
  }

  /** Who was interrupted waits for `work` all the same: it heeds its signal. */
  async heeded<T>(unique: bigint, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const canceller = new AbortController()
    this.#begin(unique, () => canceller.abort())
    try {
      return await work(canceller.signal)
    } finally {
      this.#over(unique)
    }
  }

  /**
   * Whoever is interrupted goes on soon, whatever the drives and other nodes that were asked do: the kernel lets nobody go, not even who
   * is killed, before it has an answer.
   *
   * @param work may have come by `heeded`. @param undo takes back what came too late. @returns null when it was interrupted.
   */
  orInterrupted<T>(unique: bigint, work: Promise<T>, undo: (late: T) => void): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const heeds = this.#waiting.get(unique)?.callOff
      let isOver = false
      this.#begin(unique, () => {
        isOver = true
        heeds?.()
        resolve(null)
      })
      work
        .then((result) => (isOver ? undo(result) : resolve(result)))
        .catch(reject)
        .finally(() => this.#over(unique))
    })
  }

  interrupt(unique: bigint): void {
    const waiting = this.#waiting.get(unique)
    if (waiting === undefined || waiting.timer !== null) return
    const leftMs = waiting.sinceMs + this.#patienceMs - performance.now()
    if (leftMs <= 0) waiting.callOff()
    else waiting.timer = setTimeout(() => this.#waiting.get(unique)?.callOff(), leftMs)
  }

  all(): void {
    for (const { callOff } of this.#waiting.values()) callOff()
  }
}
