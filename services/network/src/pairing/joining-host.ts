import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { sealSecret } from '@holt/core/sealed-file.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Handlers } from '../rpc/responder.ts'
import { confirmationTag, isSameTag, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'
import { decodeJoiningGuest, encodeJoiningHost, type joining, joiningInputs, joiningKey } from './joining-protocol.ts'
import type { Exchanged } from './pairing-protocol.ts'
import { noCode, type Shown, ShownCode } from './shown-code.ts'

export interface JoiningHostOptions {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  /** Read when it is given away, and not before. */
  rootKey: () => Promise<Uint8Array>
}

/** A code that is shown now. `joined`: who has the root key by it; then it is used up. */
export interface Invitation extends Shown {
  joined: Principal | null
}

interface Session {
  state: 'exchanged'
  said: Exchanged
}

/** The side that shows a code by which another node gets the root key. Its owner asked for exactly that; one code, one node. */
export class JoiningHost {
  readonly #options: JoiningHostOptions
  readonly #code: ShownCode<{ joined: Principal | null }, Session>

  constructor(options: JoiningHostOptions) {
    this.#options = options
    this.#code = new ShownCode({ ...options, node: options.keys.node.publicKey })
  }

  /** A new code takes the place of one before it. */
  show(): Invitation {
    return this.#code.show({ joined: null })
  }

  /** Null when there is none, or its time is over. */
  get shown(): Invitation | null {
    return this.#code.shown
  }

  hide(): void {
    this.#code.hide()
  }

  handlers(): Handlers<(typeof joining)['methods']> {
    return {
      begin: (peer, { nonce }) => this.#code.begin(peer, nonce),
      exchange: (peer, message) => this.#exchange(peer, message),
      confirm: (peer, { tag }) => this.#confirm(peer, tag),
    }
  }

  /** From here on it is a try, whatever comes of it: the guest has something to compare its guess with. */
  #exchange(peer: Principal, a: { y: Uint8Array; ad: Uint8Array }): { y: Uint8Array; ad: Uint8Array } {
    const open = this.#code.usable()
    if (!equalBytes(decodeJoiningGuest(a.ad), peer)) throw new HoltError('PAIRING_FAILED', 'the guest names another node than it is')
    const { sid } = this.#code.try(peer)
    const { crypto, keys } = this.#options
    const inputs = joiningInputs(open.code, { sid, nodes: { guest: peer, host: keys.node.publicKey } })
    const scalar = scalarOf(crypto.randomBytes(32))
    const b = { y: share(inputs, scalar), ad: encodeJoiningHost({ node: keys.node.publicKey, owner: keys.owner.publicKey }) }
    const isk = sessionKey(sharedPoint(scalar, a.y), { sid, a, b })
    this.#code.become(peer, { state: 'exchanged', said: { sid, a, b, isk } })
    return b
  }

  async #confirm(peer: Principal, tag: Uint8Array): Promise<{ tag: Uint8Array; sealed: Uint8Array }> {
    const open = this.#code.shown
    const session = this.#code.session(peer)
    if (session?.state !== 'exchanged' || open === null) throw noCode()
    const { said } = session
    this.#code.become(peer, null)
    if (!isSameTag(tag, confirmationTag(said.isk, { sid: said.sid, own: said.a })))
      throw new HoltError('PAIRING_FAILED', 'the code is wrong', { triesLeft: open.triesLeft })
    this.#code.take()
    const { crypto, rootKey } = this.#options
    const sealed = await sealSecret(crypto, joiningKey(crypto, said.isk), await rootKey())
    open.joined = peer
    return { tag: confirmationTag(said.isk, { sid: said.sid, own: said.b }), sealed }
  }
}
