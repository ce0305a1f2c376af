import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkPrincipal, type Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { arrayOf, bytesOf, literal, parse, record, type Shape, text, uint, version } from '@holt/core/shape.ts'
import { signedBytes } from '@holt/core/signed.ts'

/** Where a node of somebody is reached. Signed by both keys: the owner says that the node is theirs, the node that it is the owner's. */
export interface EndpointRecord {
  owner: Principal
  node: Principal
  /** A higher one takes the place of a lower one. */
  seq: number
  /** Seconds since 1970. */
  expires: number
  /** Multiaddresses without the node's name; by a relay: those of libp2p with `/p2p-circuit`. */
  addresses: string[]
  signatures: { owner: Uint8Array; node: Uint8Array }
}

export const MAX_ADDRESSES = 16
export const MAX_ADDRESS_BYTES = 256
export const MAX_RECORD_BYTES = 5120
const KIND = { domain: 'holt/endpoints/1', unsigned: ['signatures'] }

const principal: Shape<Principal> = { check: (value, where) => checkPrincipal(bytesOf(32).check(value, where)) }
const recordShape = record({
  v: version(1),
  kind: literal('endpoints'),
  owner: principal,
  node: principal,
  seq: uint({ min: 1 }),
  expires: uint(),
  addresses: arrayOf(text({ maxBytes: MAX_ADDRESS_BYTES }), { max: MAX_ADDRESSES }),
  signatures: record({ owner: bytesOf(64), node: bytesOf(64) }),
})

type Unsigned = Omit<EndpointRecord, 'signatures'>

function mapOf({ owner, node, seq, expires, addresses }: Unsigned): object {
  return { v: 1, kind: 'endpoints', owner, node, seq, expires, addresses }
}

export function signEndpoints(
  crypto: Crypto,
  { seq, expires, addresses }: Pick<EndpointRecord, 'seq' | 'expires' | 'addresses'>,
  keys: { owner: KeyPair; node: KeyPair },
): EndpointRecord {
  const unsigned: Unsigned = { owner: keys.owner.publicKey, node: keys.node.publicKey, seq, expires, addresses }
  const message = signedBytes(KIND, mapOf(unsigned))
  return { ...unsigned, signatures: { owner: crypto.sign(keys.owner.seed, message), node: crypto.sign(keys.node.seed, message) } }
}

/** @throws HoltError SIGNATURE_INVALID */
export function verifyEndpoints(crypto: Crypto, record: EndpointRecord): void {
  const message = signedBytes(KIND, mapOf(record))
  const { owner, node } = record.signatures
  if (crypto.verify(record.owner, message, owner) && crypto.verify(record.node, message, node)) return
  throw new HoltError('SIGNATURE_INVALID', 'a record of addresses is not signed by who it names')
}

export function encodeEndpoints(record: EndpointRecord): Uint8Array {
  return encode({ ...mapOf(record), signatures: record.signatures })
}

/** Says nothing of signatures. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeEndpoints(bytes: Uint8Array): EndpointRecord {
  if (bytes.length > MAX_RECORD_BYTES) throw new HoltError('TOO_LARGE', 'a record of addresses is small')
  const { owner, node, seq, expires, addresses, signatures } = parse(recordShape, bytes)
  return { owner: owner.slice(), node: node.slice(), seq, expires, addresses, signatures }
}
