import { HoltError } from '@holt/core/errors.ts'

const FREE_TRIES = 4
const LONGEST_WAIT_MS = 60_000
const FORGET_MS = 60 * 60_000

/** Makes guessing slow: after a few wrong tries each further one waits twice as long, up to a minute, so that nobody is locked out for good. */
export class GrowingDelay {
  #failures = 0
  #lastMs = 0
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** @throws HoltError TOO_MANY_TRIES with `retryAfterMs`. */
  check(): void {
    if (this.#now() - this.#lastMs > FORGET_MS) this.#failures = 0
    if (this.#failures < FREE_TRIES) return
    const waitMs = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (this.#failures - FREE_TRIES))
    const retryAfterMs = this.#lastMs + waitMs - this.#now()
    if (retryAfterMs > 0) throw new HoltError('TOO_MANY_TRIES', 'too many wrong tries, wait a little', { retryAfterMs })
  }

  failed(): void {
    this.#failures++
    this.#lastMs = this.#now()
  }

  succeeded(): void {
    this.#failures = 0
  }
}
