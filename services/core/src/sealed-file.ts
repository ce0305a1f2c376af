import { utf8 } from './bytes.ts'
import { encode } from './codec.ts'
import type { Crypto } from './crypto.ts'
import * as shape from './shape.ts'
import { AEAD_NONCE_BYTES } from './web-crypto.ts'

const ASSOCIATED = utf8('holt/sealed/1')
const MAX_SECRET_BYTES = 64 << 10

const sealedFile = shape.record({
  v: shape.version(1),
  kind: shape.literal('sealed'),
  nonce: shape.bytesOf(AEAD_NONCE_BYTES),
  ct: shape.bytes({ max: MAX_SECRET_BYTES + 16 }),
})

/** A small secret under a 32-byte key that lies elsewhere, such as a node's own copy of the root key. */
export async function sealSecret(crypto: Crypto, fileKey: Uint8Array, secret: Uint8Array): Promise<Uint8Array> {
  if (secret.length > MAX_SECRET_BYTES) throw new RangeError('a secret is small')
  const nonce = crypto.randomBytes(AEAD_NONCE_BYTES)
  return encode({ v: 1, kind: 'sealed', nonce, ct: await crypto.seal(fileKey, nonce, secret, ASSOCIATED) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION; DECRYPTION_FAILED for another key or altered bytes. */
export async function openSecret(crypto: Crypto, fileKey: Uint8Array, file: Uint8Array): Promise<Uint8Array> {
  const { nonce, ct } = shape.parse(sealedFile, file)
  return crypto.open(fileKey, nonce, ct, ASSOCIATED)
}
