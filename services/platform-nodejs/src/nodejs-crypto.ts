import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
  randomFillSync,
  scrypt,
} from 'node:crypto'
import { concatBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { isUsablePublicKey } from '@holt/core/ed25519-key.ts'
import { HoltError } from '@holt/core/errors.ts'
import { AEAD_TAG_BYTES, checkAead, decryptionFailed } from '@holt/core/web-crypto.ts'
import { KeyObjectCache } from './key-object-cache.ts'

/** What stands before the 32 raw bytes in DER (RFC 8410). */
const ED25519_SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)
const X25519_SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00)
const ED25519_PKCS8 = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20)
const X25519_PKCS8 = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20)

/** Importing a key costs as much as verifying with it. */
const publicKeys = new KeyObjectCache(256, (raw) => importPublic(ED25519_SPKI, raw))
const privateKeys = new KeyObjectCache(8, (seed) => importPrivate(ED25519_PKCS8, seed))

/** `Crypto` on node:crypto; `seal` and `open` answer at once. */
export const nodejsCrypto: Crypto = {
  randomBytes: (length) => randomFillSync(new Uint8Array(length)),
  seal,
  open,
  hkdf: (secret, { salt, info, lengthBytes }) => new Uint8Array(hkdfSync('sha256', secret, salt, info, lengthBytes)),
  ed25519PublicKey: (seed) => rawPublicKey(privateKeys.get(checkSecret(seed))),
  sign: (seed, message) => plainBytes(nodeSign(null, message, privateKeys.get(checkSecret(seed)))),
  verify,
  x25519PublicKey: (secret) => rawPublicKey(importPrivate(X25519_PKCS8, checkSecret(secret))),
  x25519,
  scrypt: (passphrase, salt, { costLog2, lengthBytes }) =>
    new Promise((resolve, reject) => {
      const options = { N: 2 ** costLog2, r: 8, p: 1, maxmem: 2 ** (costLog2 + 11) }
      scrypt(passphrase, salt, lengthBytes, options, (error, key) => (error ? reject(error) : resolve(plainBytes(key))))
    }),
}

function seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array {
  checkAead(key, nonce)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associated)
  const sealed = new Uint8Array(plaintext.length + AEAD_TAG_BYTES)
  sealed.set(cipher.update(plaintext))
  cipher.final()
  sealed.set(cipher.getAuthTag(), plaintext.length)
  return sealed
}

function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array {
  checkAead(key, nonce)
  const length = sealed.length - AEAD_TAG_BYTES
  if (length < 0) throw decryptionFailed()
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: AEAD_TAG_BYTES })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(length))
  const plaintext = decipher.update(sealed.subarray(0, length))
  try {
    decipher.final()
  } catch (cause) {
    throw decryptionFailed(cause)
  }
  return plainBytes(plaintext)
}

function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isUsablePublicKey(publicKey)) return false
  return nodeVerify(null, message, publicKeys.get(publicKey), signature)
}

function x25519(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const privateKey = importPrivate(X25519_PKCS8, checkSecret(secret))
  try {
    return plainBytes(diffieHellman({ privateKey, publicKey: importPublic(X25519_SPKI, publicKey) }))
  } catch (cause) {
    throw new HoltError('MALFORMED', 'not a usable X25519 public key', {}, { cause })
  }
}

function importPublic(prefix: Uint8Array, raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(concatBytes([prefix, raw])), format: 'der', type: 'spki' })
}

function importPrivate(prefix: Uint8Array, raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(concatBytes([prefix, raw])), format: 'der', type: 'pkcs8' })
}

function rawPublicKey(privateKey: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32))
}

function checkSecret(secret: Uint8Array): Uint8Array {
  if (secret.length !== 32) throw new RangeError('a private key is 32 bytes')
  return secret
}

/** A Uint8Array over the same memory: a Buffer's `slice` would share what others take for a copy. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
