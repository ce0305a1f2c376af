import type { Clock } from './clock.ts'

const MOST_REMEMBERED = 16
/** What is longer ago says nothing of now. */
const REMEMBERED_MS = 10 * 60_000

/** How fast the last packs came, to tell how long more will take. */
export class FetchPace {
  readonly #clock: Clock
  #fetched: { atMs: number; tookMs: number; bytes: number }[] = []
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  #begun = 0

  /** Something is on its way. */
  get isComing(): boolean {
    return this.#begun > 0
  }

  /** @returns to be called when it is over, with how many bytes have come; 0: it failed. */
  begin(): (bytes: number) => void {
    const startedMs = this.#clock.nowMs()
    this.#begun++
    return (bytes) => {
      this.#begun--
      if (bytes === 0) return
      const atMs = this.#clock.nowMs()
      // of those that came at the same time each counts only what it took longer
      const tookMs = atMs - Math.max(startedMs, Math.min(this.#lastMs, atMs))
      this.#lastMs = atMs
      this.#fetched = [...this.#fetched, { atMs, tookMs: Math.max(1, tookMs), bytes }].slice(-MOST_REMEMBERED)
    }
  }

  /** @returns null when nothing came lately. */
  secondsFor(bytes: number): number | null {
    const now = this.#clock.nowMs()
    const recent = this.#fetched.filter(({ atMs }) => Math.abs(now - atMs) < REMEMBERED_MS)
    const [sum, tookMs] = recent.reduce(([b, ms], one) => [b + one.bytes, ms + one.tookMs], [0, 0])
    return sum === 0 ? null : Math.ceil((bytes * tookMs) / sum / 1000)
  }
}
