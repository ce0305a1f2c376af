import { fromHex, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkPrincipal, type Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { arrayOf, bytes, bytesOf, literal, parse, record, type Shape, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signedBytes } from '@holt/core/signed.ts'
import { MAX_PACK_BYTES } from '@holt/store/fragments/fragment-file.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'

/** How far a pack that is not given as fragments yet is copied, and the BLAKE3 of that much of it. */
export interface PackCopy {
  pack: PackId
  sizeBytes: number
  digest: Uint8Array
}

/**
 * The newest state of what one node stores, as friends keep it: docs/formats.md §6. Signed by the owner; of two about the same node the one with
 * the higher number holds. What friends need not know is sealed.
 */
export interface NewestRecord {
  giver: Principal
  /** The node whose packs these are. */
  node: Principal
  seq: number
  copies: PackCopy[]
  /** A `NewestContent`, to be opened by the owner alone; empty when the node is gone and nothing of it is needed. */
  sealed: Uint8Array
  signature: Uint8Array
}

export const MOST_COPIES = 32
export const MAX_SEALED_BYTES = 66 << 10
export const MAX_NEWEST_BYTES = MAX_SEALED_BYTES + MOST_COPIES * 96 + 512
const SIGNED: SignedKind = { domain: 'holt/newest/1' }

const principal: Shape<Principal> = { check: (value, where) => checkPrincipal(bytesOf(32).check(value, where)) }
const recordShape = record({
  v: version(1),
  kind: literal('newest'),
  giver: principal,
  node: principal,
  seq: uint({ min: 1 }),
  copies: arrayOf(record({ pack: bytesOf(16), size: uint({ min: 1, max: MAX_PACK_BYTES }), digest: bytesOf(32) }), { max: MOST_COPIES }),
  sealed: bytes({ max: MAX_SEALED_BYTES }),
  sig: bytesOf(64),
})

function mapOf({ giver, node, seq, copies, sealed }: Omit<NewestRecord, 'signature'>): object {
  const listed = copies.map(({ pack, sizeBytes, digest }) => ({ pack: fromHex(pack), size: sizeBytes, digest }))
  return { v: 1, kind: 'newest', giver, node, seq, copies: listed, sealed }
}

export function signNewest(crypto: Crypto, unsigned: Omit<NewestRecord, 'giver' | 'signature'>, owner: KeyPair): NewestRecord {
  const whole = { ...unsigned, giver: owner.publicKey }
  return { ...whole, signature: crypto.sign(owner.seed, signedBytes(SIGNED, mapOf(whole))) }
}

/** @throws HoltError SIGNATURE_INVALID */
export function verifyNewest(crypto: Crypto, newest: NewestRecord): void {
  if (crypto.verify(newest.giver, signedBytes(SIGNED, mapOf(newest)), newest.signature)) return
  throw new HoltError('SIGNATURE_INVALID', 'a record of the newest state is not signed by its owner')
}

export function encodeNewest(newest: NewestRecord): Uint8Array {
  return encode({ ...mapOf(newest), sig: newest.signature })
}

/** Says nothing of the signature. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeNewest(file: Uint8Array): NewestRecord {
  if (file.length > MAX_NEWEST_BYTES) throw new HoltError('TOO_LARGE', 'a record of the newest state is small')
  const { giver, node, seq, copies, sealed, sig } = parse(recordShape, file.slice())
  const listed = copies.map(({ pack, size, digest }) => ({ pack: toHex(pack), sizeBytes: size, digest }))
  if (new Set(listed.map(({ pack }) => pack)).size < listed.length) throw new HoltError('MALFORMED', 'a pack is named twice')
  return { giver, node, seq, copies: listed, sealed, signature: sig }
}
