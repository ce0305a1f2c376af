import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import { bytesOf, literal, nullable, parse, record, text, uint, version } from '@holt/core/shape.ts'
import { SHARE_SECRET_BYTES } from '@holt/tree/caps/share-link.ts'

/** A link the owner gave away: docs/formats.md §5. */
export interface Share {
  secret: Uint8Array
  path: string
  /** For who opens the link. */
  label: string
  /** Seconds since 1970. */
  made: number
  /** The last second in which it opens; null: until it is taken back. */
  expires: number | null
}

export const MAX_SHARED_PATH_BYTES = 16_384
export const MAX_SHARE_LABEL_BYTES = 1024

const shareShape = record({
  v: version(1),
  kind: literal('share'),
  secret: bytesOf(SHARE_SECRET_BYTES),
  path: text({ maxBytes: MAX_SHARED_PATH_BYTES }),
  label: text({ maxBytes: MAX_SHARE_LABEL_BYTES }),
  made: uint(),
  expires: nullable(uint()),
})

/** @param key of the shares, which follows from the root key. */
export function sealShareRecord(crypto: Crypto, key: Uint8Array, share: Share): Promise<Uint8Array> {
  return sealSecret(crypto, key, encode({ v: 1, kind: 'share', ...share }))
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION; DECRYPTION_FAILED for those of another root key. */
export async function openShareRecord(crypto: Crypto, key: Uint8Array, file: Uint8Array): Promise<Share> {
  const { secret, path, label, made, expires } = parse(shareShape, await openSecret(crypto, key, file))
  return { secret, path, label, made, expires }
}

export function hasExpired({ expires }: Share, nowSeconds: number): boolean {
  return expires !== null && Math.floor(nowSeconds) > expires
}
