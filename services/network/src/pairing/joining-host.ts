import { concatBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { sealSecret } from '@holt/core/sealed-file.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Handlers } from '../rpc/responder.ts'
import { confirmationTag, isSameTag, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'
import { decodeJoiningGuest, encodeJoiningHost, type joining, joiningInputs, joiningKey } from './joining-protocol.ts'
import { newPairingCode, type PairingCode } from './pairing-code.ts'
import { type Exchanged, NONCE_BYTES } from './pairing-protocol.ts'

export interface JoiningHostOptions {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  /** Read when it is given away, and not before. */
  rootKey: () => Promise<Uint8Array>
}

/** A code that is shown now. `joined`: who has the root key by it; then it is used up. */
export interface Invitation {
  code: PairingCode
  endsMs: number
  triesLeft: number
  joined: Principal | null
}

type Session = { state: 'begun'; sid: Uint8Array } | { state: 'exchanged'; said: Exchanged }

const LASTS_MS = 10 * 60_000
const MOST_TRIES = 3
const MOST_SESSIONS = 16

/** The side that shows a code by which another node gets the root key. Its owner asked for exactly that; one code, one node. */
export class JoiningHost {
  readonly #options: JoiningHostOptions
  readonly #sessions = new Map<string, Session>()
  #open: (Invitation & { taken: boolean }) | null = null

  constructor(options: JoiningHostOptions) {
    this.#options = options
  }

  /** A new code takes the place of one before it. */
  show(): Invitation {
    const { crypto, clock, keys } = this.#options
    this.#sessions.clear()
    const code = newPairingCode(crypto, keys.node.publicKey)
    this.#open = { code, endsMs: clock.nowMs() + LASTS_MS, triesLeft: MOST_TRIES, joined: null, taken: false }
    return this.#open
  }

  /** Null when there is none, or its time is over. */
  get shown(): Invitation | null {
    const leftMs = this.#open === null ? 0 : this.#open.endsMs - this.#options.clock.nowMs()
    // a clock that was set back does not make it last longer
    if (leftMs > 0 && leftMs <= LASTS_MS) return this.#open
    this.hide()
    return null
  }

  hide(): void {
    this.#open = null
    this.#sessions.clear()
  }

  handlers(): Handlers<(typeof joining)['methods']> {
    return {
      begin: (peer, { nonce }) => this.#begin(peer, nonce),
      exchange: (peer, message) => this.#exchange(peer, message),
      confirm: (peer, { tag }) => this.#confirm(peer, tag),
    }
  }

  #begin(peer: Principal, nonce: Uint8Array): { nonce: Uint8Array } {
    this.#usable()
    if (this.#sessions.size >= MOST_SESSIONS && !this.#sessions.has(toHex(peer)))
      throw new HoltError('TOO_MANY_TRIES', 'too many nodes try at once', { retryAfterMs: LASTS_MS })
    const own = this.#options.crypto.randomBytes(NONCE_BYTES)
    this.#sessions.set(toHex(peer), { state: 'begun', sid: concatBytes([nonce, own]) })
    return { nonce: own }
  }

  /** From here on it is a try, whatever comes of it: the guest has something to compare its guess with. */
  #exchange(peer: Principal, a: { y: Uint8Array; ad: Uint8Array }): { y: Uint8Array; ad: Uint8Array } {
    const open = this.#usable()
    const session = this.#sessions.get(toHex(peer))
    if (session?.state !== 'begun') throw new HoltError('PAIRING_FAILED', 'this does not follow from what was said before')
    if (!equalBytes(decodeJoiningGuest(a.ad), peer)) throw new HoltError('PAIRING_FAILED', 'the guest names another node than it is')
    open.triesLeft--
    this.#sessions.delete(toHex(peer))
    const { crypto, keys } = this.#options
    const { sid } = session
    const inputs = joiningInputs(open.code, { sid, nodes: { guest: peer, host: keys.node.publicKey } })
    const scalar = scalarOf(crypto.randomBytes(32))
    const b = { y: share(inputs, scalar), ad: encodeJoiningHost({ node: keys.node.publicKey, owner: keys.owner.publicKey }) }
    const isk = sessionKey(sharedPoint(scalar, a.y), { sid, a, b })
    this.#sessions.set(toHex(peer), { state: 'exchanged', said: { sid, a, b, isk } })
    return b
  }

  async #confirm(peer: Principal, tag: Uint8Array): Promise<{ tag: Uint8Array; sealed: Uint8Array }> {
    const open = this.shown === null ? null : this.#open
    const session = this.#sessions.get(toHex(peer))
    if (session?.state !== 'exchanged' || open === null) throw noCode()
    const { said } = session
    this.#sessions.delete(toHex(peer))
    if (!isSameTag(tag, confirmationTag(said.isk, { sid: said.sid, own: said.a })))
      throw new HoltError('PAIRING_FAILED', 'the code is wrong', { triesLeft: open.triesLeft })
    // whoever else had begun meanwhile does not get it
    open.taken = true
    this.#sessions.clear()
    const { crypto, rootKey } = this.#options
    const sealed = await sealSecret(crypto, joiningKey(crypto, said.isk), await rootKey())
    open.joined = peer
    return { tag: confirmationTag(said.isk, { sid: said.sid, own: said.b }), sealed }
  }

  #usable(): Invitation {
    if (this.shown === null || this.#open === null || this.#open.taken || this.#open.triesLeft <= 0) throw noCode()
    return this.#open
  }
}

/** Strangers do not learn whether there was one. */
function noCode(): HoltError {
  return new HoltError('PAIRING_FAILED', 'no code is shown there now, or it is used up')
}
