import { gcm } from '@noble/ciphers/aes.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, equalBytes } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import { isUsablePublicKey } from './ed25519-key.ts'
import { HoltError } from './errors.ts'

/** What a platform may offer: all of Web Crypto, random numbers only, or (Node 18) nothing. */
export interface WebCryptoSource {
  getRandomValues?: globalThis.Crypto['getRandomValues']
  subtle?: SubtleCrypto
}

const RANDOM_VALUES_LIMIT = 65_536
export const AEAD_KEY_BYTES = 32
export const AEAD_NONCE_BYTES = 12
export const AEAD_TAG_BYTES = 16

/** Looks at `globalThis.crypto` when it is used, so that a polyfill may come later. */
export const webCrypto: Crypto = createWebCrypto(() => globalThis.crypto as WebCryptoSource | undefined)

/** @param source Web Crypto of the platform; without `subtle` AES-GCM runs in JavaScript. */
export function createWebCrypto(source: () => WebCryptoSource | undefined): Crypto {
  return {
    randomBytes: (length) => randomBytes(source(), length),
    seal(key, nonce, plaintext, associated) {
      checkAead(key, nonce)
      const subtle = source()?.subtle
      return subtle ? sealSubtle(subtle, { key, nonce, associated }, plaintext) : gcm(key, nonce, associated).encrypt(plaintext)
    },
    open(key, nonce, sealed, associated) {
      checkAead(key, nonce)
      const subtle = source()?.subtle
      return subtle ? openSubtle(subtle, { key, nonce, associated }, sealed) : openNoble({ key, nonce, associated }, sealed)
    },
    hkdf: (secret, { salt, info, lengthBytes }) => hkdf(sha256, secret, salt, info, lengthBytes),
    ed25519PublicKey: (seed) => ed25519.getPublicKey(seed),
    sign: (seed, message) => ed25519.sign(message, seed),
    verify,
    x25519PublicKey: (secret) => x25519.getPublicKey(secret),
    x25519: agree,
    scrypt: (passphrase, salt, { costLog2, lengthBytes }) =>
      scryptAsync(passphrase, salt, { N: 2 ** costLog2, r: 8, p: 1, dkLen: lengthBytes, maxmem: 2 ** (costLog2 + 11) }),
  }
}

interface Aead {
  key: Uint8Array
  nonce: Uint8Array
  associated: Uint8Array
}

/** @throws RangeError: a key or nonce of another length is our own bug. */
export function checkAead(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== AEAD_KEY_BYTES || nonce.length !== AEAD_NONCE_BYTES)
    throw new RangeError('AES-256-GCM takes a key of 32 bytes and a nonce of 12')
}

function randomBytes(source: WebCryptoSource | undefined, length: number): Uint8Array {
  if (!source?.getRandomValues) throw new TypeError('this platform has no secure random numbers: pass its Web Crypto')
  const random = new Uint8Array(length)
  for (let at = 0; at < length; at += RANDOM_VALUES_LIMIT) source.getRandomValues(random.subarray(at, at + RANDOM_VALUES_LIMIT))
  return random
}

async function sealSubtle(subtle: SubtleCrypto, aead: Aead, plaintext: Uint8Array): Promise<Uint8Array> {
  const key = await subtle.importKey('raw', unshared(aead.key), 'AES-GCM', false, ['encrypt'])
  return new Uint8Array(await subtle.encrypt(gcmParameters(aead), key, unshared(plaintext)))
}

async function openSubtle(subtle: SubtleCrypto, aead: Aead, sealed: Uint8Array): Promise<Uint8Array> {
  const key = await subtle.importKey('raw', unshared(aead.key), 'AES-GCM', false, ['decrypt'])
  try {
    return new Uint8Array(await subtle.decrypt(gcmParameters(aead), key, unshared(sealed)))
  } catch (cause) {
    throw decryptionFailed(cause)
  }
}

function openNoble({ key, nonce, associated }: Aead, sealed: Uint8Array): Uint8Array {
  try {
    return gcm(key, nonce, associated).decrypt(sealed)
  } catch (cause) {
    throw decryptionFailed(cause)
  }
}

export function decryptionFailed(cause?: unknown): HoltError {
  return new HoltError('DECRYPTION_FAILED', 'the key does not fit, or the bytes were altered', {}, { cause })
}

function gcmParameters({ nonce, associated }: Aead): AesGcmParams {
  return { name: 'AES-GCM', iv: unshared(nonce), additionalData: unshared(associated), tagLength: 8 * AEAD_TAG_BYTES }
}

/** Web Crypto takes no view of shared memory. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes)
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return typeof SharedArrayBuffer === 'undefined' || !(bytes.buffer instanceof SharedArrayBuffer)
}

/**
 * RFC 8032 §5.1.7 without the cofactor, as OpenSSL does it: noble's own `verify` multiplies by 8 and would accept
 * signatures under mixed-order keys that OpenSSL refuses.
 */
function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isUsablePublicKey(publicKey)) return false
  const { Point } = ed25519
  const s = littleEndian(signature.subarray(32))
  if (s >= Point.Fn.ORDER) return false
  const r = signature.subarray(0, 32)
  const challenge = littleEndian(sha512(concatBytes([r, publicKey, message]))) % Point.Fn.ORDER
  try {
    const expected = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey).multiplyUnsafe(challenge))
    return equalBytes(expected.toBytes(), r)
  } catch {
    return false // the key is not on the curve
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number)
  return value
}

function agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  if (secret.length !== 32) throw new RangeError('an X25519 secret is 32 bytes')
  try {
    return x25519.getSharedSecret(secret, publicKey)
  } catch (cause) {
    throw new HoltError('MALFORMED', 'not a usable X25519 public key', {}, { cause })
  }
}
