import { blake3 } from '@holt/core/blake3.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkPrincipal, type Principal } from '@holt/core/principal.ts'
import { bytesOf, literal, parse, record, type Shape, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signedBytes } from '@holt/core/signed.ts'
import { MAX_PACK_BYTES, MAX_TAIL_BYTES } from '@holt/store/fragments/fragment-file.ts'

/** What two owners agreed on about one fragment: docs/formats.md §6. Of two about the same, the one made later holds. */
export interface Agreement {
  /** The owner whose data it is. */
  giver: Principal
  /** The owner who keeps it, and on which node. */
  holder: { owner: Principal; node: Principal }
  /** BLAKE3 of the fragment's tail, which names pack, index and the hash of all other bytes. */
  fragment: Uint8Array
  /** Of the whole fragment, tail included. */
  sizeBytes: number
  /** Seconds since 1970, by the giver's clock; each one of a giver about a fragment is later than the one before. */
  made: number
  /** It is kept until then, in seconds since 1970. */
  until: number
  signatures: { giver: Uint8Array; holder: Uint8Array }
}

/** The giver needs it no more; everything agreed on about the fragment until then is over. */
export interface Release {
  giver: Principal
  holder: { owner: Principal; node: Principal }
  fragment: Uint8Array
  made: number
  signature: Uint8Array
}

export type UnsignedAgreement = Omit<Agreement, 'signatures'>
export type Signer = 'giver' | 'holder'

export const FRAGMENT_NAME_BYTES = 32
export const MAX_AGREEMENT_BYTES = 512
const MAX_FRAGMENT_BYTES = MAX_PACK_BYTES + MAX_TAIL_BYTES
const AGREED: SignedKind = { domain: 'holt/agreement/1', unsigned: ['signatures'] }
const RELEASED: SignedKind = { domain: 'holt/release/1' }

const principal: Shape<Principal> = { check: (value, where) => checkPrincipal(bytesOf(32).check(value, where)) }
const holder = record({ owner: principal, node: principal })
const agreementShape = record({
  v: version(1),
  kind: literal('agreement'),
  giver: principal,
  holder,
  fragment: bytesOf(FRAGMENT_NAME_BYTES),
  size: uint({ min: 1, max: MAX_FRAGMENT_BYTES }),
  made: uint(),
  until: uint(),
  price: literal(0),
  signatures: record({ giver: bytesOf(64), holder: bytesOf(64) }),
})
const releaseShape = record({
  v: version(1),
  kind: literal('release'),
  giver: principal,
  holder,
  fragment: bytesOf(FRAGMENT_NAME_BYTES),
  made: uint(),
  sig: bytesOf(64),
})

/** How a fragment is named between nodes. */
export function fragmentNameOf(tail: Uint8Array): Uint8Array {
  return blake3(tail)
}

function mapOf({ giver, holder: { owner, node }, fragment, sizeBytes, made, until }: UnsignedAgreement): object {
  return { v: 1, kind: 'agreement', giver, holder: { owner, node }, fragment, size: sizeBytes, made, until, price: 0 }
}

/** Both sign the same, with the keys of the owners: a node may go, what was agreed on stays. */
export function signAgreement(crypto: Crypto, agreement: UnsignedAgreement, seed: Uint8Array): Uint8Array {
  return crypto.sign(seed, signedBytes(AGREED, mapOf(agreement)))
}

/** @throws HoltError SIGNATURE_INVALID */
export function verifyAgreement(crypto: Crypto, agreement: Agreement, signers: readonly Signer[] = ['giver', 'holder']): void {
  const message = signedBytes(AGREED, mapOf(agreement))
  const keys = { giver: agreement.giver, holder: agreement.holder.owner }
  for (const signer of signers)
    if (!crypto.verify(keys[signer], message, agreement.signatures[signer]))
      throw new HoltError('SIGNATURE_INVALID', 'an agreement is not signed by who it names', { signer })
}

export function encodeAgreement(agreement: Agreement): Uint8Array {
  return encode({ ...mapOf(agreement), signatures: agreement.signatures })
}

/** Says nothing of signatures. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeAgreement(bytes: Uint8Array): Agreement {
  if (bytes.length > MAX_AGREEMENT_BYTES) throw new HoltError('TOO_LARGE', 'an agreement is small')
  const { giver, holder: keeper, fragment, size, made, until, signatures } = parse(agreementShape, bytes.slice())
  if (equalBytes(giver, keeper.owner)) throw new HoltError('MALFORMED', 'nobody agrees with themselves')
  if (until <= made) throw new HoltError('MALFORMED', 'an agreement ends after it was made')
  return { giver, holder: keeper, fragment, sizeBytes: size, made, until, signatures }
}

function releaseMap({ giver, holder: { owner, node }, fragment, made }: Omit<Release, 'signature'>): object {
  return { v: 1, kind: 'release', giver, holder: { owner, node }, fragment, made }
}

export function signRelease(crypto: Crypto, unsigned: Omit<Release, 'signature'>, seed: Uint8Array): Release {
  return { ...unsigned, signature: crypto.sign(seed, signedBytes(RELEASED, releaseMap(unsigned))) }
}

/** @throws HoltError SIGNATURE_INVALID */
export function verifyRelease(crypto: Crypto, release: Release): void {
  if (crypto.verify(release.giver, signedBytes(RELEASED, releaseMap(release)), release.signature)) return
  throw new HoltError('SIGNATURE_INVALID', 'a release is not signed by who gave the fragment')
}

export function encodeRelease(release: Release): Uint8Array {
  return encode({ ...releaseMap(release), sig: release.signature })
}

/** Says nothing of signatures. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeRelease(bytes: Uint8Array): Release {
  if (bytes.length > MAX_AGREEMENT_BYTES) throw new HoltError('TOO_LARGE', 'a release is small')
  const { giver, holder: keeper, fragment, made, sig } = parse(releaseShape, bytes.slice())
  return { giver, holder: keeper, fragment, made, signature: sig }
}
