import { compareBytes, equalBytes } from '@holt/core/bytes.ts'
import { type Cid, cidOf, DAG_CBOR_CODEC } from '@holt/core/cid.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { volumeId } from '@holt/core/root-key.ts'
import { arrayOf, bytesOf, cid, literal, nullable, parse, record, type Shape, time, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'
import type { Time } from '../types.ts'
import { MAX_CHAIN, SERIAL_BYTES, verifyChain, type Writecap, writecapShape } from './writecap.ts'

const MAX_REVOKED = 4096
const MAX_HEAD_BYTES = 256 << 10

/** The signed record that names the newest version of a volume, docs/formats.md §5. */
export interface Head {
  v: 1
  kind: 'head'
  volume: Uint8Array
  owner: Principal
  salt: Uint8Array
  seq: number
  root: Cid
  prev: Cid | null
  time: Time
  writer: Principal
  /** From the owner to the writer; empty when they are the same. */
  chain: Writecap[]
  /** Serials of writecaps that were taken back, ascending; grows only. */
  revoked: Uint8Array[]
  sig: Uint8Array
}

const kind: SignedKind = { domain: 'holt/head/1' }
const serials = arrayOf(bytesOf(SERIAL_BYTES), { max: MAX_REVOKED })

const ascendingSerials: Shape<Uint8Array[]> = {
  check(value, where) {
    const list = serials.check(value, where)
    const ascending = list.every((serial, i) => i === 0 || compareBytes(list[i - 1] as Uint8Array, serial) < 0)
    if (!ascending) throw new HoltError('MALFORMED', `${where}: serials out of order or twice`, { field: where })
    return list
  },
}

const headShape: Shape<Head> = record({
  v: version(1),
  kind: literal('head'),
  volume: bytesOf(16),
  owner: bytesOf(32),
  salt: bytesOf(16),
  seq: uint({ min: 1 }),
  root: cid,
  prev: nullable(cid),
  time,
  writer: bytesOf(32),
  chain: arrayOf(writecapShape, { max: MAX_CHAIN }),
  revoked: ascendingSerials,
  sig: bytesOf(64),
})

export type UnsignedHead = Readonly<Omit<Head, 'v' | 'kind' | 'sig' | 'chain' | 'revoked'>> & {
  readonly chain: readonly Writecap[]
  /** In any order. */
  readonly revoked: readonly Uint8Array[]
}

/**
 * @param seed of the writer.
 * @returns the head as it is stored.
 */
export function signHead(crypto: Crypto, seed: Uint8Array, head: UnsignedHead): Uint8Array {
  const map = { v: 1, kind: 'head', ...head, revoked: sortedSerials(head.revoked) }
  return encode(headShape.check(signMap(crypto, kind, { map, seed }), 'head'))
}

function sortedSerials(serials: readonly Uint8Array[]): Uint8Array[] {
  const sorted = [...serials].sort(compareBytes)
  return sorted.filter((serial, i) => i === 0 || !equalBytes(serial, sorted[i - 1] as Uint8Array))
}

/** Structure only. @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function parseHead(bytes: Uint8Array): Head {
  return parse(headShape, bytes, { maxBytes: MAX_HEAD_BYTES, maxDepth: 4 })
}

/** @param head as it is stored. */
export function headCid(head: Uint8Array): Cid {
  return cidOf(head, DAG_CBOR_CODEC)
}

/**
 * Checks a head by itself: that its writer signed it and was allowed to when it says it was made. This is enough for
 * a head that was accepted before and comes from the own store; one that others offer goes through `acceptHead`.
 *
 * @returns the path at or under which its writer may change the tree ('/' for the owner).
 * @throws HoltError NOT_AUTHORIZED, SIGNATURE_INVALID, CAP_EXPIRED, CAP_REVOKED.
 */
export function verifyHead(crypto: Crypto, head: Head): string {
  return verifyHeadAt(crypto, head, head.time[0])
}

/** @param at seconds; no writecap of the chain may have expired by then. */
export function verifyHeadAt(crypto: Crypto, head: Head, at: number): string {
  const { volume, owner, salt, writer, chain, revoked } = head
  if (!equalBytes(volume, volumeId(owner, salt)))
    throw new HoltError('NOT_AUTHORIZED', 'the head names an owner that the volume does not have')
  verifyMap(crypto, kind, { map: head, signer: writer })
  if (!equalBytes(writer, owner)) return verifyChain(crypto, chain, { volume, owner, writer, revoked, at })
  if (chain.length > 0) throw new HoltError('MALFORMED', 'chain: the owner needs none', { field: 'chain' })
  return '/'
}
