import type { Awaitable, Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { pad, paddedLength } from './padding.ts'
import type { Keys } from './types.ts'

/** Layout of a sealed block, docs/formats.md §2. */
export const AES_256_GCM = 1
export const KEY_NUMBER_OFFSET = 1
export const NONCE_OFFSET = 3
export const NONCE_BYTES = 12
export const SEALED_HEADER_BYTES = 15
export const TAG_BYTES = 16
export const SEALED_OVERHEAD_BYTES = SEALED_HEADER_BYTES + TAG_BYTES
export const MAX_CONTENT_BYTES = 1 << 20
export const MAX_SEALED_BYTES = (1 << 20) + (64 << 10)
const ASSOCIATED_BYTES = 3

/** Keys that are derived when they are needed: those of a root volume's top. */
export interface DerivedKeys {
  /** null when key `number` is not held. */
  key(number: number): Uint8Array | null
}

export type KeySource = Keys | DerivedKeys

export interface SealingKey {
  number: number
  key: Uint8Array
}

export function keyOf(keys: KeySource, number: number): Uint8Array | null {
  return isDerived(keys) ? keys.key(number) : (keys[number] ?? null)
}

function isDerived(keys: KeySource): keys is DerivedKeys {
  return 'key' in keys
}

/** What a new volume begins with. */
export function newestKeyNumber(keys: KeySource): number {
  return isDerived(keys) ? 0 : keys.length - 1
}

/** The key that seals: the newest. */
export function sealingKey(keys: Keys): SealingKey {
  const number = keys.length - 1
  const key = keys[number]
  if (key === undefined) throw new RangeError('no key to seal with')
  return { number, key }
}

/** How many bytes `contentBytes` of content take once they are sealed. */
export function sealedLength(contentBytes: number): number {
  return paddedLength(contentBytes) + SEALED_OVERHEAD_BYTES
}

/** Pads and seals; a promise only when the crypto gives one. */
export function sealBlock(crypto: Crypto, { number, key }: SealingKey, content: Uint8Array): Awaitable<Uint8Array> {
  if (content.length > MAX_CONTENT_BYTES)
    throw new HoltError('TOO_LARGE', `${content.length} bytes in one block`, { sizeBytes: content.length })
  const header = new Uint8Array(SEALED_HEADER_BYTES)
  header[0] = AES_256_GCM
  header[KEY_NUMBER_OFFSET] = number >> 8
  header[KEY_NUMBER_OFFSET + 1] = number
  const nonce = crypto.randomBytes(NONCE_BYTES)
  header.set(nonce, NONCE_OFFSET)
  const sealed = crypto.seal(key, nonce, pad(content), header.subarray(0, ASSOCIATED_BYTES))
  return sealed instanceof Promise ? sealed.then((bytes) => joined(header, bytes)) : joined(header, sealed)
}

function joined(header: Uint8Array, sealed: Uint8Array): Uint8Array {
  const block = new Uint8Array(header.length + sealed.length)
  block.set(header)
  block.set(sealed, header.length)
  return block
}

/** Which of its owner's keys a block was sealed with. @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function sealedKeyNumber(sealed: Uint8Array): number {
  if (sealed.length < SEALED_OVERHEAD_BYTES || sealed.length > MAX_SEALED_BYTES) {
    throw new HoltError('MALFORMED', `a sealed block has no ${sealed.length} bytes`, { sizeBytes: sealed.length })
  }
  if (sealed[0] !== AES_256_GCM) throw new HoltError('UNSUPPORTED_VERSION', `sealing algorithm ${sealed[0]} is not known here`)
  return ((sealed[KEY_NUMBER_OFFSET] as number) << 8) | (sealed[KEY_NUMBER_OFFSET + 1] as number)
}

/**
 * @returns the content with the zeros that pad it.
 * @throws HoltError MALFORMED, UNSUPPORTED_VERSION, DECRYPTION_FAILED (also when its key is not held).
 */
export function openBlock(crypto: Crypto, keys: KeySource, sealed: Uint8Array): Awaitable<Uint8Array> {
  const number = sealedKeyNumber(sealed)
  const key = keyOf(keys, number)
  if (key === null) throw new HoltError('DECRYPTION_FAILED', `key number ${number} is not held`, { keyNumber: number })
  const nonce = sealed.subarray(NONCE_OFFSET, SEALED_HEADER_BYTES)
  return crypto.open(key, nonce, sealed.subarray(SEALED_HEADER_BYTES), sealed.subarray(0, ASSOCIATED_BYTES))
}
