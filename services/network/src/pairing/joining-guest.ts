import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { deriveRootKeys, ROOT_KEY_BYTES } from '@holt/core/root-key.ts'
import { openSecret } from '@holt/core/sealed-file.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Links } from '../links.ts'
import { withCaller } from '../rpc/with-caller.ts'
import { confirmationTag, isSameTag, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'
import { decodeJoiningHost, encodeJoiningGuest, joining, joiningInputs, joiningKey } from './joining-protocol.ts'
import type { PairingCode } from './pairing-code.ts'
import { NONCE_BYTES } from './pairing-protocol.ts'

/** A peer may be slow: a box computes for a while. */
const STEP_MS = 20_000

/**
 * The side that types the code: a node that is nobody's yet.
 *
 * @returns the root key of the host's owner.
 * @throws HoltError PAIRING_FAILED when the host does not prove that it knows the code, refuses ours, or gives something else than it says;
 * PEER_UNREACHABLE, TIMED_OUT: then the code may be used up.
 */
export async function joinAsGuest(
  { links, clock, crypto }: { links: Links; clock: Clock; crypto: Crypto },
  { code, host, signal }: { code: PairingCode; host: Principal; signal?: AbortSignal },
): Promise<Uint8Array> {
  const limits = { withinMs: STEP_MS, ...(signal ? { signal } : {}) }
  return withCaller(links, { node: host, protocol: joining, clock }, async (caller) => {
    const nonce = crypto.randomBytes(NONCE_BYTES)
    const begun = await caller.call('begin', { nonce }, limits)
    const sid = concatBytes([nonce, begun.nonce])
    const inputs = joiningInputs(code, { sid, nodes: { guest: links.self, host } })
    const scalar = scalarOf(crypto.randomBytes(32))
    const a = { y: share(inputs, scalar), ad: encodeJoiningGuest(links.self) }
    const b = await caller.call('exchange', a, limits)
    const word = decodeJoiningHost(b.ad)
    if (!equalBytes(word.node, host)) throw new HoltError('PAIRING_FAILED', 'the other node says that it is another')
    const isk = sessionKey(sharedPoint(scalar, b.y), { sid, a, b })
    const answer = await caller.call('confirm', { tag: confirmationTag(isk, { sid, own: a }) }, limits)
    if (!isSameTag(answer.tag, confirmationTag(isk, { sid, own: b })))
      throw new HoltError('PAIRING_FAILED', 'the other node does not know the code')
    const rootKey = await openSecret(crypto, joiningKey(crypto, isk), answer.sealed)
    if (rootKey.length !== ROOT_KEY_BYTES || !equalBytes(deriveRootKeys(crypto, rootKey).principal.publicKey, word.owner))
      throw new HoltError('PAIRING_FAILED', 'the other node gave a key that is not its owner’s')
    return rootKey
  })
}
