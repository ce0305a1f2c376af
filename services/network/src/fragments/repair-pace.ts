import type { Clock } from '@holt/store/fragments/clock.ts'

/** A burst after a rest: more than one fragment of a large pack, less than what a line notices for long. */
const BURST_SECONDS = 60

/** How fast something may go on: so many bytes a second, one thing at a time, what was not used in the last minute is lost. */
export class RepairPace {
  readonly #clock: Clock
  readonly #bytesPerSecond: () => number
  #leftBytes: number
  #asOfMs: number

  constructor(clock: Clock, bytesPerSecond: () => number) {
    this.#clock = clock
    this.#bytesPerSecond = bytesPerSecond
    this.#leftBytes = bytesPerSecond()
    this.#asOfMs = clock.nowMs()
  }

  /** More may be begun now. */
  get isOpen(): boolean {
    const now = this.#clock.nowMs()
    // a clock that was set back or far ahead gives no more than a minute's worth
    const seconds = Math.min(BURST_SECONDS, Math.max(0, (now - this.#asOfMs) / 1000))
    this.#asOfMs = now
    this.#leftBytes = Math.min(BURST_SECONDS * this.#bytesPerSecond(), this.#leftBytes + seconds * this.#bytesPerSecond())
    return this.#leftBytes > 0
  }

  /** So much went, and is waited for before more goes. */
  spend(bytes: number): void {
    this.#leftBytes -= bytes
  }
}
