import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkPrincipal, type Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { bytesOf, literal, parse, record, type Shape, text, uint, version } from '@holt/core/shape.ts'
import { signedBytes } from '@holt/core/signed.ts'

/** One side of a relation: a person, the node by which they agreed, and what they call it. */
export interface Party {
  owner: Principal
  node: Principal
  name: string
}

/** `mine`: nodes of one owner. `friend`: two owners who keep data for each other. */
export type RelationKind = 'mine' | 'friend'

/** What two agreed on: docs/formats.md §6. The host showed a code, the guest typed it. */
export interface Relation {
  relation: RelationKind
  id: Uint8Array
  /** Seconds since 1970, by the host's clock. */
  made: number
  host: Party
  guest: Party
}

/** Of one side: with the owner's key, and with the node's. */
export interface PartySignatures {
  owner: Uint8Array
  node: Uint8Array
}

export type Side = 'host' | 'guest'
export type SignedRelation = Relation & { signatures: Record<Side, PartySignatures> }

export const RELATION_ID_BYTES = 16
export const MAX_NAME_BYTES = 128
export const MAX_RELATION_BYTES = 2048
const KIND = { domain: 'holt/relation/1', unsigned: ['signatures'] }

const principal: Shape<Principal> = { check: (value, where) => checkPrincipal(bytesOf(32).check(value, where)) }
export const party = record({ owner: principal, node: principal, name: text({ maxBytes: MAX_NAME_BYTES }) })
const signatures = record({ owner: bytesOf(64), node: bytesOf(64) })
export const relationKind: Shape<RelationKind> = {
  check: (value, where) => (value === 'mine' ? literal('mine') : literal('friend')).check(value, where),
}
const relationShape = record({
  v: version(1),
  kind: literal('relation'),
  relation: relationKind,
  id: bytesOf(RELATION_ID_BYTES),
  made: uint(),
  host: party,
  guest: party,
  signatures: record({ host: signatures, guest: signatures }),
})
export const partySignatures = signatures

/** What both sign. */
function mapOf({ relation, id, made, host, guest }: Relation): object {
  return { v: 1, kind: 'relation', relation, id, made, host, guest }
}

export function signRelation(crypto: Crypto, relation: Relation, keys: { owner: KeyPair; node: KeyPair }): PartySignatures {
  const message = signedBytes(KIND, mapOf(relation))
  return { owner: crypto.sign(keys.owner.seed, message), node: crypto.sign(keys.node.seed, message) }
}

/** @throws HoltError SIGNATURE_INVALID; NOT_AUTHORIZED for a relation that its kind does not allow. */
export function verifyRelation(crypto: Crypto, relation: SignedRelation, sides: readonly Side[] = ['host', 'guest']): void {
  checkParties(relation)
  const message = signedBytes(KIND, mapOf(relation))
  for (const side of sides) {
    const { owner, node } = relation.signatures[side]
    if (!crypto.verify(relation[side].owner, message, owner) || !crypto.verify(relation[side].node, message, node))
      throw new HoltError('SIGNATURE_INVALID', 'a relation is not signed by who it names', { side })
  }
}

/** @throws HoltError NOT_AUTHORIZED */
export function checkParties({ relation, host, guest }: Relation): void {
  if (equalBytes(host.node, guest.node)) throw new HoltError('NOT_AUTHORIZED', 'a node has no relation with itself')
  const sameOwner = equalBytes(host.owner, guest.owner)
  if (relation === 'mine' && !sameOwner)
    throw new HoltError('NOT_AUTHORIZED', 'the two nodes have different owners: only a friend can it be')
  if (relation === 'friend' && sameOwner)
    throw new HoltError('NOT_AUTHORIZED', 'both nodes have the same owner: nobody is their own friend')
}

export function encodeRelation(relation: SignedRelation): Uint8Array {
  return encode({ ...mapOf(relation), signatures: relation.signatures })
}

/** Says nothing of signatures. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeRelation(bytes: Uint8Array): SignedRelation {
  if (bytes.length > MAX_RELATION_BYTES) throw new HoltError('TOO_LARGE', 'a relation is small')
  const { relation, id, made, host, guest, signatures: signed } = parse(relationShape, bytes)
  return { relation, id: id.slice(), made, host: copyOf(host), guest: copyOf(guest), signatures: signed }
}

function copyOf({ owner, node, name }: Party): Party {
  return { owner: owner.slice(), node: node.slice(), name }
}
