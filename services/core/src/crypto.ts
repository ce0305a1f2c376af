/**
 * The cryptography that Holt uses, as one interface with two implementations that pass the same cases
 * (`crypto-cases.ts`): `webCrypto` here (Web Crypto and @noble/*) and `nodejsCrypto` in platform-nodejs (node:crypto).
 * BLAKE3 is not here: it is the same Wasm kernel everywhere (`blake3.ts`).
 */
export interface Crypto {
  randomBytes(length: number): Uint8Array

  /** AES-256-GCM. @returns ciphertext then the 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Awaitable<Uint8Array>
  /** @throws HoltError DECRYPTION_FAILED */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Awaitable<Uint8Array>

  /** HKDF-SHA256 (RFC 5869). */
  hkdf(secret: Uint8Array, options: { salt: Uint8Array; info: Uint8Array; lengthBytes: number }): Uint8Array

  /** Ed25519 (RFC 8032); `seed` is the 32-byte private key. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean

  /** X25519 (RFC 7748). @throws HoltError MALFORMED for a low-order point. */
  x25519PublicKey(secret: Uint8Array): Uint8Array
  x25519(secret: Uint8Array, publicKey: Uint8Array): Uint8Array

  /** Hardens a passphrase: scrypt (RFC 7914) with N = 2^`costLog2`, r = 8, p = 1. */
  scrypt(passphrase: Uint8Array, salt: Uint8Array, options: { costLog2: number; lengthBytes: number }): Promise<Uint8Array>
}

export type Awaitable<T> = T | Promise<T>
