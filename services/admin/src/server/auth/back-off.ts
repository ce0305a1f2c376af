import { HoltError } from '@holt/core/errors.ts'

interface Failures {
  count: number
  lastMs: number
}

const FREE_TRIES = 4
const LONGEST_WAIT_MS = 60_000
/** Failures are forgotten after a while without any. */
const FORGET_MS = 60 * 60_000
const MAX_KEYS = 10_000

/**
 * Makes guessing slow: after a few wrong tries each further one must wait longer, up to a minute and no more, so that
 * the owner can never be locked out for good. What is counted is the caller's choice (an address, an account, a device).
 */
export class BackOff {
  readonly #failures = new Map<string, Failures>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @throws HoltError TOO_MANY_TRIES with `retryAfterMs` while any of the keys must wait. */
  check(keys: readonly string[]): void {
    const retryAfterMs = Math.max(0, ...keys.map((key) => this.#waitMs(key)))
    if (retryAfterMs > 0) throw new HoltError('TOO_MANY_TRIES', 'too many wrong tries, wait a little', { retryAfterMs })
  }

  hasFailed(key: string): boolean {
    const failures = this.#failures.get(key)
    return failures !== undefined && !this.#forgotten(failures)
  }

  failed(keys: readonly string[]): void {
    for (const key of keys) {
      const before = this.#failures.get(key)
      this.#failures.delete(key)
      this.#failures.set(key, { count: (before && !this.#forgotten(before) ? before.count : 0) + 1, lastMs: this.#now() })
    }
    this.#dropOldest()
  }

  succeeded(keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key)
  }

  #waitMs(key: string): number {
    const failures = this.#failures.get(key)
    if (!failures || this.#forgotten(failures) || failures.count <= FREE_TRIES) return 0
    const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (failures.count - FREE_TRIES - 1))
    return Math.max(0, failures.lastMs + wait - this.#now())
  }

  #forgotten(failures: Failures): boolean {
    return this.#now() - failures.lastMs > FORGET_MS
  }

  #dropOldest(): void {
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MAX_KEYS) return
      this.#failures.delete(key)
    }
  }
}
