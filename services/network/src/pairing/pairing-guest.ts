import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Links } from '../links.ts'
import { checkParties, type Party, type RelationKind, type SignedRelation, signRelation, verifyRelation } from '../relations/relation.ts'
import type { Caller } from '../rpc/caller.ts'
import { withCaller } from '../rpc/with-caller.ts'
import { confirmationTag, isSameTag, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'
import type { PairingCode } from './pairing-code.ts'
import { decodeHostWord, encodeGuestWord, type HostWord, inputsOf, NONCE_BYTES, pairing, relationOf } from './pairing-protocol.ts'

export interface PairingGuestOptions {
  links: Links
  clock: Clock
  crypto: Crypto
  keys: { owner: KeyPair; node: KeyPair }
  /** Makes it durable. */
  keep: (relation: SignedRelation) => Promise<void>
}

/** A peer may be slow: a box computes for a while. */
const STEP_MS = 20_000
const SIGN_TRIES = 3

/**
 * The side that types the code, with one host.
 *
 * @throws HoltError PAIRING_FAILED when the host does not prove that it knows the code, or refuses ours; CONFLICT when it is for another kind of
 * relation; NOT_AUTHORIZED when that kind is not possible between these owners; PEER_UNREACHABLE, TIMED_OUT.
 */
export async function pairAsGuest(
  options: PairingGuestOptions,
  {
    code,
    host,
    name,
    relation,
    signal,
  }: { code: PairingCode; host: Principal; name: string; relation: RelationKind; signal?: AbortSignal },
): Promise<SignedRelation> {
  const { links, clock, keys } = options
  const limits = { withinMs: STEP_MS, ...(signal ? { signal } : {}) }
  const guest: Party = { owner: keys.owner.publicKey, node: keys.node.publicKey, name }
  return withCaller(links, { node: host, protocol: pairing, clock }, async (caller) => {
    const { said, word } = await exchange(options, caller, { code, host, guest, limits })
    const confirmed = await caller.call('confirm', { tag: confirmationTag(said.isk, { sid: said.sid, own: said.a }) }, limits)
    if (!isSameTag(confirmed.tag, confirmationTag(said.isk, { sid: said.sid, own: said.b })))
      throw new HoltError('PAIRING_FAILED', 'the other node does not know the code')
    const agreed = relationOf(guest, word, said.sid)
    checkParties(agreed)
    if (agreed.relation !== relation)
      throw new HoltError('CONFLICT', `the code is for '${agreed.relation}', not for '${relation}'`, { relation: agreed.relation })
    const signatures = { host: confirmed.signatures, guest: signRelation(options.crypto, agreed, keys) }
    const signed: SignedRelation = { ...agreed, signatures }
    verifyRelation(options.crypto, signed, ['host'])
    // ours first: when the answer is lost, the host is told again whenever it is met
    await options.keep(signed)
    await signAtHost(caller, signatures.guest, limits)
    return signed
  })
}

type PairingCaller = Caller<(typeof pairing)['methods']>
type Limits = { withinMs: number; signal?: AbortSignal }

async function exchange(
  { crypto, links }: PairingGuestOptions,
  caller: PairingCaller,
  { code, host, guest, limits }: { code: PairingCode; host: Principal; guest: Party; limits: Limits },
) {
  const nonce = crypto.randomBytes(NONCE_BYTES)
  const begun = await caller.call('begin', { nonce }, limits)
  const sid = concatBytes([nonce, begun.nonce])
  const inputs = inputsOf(code, { sid, nodes: { guest: links.self, host } })
  const scalar = scalarOf(crypto.randomBytes(32))
  const a = { y: share(inputs, scalar), ad: encodeGuestWord(guest) }
  const answer = await caller.call('exchange', a, limits)
  const b = { y: answer.y, ad: answer.ad }
  const word: HostWord = decodeHostWord(b.ad)
  if (!equalBytes(word.host.node, host)) throw new HoltError('PAIRING_FAILED', 'the other node says that it is another')
  return { said: { sid, a, b, isk: sessionKey(sharedPoint(scalar, b.y), { sid, a, b }) }, word }
}

/** What is lost here is made up for later; a refusal is not. */
async function signAtHost(caller: PairingCaller, signatures: SignedRelation['signatures']['guest'], limits: Limits): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void (await caller.call('sign', { signatures }, limits))
    } catch (error) {
      const lost = isHoltError(error) && ['PEER_UNREACHABLE', 'TIMED_OUT'].includes(error.code)
      if (!lost) throw error
      if (tries === SIGN_TRIES) return
    }
  }
}
