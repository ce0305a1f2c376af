import { concatBytes, equalBytes, fromHex, toHex, utf8 } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { arrayOf, bytes, bytesOf, literal, parse, record, text, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'
import type { PackId, SealedPack } from '../pack-keeper.ts'

/** A fragment file is `shard || descriptor || u32 BE descriptor length || "HOLTFRG1"`; all but the shard is its tail. */

/** `index` is bound by its root; without it one signature serves all fragments of a pack. */
const signedKind: SignedKind = { domain: 'holt/fragment/1', unsigned: ['index'] }
export const ROOT_BYTES = 32
/** With 255 roots a descriptor has about 8.5 KiB. */
export const MAX_DESCRIPTOR_BYTES = 16 * 1024
export const MAX_TAIL_BYTES = MAX_DESCRIPTOR_BYTES + 12
export const MAX_PACK_BYTES = 256 * 1024 * 1024
const MAX_CLASS_BYTES = 64
const SHARD_UNIT_BYTES = 64
const magic = utf8('HOLTFRG1')
const FOOTER_BYTES = 4 + magic.length

/** A pack as all its fragments describe it: what one spreading of a pack fixed. */
export interface SpreadPack extends SealedPack {
  /** k */
  dataFragments: number
  /** n */
  totalFragments: number
  shardBytes: number
  /** BLAKE3 of each of the n shards, one after the other. */
  roots: Uint8Array
  /** Public key of the storage principal, which signed this. */
  owner: Uint8Array
  signature: Uint8Array
}

const descriptorShape = record({
  v: version(1),
  kind: literal('fragment'),
  pack: bytesOf(16),
  class: text({ maxBytes: MAX_CLASS_BYTES }),
  k: uint({ min: 1, max: 255 }),
  n: uint({ min: 1, max: 255 }),
  index: uint({ max: 254 }),
  shard: uint({ min: SHARD_UNIT_BYTES, max: MAX_PACK_BYTES }),
  size: uint({ min: 1, max: MAX_PACK_BYTES }),
  toc: arrayOf(uint({ max: MAX_PACK_BYTES }), { min: 2, max: 2 }),
  roots: bytes({ max: 255 * ROOT_BYTES, multipleOf: ROOT_BYTES }),
  owner: bytesOf(32),
  created: uint(),
  sig: bytesOf(64),
})

/** How long each shard of a pack is. */
export function shardBytesOf(packBytes: number, dataFragments: number): number {
  return Math.ceil(packBytes / dataFragments / SHARD_UNIT_BYTES) * SHARD_UNIT_BYTES
}

export function rootOf(spread: SpreadPack, index: number): Uint8Array {
  return spread.roots.subarray(index * ROOT_BYTES, (index + 1) * ROOT_BYTES)
}

function signedFields(spread: Omit<SpreadPack, 'signature'>): Record<string, unknown> {
  return {
    v: 1,
    kind: 'fragment',
    pack: fromHex(spread.id),
    class: spread.redundancyClass,
    k: spread.dataFragments,
    n: spread.totalFragments,
    shard: spread.shardBytes,
    size: spread.sizeBytes,
    toc: [spread.toc.offset, spread.toc.length],
    roots: spread.roots,
    owner: spread.owner,
    created: spread.createdSeconds,
  }
}

export function signSpread(crypto: Crypto, seed: Uint8Array, unsigned: Omit<SpreadPack, 'signature' | 'owner'>): SpreadPack {
  const owned = { ...unsigned, owner: crypto.ed25519PublicKey(seed) }
  return { ...owned, signature: signMap(crypto, signedKind, { map: signedFields(owned), seed }).sig }
}

/** @throws HoltError SIGNATURE_INVALID when it is not `owner`'s, or was altered. */
export function verifySpread(crypto: Crypto, spread: SpreadPack, owner: Uint8Array): void {
  if (!equalBytes(spread.owner, owner)) throw new HoltError('SIGNATURE_INVALID', 'a fragment of another owner', { pack: spread.id })
  verifyMap(crypto, signedKind, { map: { ...signedFields(spread), sig: spread.signature }, signer: owner })
}

/** What follows the shard in the file of fragment `index`. */
export function encodeFragmentTail(spread: SpreadPack, index: number): Uint8Array {
  const descriptor = encode({ ...signedFields(spread), index, sig: spread.signature })
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, descriptor.length)
  return concatBytes([descriptor, length, magic])
}

/**
 * @param end the last bytes of a fragment file, at least its tail (MAX_TAIL_BYTES are always enough).
 * @param fileBytes the size of the whole file, which must be exactly shard and tail.
 * @throws HoltError MALFORMED, UNSUPPORTED_VERSION. The signature is not looked at: see `verifySpread`.
 */
export function parseFragmentTail(end: Uint8Array, fileBytes: number): { spread: SpreadPack; index: number } {
  const footer = end.length - FOOTER_BYTES
  if (footer < 0 || !equalBytes(end.subarray(footer + 4), magic)) throw malformed('does not end as a fragment')
  const length = new DataView(end.buffer, end.byteOffset + footer, 4).getUint32(0)
  if (length > MAX_DESCRIPTOR_BYTES || length > footer) throw malformed(`claims a descriptor of ${length} bytes`)
  const parsed = parseDescriptor(end.slice(footer - length, footer))
  if (parsed.spread.shardBytes + length + FOOTER_BYTES !== fileBytes) throw malformed(`has ${fileBytes} bytes, not those of its descriptor`)
  return parsed
}

/** @param descriptor is kept: `roots` and others are views of it. */
export function parseDescriptor(descriptor: Uint8Array): { spread: SpreadPack; index: number } {
  const d = parse(descriptorShape, descriptor, { maxBytes: MAX_DESCRIPTOR_BYTES, maxDepth: 2, maxItems: 64 })
  const [offset, length] = d.toc as [number, number]
  if (d.k > d.n || d.index >= d.n) throw malformed(`is fragment ${d.index} of ${d.k}-of-${d.n}`)
  if (d.roots.length !== d.n * ROOT_BYTES) throw malformed(`has ${d.roots.length / ROOT_BYTES} roots for ${d.n} fragments`)
  if (d.shard !== shardBytesOf(d.size, d.k)) throw malformed(`has shards of ${d.shard} bytes`)
  if (offset + length > d.size) throw malformed('has its table of contents beyond its end')
  const spread: SpreadPack = {
    id: toHex(d.pack),
    redundancyClass: d.class,
    sizeBytes: d.size,
    toc: { offset, length },
    createdSeconds: d.created,
    dataFragments: d.k,
    totalFragments: d.n,
    shardBytes: d.shard,
    roots: d.roots,
    owner: d.owner,
    signature: d.sig,
  }
  return { spread, index: d.index }
}

function malformed(what: string): HoltError {
  return new HoltError('MALFORMED', `a fragment file ${what}`)
}

/** True when both came from the same spreading: their fragments can be mixed. */
export function isSameSpread(a: SpreadPack, b: SpreadPack): boolean {
  return a.id === b.id && equalBytes(a.signature, b.signature)
}

/** @returns null when `name` is no pack id. */
export function checkPackId(name: string): PackId | null {
  return /^[0-9a-f]{32}$/.test(name) ? name : null
}
