import { compareBytes, equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { arrayOf, bytesOf, literal, nullable, parse, record, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'
import type { ElectionState } from './election.ts'
import { MOST_NODES } from './line.ts'

/**
 * Which nodes elect the leader, as their owner has said, docs/formats.md §6. One alone is the primary. A higher `seq` takes the place of a lower one.
 */
export interface Voters {
  seq: number
  nodes: readonly Principal[]
}
export type SignedVoters = Voters & { owner: Principal; sig: Uint8Array }

export const MAX_VOTERS_BYTES = 4096
const MAX_SEQ = 1 << 20
const KIND: SignedKind = { domain: 'holt/voters/1' }
const votersShape = record({
  v: version(1),
  kind: literal('voters'),
  owner: bytesOf(32),
  seq: uint({ min: 1, max: MAX_SEQ }),
  nodes: arrayOf(bytesOf(32), { min: 1, max: MOST_NODES }),
  sig: bytesOf(64),
})
const stateShape = record({ v: version(1), kind: literal('election'), term: uint(), voted: nullable(bytesOf(32)) })

export function signVoters(crypto: Crypto, owner: KeyPair, { seq, nodes }: Voters): SignedVoters {
  if (seq > MAX_SEQ) throw new HoltError('TOO_LARGE', 'the voters were changed too often')
  const sorted = [...nodes].sort(compareBytes)
  const map = { v: 1, kind: 'voters', owner: owner.publicKey, seq, nodes: sorted }
  return { seq, nodes: sorted, owner: owner.publicKey, sig: signMap(crypto, KIND, { map, seed: owner.seed }).sig }
}

export function encodeVoters({ owner, seq, nodes, sig }: SignedVoters): Uint8Array {
  return encode({ v: 1, kind: 'voters', owner, seq, nodes, sig })
}

/** Says nothing of signatures. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeVoters(content: Uint8Array): SignedVoters {
  const { owner, seq, nodes, sig } = parse(votersShape, content, { maxBytes: MAX_VOTERS_BYTES })
  const isInOrder = nodes.every((node, i) => i === 0 || compareBytes(nodes[i - 1] as Principal, node) < 0)
  if (!isInOrder) throw new HoltError('MALFORMED', 'nodes out of order or twice', { field: 'nodes' })
  return { owner: owner.slice(), seq, nodes: nodes.map((node) => node.slice()), sig: sig.slice() }
}

/** @throws HoltError SIGNATURE_INVALID; NOT_AUTHORIZED for voters of another owner. */
export function verifyVoters(crypto: Crypto, voters: SignedVoters, owner: Principal): void {
  if (!equalBytes(voters.owner, owner)) throw new HoltError('NOT_AUTHORIZED', 'the voters are of another owner')
  const { seq, nodes, sig } = voters
  verifyMap(crypto, KIND, { map: { v: 1, kind: 'voters', owner, seq, nodes, sig }, signer: owner })
}

/** Whether `a` takes the place of `b`; of two that were said apart all nodes keep one. */
export function isNewer(a: SignedVoters, b: SignedVoters | null): boolean {
  return b === null || a.seq > b.seq || (a.seq === b.seq && compareBytes(a.sig, b.sig) > 0)
}

/** Terms of later voters are higher: what the leader of earlier ones still grants has lower tokens. */
export function termsFrom({ seq }: Voters): number {
  return seq * 2 ** 20
}

export function encodeElection({ term, votedFor }: ElectionState): Uint8Array {
  return encode({ v: 1, kind: 'election', term, voted: votedFor })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeElection(content: Uint8Array): ElectionState {
  const { term, voted } = parse(stateShape, content)
  return { term, votedFor: voted?.slice() ?? null }
}
