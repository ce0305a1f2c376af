import { CborReader, type DecodeLimits } from './cbor-reader.ts'
import { CborWriter } from './cbor-writer.ts'
import { HoltError } from './errors.ts'

export type { DecodeLimits } from './cbor-reader.ts'

/**
 * DAG-CBOR as every stored and sent structure of Holt uses it: text, bytes (`Uint8Array`), integers within 2^53,
 * booleans, null, arrays, maps. There are no tags: a CID is a byte string of 36 bytes.
 *
 * Own code because the libraries that are strict enough do not load on Node 18 or cannot carry every map key.
 */

/** A sealed block opened is smaller; callers that expect more, or less, say so. */
export const defaultDecodeLimits: DecodeLimits = { maxBytes: 2 << 20, maxDepth: 16, maxItems: 1 << 18 }

const writer = new CborWriter()

/**
 * The one encoding of `value`: equal values give equal bytes. Fields that are undefined are left out.
 *
 * @throws TypeError, RangeError for what DAG-CBOR cannot carry: our own bug.
 */
export function encode(value: unknown): Uint8Array {
  return writer.encode(value)
}

/**
 * As `encode`, without copying long byte strings: they are parts of the result as they are, and must not change while it is used.
 *
 * @param options `before`: so many bytes in front of the first part are the caller's to fill.
 */
export function encodeInParts(value: unknown, { before = 0 } = {}): Uint8Array[] {
  return writer.encodeInParts(value, before)
}

/**
 * Decodes exactly one item; what is accepted encodes to the same bytes again.
 *
 * @returns plain values; byte strings are views of `bytes`, which must not change while they are used.
 * @throws HoltError MALFORMED for anything else than one item in its one encoding within the limits.
 */
export function decode(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): unknown {
  const { value, length } = decodePrefix(bytes, limits)
  if (length !== bytes.length) throw new HoltError('MALFORMED', `${bytes.length - length} bytes follow the CBOR item`, { offset: length })
  return value
}

/** Decodes the item that `bytes` begin with; anything may follow. */
export function decodePrefix(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): { value: unknown; length: number } {
  const reader = new CborReader(bytes, { ...defaultDecodeLimits, ...limits })
  const value = reader.readValue()
  return { value, length: reader.position }
}

/** Decodes an item that is followed by nothing but zeros, as in a sealed block. */
export function decodePadded(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): unknown {
  const { value, length } = decodePrefix(bytes, limits)
  for (let i = length; i < bytes.length; i++) {
    if (bytes[i] !== 0) throw new HoltError('MALFORMED', 'the padding is not zero', { offset: i })
  }
  return value
}
