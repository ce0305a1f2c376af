import type { Clock } from '@holt/store/fragments/clock.ts'

/** So many a second, and some more after a pause (a token bucket). Who is over it waits. */
export class RateLimit {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #burst: number
  /** When the bucket would be full again, in the clock's time. */
  #fullAtMs = 0

  constructor(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number }) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#burst = burst
  }

  /** @returns false when there is none left now; nothing is taken then. */
  tryTake(): boolean {
    const now = this.#clock.nowMs()
    const eachMs = 1000 / this.#perSecond
    const longestMs = now + this.#burst * eachMs
    const before = this.#fullAtMs > longestMs + 60_000 ? now : Math.max(now, this.#fullAtMs)
    if (before + eachMs > longestMs) return false
    this.#fullAtMs = before + eachMs
    return true
  }

  /** Takes one. Those who call together are let through one after the other. */
  async take(): Promise<void> {
    const now = this.#clock.nowMs()
    const eachMs = 1000 / this.#perSecond
    // a clock that was set back must not keep anybody waiting for what it went back
    const longestMs = now + this.#burst * eachMs
    const before = this.#fullAtMs > longestMs + 60_000 ? now : Math.max(now, this.#fullAtMs)
    this.#fullAtMs = before + eachMs
    const waitMs = this.#fullAtMs - longestMs
    if (waitMs > 0) await new Promise<void>((resolve) => void this.#clock.after(Math.ceil(waitMs), resolve))
  }
}
