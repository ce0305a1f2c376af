import { concatBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { newPairingCode, type PairingCode } from './pairing-code.ts'
import { NONCE_BYTES } from './pairing-protocol.ts'

/** What is told of a code that is shown now. */
export interface Shown {
  code: PairingCode
  endsMs: number
  triesLeft: number
}

/** How a guest has begun: both nonces, one after the other. */
export interface Begun {
  state: 'begun'
  sid: Uint8Array
}

const LASTS_MS = 10 * 60_000
const MOST_TRIES = 3
const MOST_SESSIONS = 16

/**
 * The rules by which a short code is safe to show: one at a time, for ten minutes, three tries in all, one guest who has it. Each guest has one
 * exchange, by the name that the transport has proven.
 */
export class ShownCode<Of extends object, Session extends { state: string }> {
  readonly #options: { crypto: Crypto; clock: Clock; node: Principal }
  readonly #sessions = new Map<string, Session | Begun>()
  #open: { told: Shown & Of; taken: boolean } | null = null

  constructor(options: { crypto: Crypto; clock: Clock; node: Principal }) {
    this.#options = options
  }

  /** A new code takes the place of one before it. */
  show(of: Of): Shown & Of {
    const { crypto, clock, node } = this.#options
    this.#sessions.clear()
    const told = { ...of, code: newPairingCode(crypto, node), endsMs: clock.nowMs() + LASTS_MS, triesLeft: MOST_TRIES }
    this.#open = { told, taken: false }
    return told
  }

  /** Null when there is none, or its time is over. One that has no tries left is shown, so that its owner learns of it. */
  get shown(): (Shown & Of) | null {
    const told = this.#open?.told
    const leftMs = told === undefined ? 0 : told.endsMs - this.#options.clock.nowMs()
    // a clock that was set back does not make it last longer
    if (told !== undefined && leftMs > 0 && leftMs <= LASTS_MS) return told
    this.hide()
    return null
  }

  hide(): void {
    this.#open = null
    this.#sessions.clear()
  }

  /** A guest begins, or begins anew. @throws HoltError PAIRING_FAILED without a code; TOO_MANY_TRIES. */
  begin(peer: Principal, nonce: Uint8Array): { nonce: Uint8Array } {
    this.usable()
    if (this.#sessions.size >= MOST_SESSIONS && !this.#sessions.has(toHex(peer)))
      throw new HoltError('TOO_MANY_TRIES', 'too many nodes try at once', { retryAfterMs: LASTS_MS })
    const own = this.#options.crypto.randomBytes(NONCE_BYTES)
    this.#sessions.set(toHex(peer), { state: 'begun', sid: concatBytes([nonce, own]) })
    return { nonce: own }
  }

  /** The guest gets something to compare its guess with: a try, whatever comes of it. @returns what it began with; it is in no state now. */
  try(peer: Principal): Begun {
    const open = this.usable()
    const begun = this.#sessions.get(toHex(peer))
    if (begun === undefined || !isBegun(begun)) throw new HoltError('PAIRING_FAILED', 'this does not follow from what was said before')
    open.triesLeft--
    this.#sessions.delete(toHex(peer))
    return begun
  }

  /** The guest proved to have the code: nobody else can any more, whoever had begun meanwhile. */
  take(): void {
    if (this.#open !== null) this.#open.taken = true
    this.#sessions.clear()
  }

  session(peer: Principal): Session | Begun | undefined {
    return this.#sessions.get(toHex(peer))
  }

  become(peer: Principal, session: Session | null): void {
    if (session === null) this.#sessions.delete(toHex(peer))
    else this.#sessions.set(toHex(peer), session)
  }

  /** @throws HoltError PAIRING_FAILED when there is no code that somebody may try. */
  usable(): Shown & Of {
    const shown = this.shown
    if (shown === null || this.#open?.taken !== false || shown.triesLeft <= 0) throw noCode()
    return shown
  }
}

function isBegun(session: { state: string }): session is Begun {
  return session.state === 'begun'
}

/** Strangers do not learn whether there was one. */
export function noCode(): HoltError {
  return new HoltError('PAIRING_FAILED', 'no code is shown there now, or it is used up')
}
