import { equalBytes } from '@holt/core/bytes.ts'
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
import { decodeGuestWord, encodeHostWord, type Exchanged, type HostWord, inputsOf, type pairing, relationOf } from './pairing-protocol.ts'
import { noCode, type Shown, ShownCode } from './shown-code.ts'

export interface PairingHostOptions {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  /** Makes it durable; what it throws is told to the guest. */
  keep: (relation: SignedRelation) => Promise<void>
}

/** A code that is shown now. `paired`: it was used up, and whose relation came of it. */
export interface OpenCode extends Shown {
  relation: RelationKind
  paired: SignedRelation | null
}

/**
 * What one guest that has begun has come to. `exchanged`: it has our share, which was a try. `confirmed`: it knew the code, and has our signatures.
 * `done`: both have the relation.
 */
type Session =
  | { state: 'exchanged'; said: Exchanged; relation: Relation }
  | { state: 'confirmed' | 'done'; answer: { tag: Uint8Array; signatures: SignedRelation['signatures']['host'] }; relation: Relation }

/** The side that shows a code. */
export class PairingHost {
  readonly #options: PairingHostOptions
  readonly #code: ShownCode<{ relation: RelationKind; name: string; paired: SignedRelation | null }, Session>

  constructor(options: PairingHostOptions) {
    this.#options = options
    this.#code = new ShownCode({ ...options, node: options.keys.node.publicKey })
  }

  /** A new code takes the place of one before it. */
  show({ relation, name }: { relation: RelationKind; name: string }): OpenCode {
    return this.#code.show({ relation, name, paired: null })
  }

  /** Null when there is none, or its time is over. One that has no tries left is shown, so that its owner learns of it. */
  get shown(): OpenCode | null {
    return this.#code.shown
  }

  hide(): void {
    this.#code.hide()
  }

  handlers(): Handlers<(typeof pairing)['methods']> {
    return {
      begin: (peer, { nonce }) => this.#code.begin(peer, nonce),
      exchange: (peer, message) => this.#exchange(peer, message),
      confirm: (peer, { tag }) => this.#confirm(peer, tag),
      sign: (peer, { signatures }) => this.#sign(peer, signatures),
    }
  }

  /** From here on it is a try, whatever comes of it: the guest has something to compare its guess with. */
  #exchange(peer: Principal, a: { y: Uint8Array; ad: Uint8Array }): { y: Uint8Array; ad: Uint8Array } {
    const open = this.#code.usable()
    const { crypto, clock, keys } = this.#options
    const guest = decodeGuestWord(a.ad)
    if (!equalBytes(guest.node, peer)) throw new HoltError('PAIRING_FAILED', 'the guest names another node than it is')
    const { sid } = this.#code.try(peer)
    const host: Party = { owner: keys.owner.publicKey, node: keys.node.publicKey, name: open.name }
    const word: HostWord = { host, relation: open.relation, made: nowSeconds(clock) }
    const inputs = inputsOf(open.code, { sid, nodes: { guest: peer, host: host.node } })
    const scalar = scalarOf(crypto.randomBytes(32))
    const b = { y: share(inputs, scalar), ad: encodeHostWord(word) }
    const isk = sessionKey(sharedPoint(scalar, a.y), { sid, a, b })
    this.#code.become(peer, { state: 'exchanged', said: { sid, a, b, isk }, relation: relationOf(guest, word, sid) })
    return b
  }

  #confirm(peer: Principal, tag: Uint8Array) {
    const open = this.#code.shown
    const known = this.#code.session(peer)
    if (known?.state !== 'exchanged' || open === null) throw noCode()
    const { said, relation } = known
    this.#code.become(peer, null)
    if (!isSameTag(tag, confirmationTag(said.isk, { sid: said.sid, own: said.a })))
      throw new HoltError('PAIRING_FAILED', 'the code is wrong', { triesLeft: open.triesLeft })
    checkParties(relation)
    this.#code.take()
    const { crypto, keys } = this.#options
    const answer = { tag: confirmationTag(said.isk, { sid: said.sid, own: said.b }), signatures: signRelation(crypto, relation, keys) }
    this.#code.become(peer, { state: 'confirmed', answer, relation })
    return answer
  }

  async #sign(peer: Principal, signatures: SignedRelation['signatures']['guest']): Promise<Record<string, never>> {
    const known = this.#code.session(peer)
    const open = this.#code.shown
    if (open === null || (known?.state !== 'confirmed' && known?.state !== 'done')) throw noCode()
    const relation: SignedRelation = { ...known.relation, signatures: { host: known.answer.signatures, guest: signatures } }
    verifyRelation(this.#options.crypto, relation)
    await this.#options.keep(relation)
    this.#code.become(peer, { ...known, state: 'done' })
    open.paired = relation
    return {}
  }
}
