import { concatBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import {
  type Party,
  type Relation,
  type RelationKind,
  type SignedRelation,
  signRelation,
  verifyRelation,
  checkParties,
} from '../relations/relation.ts'
import type { Handlers } from '../rpc/responder.ts'
import { confirmationTag, isSameTag, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'
import { newPairingCode, type PairingCode } from './pairing-code.ts'
import {
  decodeGuestWord,
  encodeHostWord,
  type Exchanged,
  type HostWord,
  inputsOf,
  NONCE_BYTES,
  type pairing,
  relationOf,
} from './pairing-protocol.ts'

export interface PairingHostOptions {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  /** Makes it durable; what it throws is told to the guest. */
  keep: (relation: SignedRelation) => Promise<void>
}

/** A code that is shown now. `paired`: it was used up, and whose relation came of it. */
export interface OpenCode {
  code: PairingCode
  relation: RelationKind
  endsMs: number
  triesLeft: number
  paired: SignedRelation | null
}

/**
 * What one guest has come to. `begun`: nonces are exchanged. `exchanged`: it has our share, which was a try. `confirmed`: it knew the code,
 * and has our signatures. `done`: both have the relation.
 */
type Session =
  | { state: 'begun'; sid: Uint8Array }
  | { state: 'exchanged'; said: Exchanged; relation: Relation }
  | { state: 'confirmed' | 'done'; answer: { tag: Uint8Array; signatures: SignedRelation['signatures']['host'] }; relation: Relation }

const LASTS_MS = 10 * 60_000
const MOST_TRIES = 3
const MOST_SESSIONS = 16

/** The side that shows a code. One code at a time; each guest has one exchange, by the name that the transport has proven. */
export class PairingHost {
  readonly #options: PairingHostOptions
  readonly #sessions = new Map<string, Session>()
  /** `taken`: somebody proved to have it; nobody else can any more. */
  #open: (OpenCode & { name: string; taken: boolean }) | null = null

  constructor(options: PairingHostOptions) {
    this.#options = options
  }

  /** A new code takes the place of one before it. */
  show({ relation, name }: { relation: RelationKind; name: string }): OpenCode {
    const { crypto, clock, keys } = this.#options
    this.#sessions.clear()
    const code = newPairingCode(crypto, keys.node.publicKey)
    this.#open = { code, relation, name, endsMs: clock.nowMs() + LASTS_MS, triesLeft: MOST_TRIES, paired: null, taken: false }
    return this.#open
  }

  /** Null when there is none, or its time is over. One that has no tries left is shown, so that its owner learns of it. */
  get shown(): OpenCode | null {
    const open = this.#open
    // a clock that was set back does not make it last longer
    const leftMs = open === null ? 0 : open.endsMs - this.#options.clock.nowMs()
    if (leftMs > 0 && leftMs <= LASTS_MS) return open
    this.hide()
    return null
  }

  hide(): void {
    this.#open = null
    this.#sessions.clear()
  }

  handlers(): Handlers<(typeof pairing)['methods']> {
    return {
      begin: (peer, { nonce }) => this.#begin(peer, nonce),
      exchange: (peer, message) => this.#exchange(peer, message),
      confirm: (peer, { tag }) => this.#confirm(peer, tag),
      sign: (peer, { signatures }) => this.#sign(peer, signatures),
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
    const session = this.#sessionOf(peer, 'begun')
    const { crypto, clock, keys } = this.#options
    const guest = decodeGuestWord(a.ad)
    if (!equalBytes(guest.node, peer)) throw new HoltError('PAIRING_FAILED', 'the guest names another node than it is')
    open.triesLeft--
    this.#sessions.delete(toHex(peer))
    const host: Party = { owner: keys.owner.publicKey, node: keys.node.publicKey, name: open.name }
    const word: HostWord = { host, relation: open.relation, made: nowSeconds(clock) }
    const { sid } = session
    const inputs = inputsOf(open.code, { sid, nodes: { guest: peer, host: host.node } })
    const scalar = scalarOf(crypto.randomBytes(32))
    const b = { y: share(inputs, scalar), ad: encodeHostWord(word) }
    const isk = sessionKey(sharedPoint(scalar, a.y), { sid, a, b })
    this.#sessions.set(toHex(peer), { state: 'exchanged', said: { sid, a, b, isk }, relation: relationOf(guest, word, sid) })
    return b
  }

  #confirm(peer: Principal, tag: Uint8Array) {
    const open = this.shown === null ? null : this.#open
    const known = this.#sessions.get(toHex(peer))
    if (known?.state !== 'exchanged' || open === null) throw noCode()
    const { said, relation } = known
    this.#sessions.delete(toHex(peer))
    if (!isSameTag(tag, confirmationTag(said.isk, { sid: said.sid, own: said.a })))
      throw new HoltError('PAIRING_FAILED', 'the code is wrong', { triesLeft: open.triesLeft })
    checkParties(relation)
    // whoever else had begun meanwhile has not got it
    open.taken = true
    this.#sessions.clear()
    const { crypto, keys } = this.#options
    const answer = { tag: confirmationTag(said.isk, { sid: said.sid, own: said.b }), signatures: signRelation(crypto, relation, keys) }
    this.#sessions.set(toHex(peer), { state: 'confirmed', answer, relation })
    return answer
  }

  async #sign(peer: Principal, signatures: SignedRelation['signatures']['guest']): Promise<Record<string, never>> {
    const known = this.#sessions.get(toHex(peer))
    const open = this.shown
    if (open === null || (known?.state !== 'confirmed' && known?.state !== 'done')) throw noCode()
    const relation: SignedRelation = { ...known.relation, signatures: { host: known.answer.signatures, guest: signatures } }
    verifyRelation(this.#options.crypto, relation)
    await this.#options.keep(relation)
    this.#sessions.set(toHex(peer), { ...known, state: 'done' })
    open.paired = relation
    return {}
  }

  #usable(): OpenCode & { name: string } {
    if (this.shown === null || this.#open === null || this.#open.taken || this.#open.triesLeft <= 0) throw noCode()
    return this.#open
  }

  #sessionOf<S extends Session['state']>(peer: Principal, state: S): Session & { state: S } {
    const session = this.#sessions.get(toHex(peer))
    if (session?.state !== state) throw new HoltError('PAIRING_FAILED', 'this does not follow from what was said before')
    return session as Session & { state: S }
  }
}

/** Strangers do not learn whether there was one. */
function noCode(): HoltError {
  return new HoltError('PAIRING_FAILED', 'no code is shown there now, or it is used up')
}
