import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { HoltError } from '@holt/core/errors.ts'

/** No 0 O, 1 I L, 5 S, 8 B, U V Z: read from a screen, typed on a phone. */
const ALPHABET = '234679ACDEFGHJKMNPQRTWXY'
const LENGTH = 8
const TRIES_PER_CODE = 5
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 5 * 60_000

/**
 * Proves that who sets the node up can see its output. Five wrong tries use a code up: a new one is announced, and
 * nothing is accepted during a pause that doubles each time.
 */
export class SetupCode {
  #code = newCode()
  #wrongTries = 0
  #usedUp = 0
  #closedUntilMs = 0
  readonly #announce: (code: string) => void
  readonly #now: () => number

  constructor(announce: (code: string) => void, now: () => number = Date.now) {
    this.#announce = announce
    this.#now = now
    announce(this.#code)
  }

  get current(): string {
    return this.#code
  }

  /** @throws HoltError SETUP_CODE_WRONG with `triesLeft`; TOO_MANY_TRIES with `retryAfterMs` during a pause. */
  check(typed: string | undefined): void {
    const retryAfterMs = this.#closedUntilMs - this.#now()
    if (retryAfterMs > 0) throw new HoltError('TOO_MANY_TRIES', 'too many wrong codes; the node shows a new one', { retryAfterMs })
    if (typed === undefined)
      throw new HoltError('SETUP_CODE_WRONG', 'the set-up code is missing', { triesLeft: TRIES_PER_CODE - this.#wrongTries })
    if (sameCode(typed, this.#code)) {
      this.#wrongTries = 0
      return
    }
    this.#wrongTries++
    if (this.#wrongTries >= TRIES_PER_CODE) this.#replace()
    throw new HoltError('SETUP_CODE_WRONG', 'the set-up code is wrong', {
      triesLeft: this.#wrongTries === 0 ? 0 : TRIES_PER_CODE - this.#wrongTries,
    })
  }

  #replace(): void {
    this.#code = newCode()
    this.#wrongTries = 0
    this.#closedUntilMs = this.#now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#usedUp)
    this.#usedUp++
    this.#announce(this.#code)
  }
}

function newCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

function sameCode(typed: string, code: string): boolean {
  const tidy = typed.toUpperCase().replace(/[\s-]/g, '')
  return timingSafeEqual(digest(tidy), digest(code))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
