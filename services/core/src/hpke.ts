import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8 } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import { HoltError } from './errors.ts'

/**
 * HPKE (RFC 9180), base mode, one message per key: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 * Where the RFC has Extract then Expand with nothing between, `Crypto.hkdf` is both.
 */
export interface HpkeMessage {
  /** The ephemeral public key. */
  enc: Uint8Array
  ct: Uint8Array
}

export interface HpkeContext {
  info: Uint8Array
  associated?: Uint8Array
}

const KEM_SUITE = Uint8Array.of(...utf8('KEM'), 0x00, 0x20)
const SUITE = Uint8Array.of(...utf8('HPKE'), 0x00, 0x20, 0x00, 0x01, 0x00, 0x02)
const VERSION = utf8('HPKE-v1')
const MODE_BASE = Uint8Array.of(0)
const NOTHING = new Uint8Array(0)
const KEY_BYTES = 32
const NONCE_BYTES = 12
const SHARED_SECRET_BYTES = 32

/**
 * @param recipient X25519 public key.
 * @throws HoltError MALFORMED for a recipient key of low order.
 */
export async function hpkeSeal(crypto: Crypto, recipient: Uint8Array, plaintext: Uint8Array, context: HpkeContext): Promise<HpkeMessage> {
  const { enc, sharedSecret } = encapsulate(crypto, recipient, crypto.randomBytes(32))
  const { key, nonce } = keySchedule(crypto, sharedSecret, context.info)
  return { enc, ct: await crypto.seal(key, nonce, plaintext, context.associated ?? NOTHING) }
}

/**
 * @param secret the recipient's X25519 secret.
 * @throws HoltError DECRYPTION_FAILED, whatever was wrong with the message.
 */
export async function hpkeOpen(crypto: Crypto, secret: Uint8Array, message: HpkeMessage, context: HpkeContext): Promise<Uint8Array> {
  const { key, nonce } = keySchedule(crypto, decapsulate(crypto, secret, message.enc), context.info)
  return crypto.open(key, nonce, message.ct, context.associated ?? NOTHING)
}

/** RFC 9180 §4.1 Encap, with the ephemeral secret given. */
export function encapsulate(crypto: Crypto, recipient: Uint8Array, ephemeral: Uint8Array): { enc: Uint8Array; sharedSecret: Uint8Array } {
  const enc = crypto.x25519PublicKey(ephemeral)
  return { enc, sharedSecret: extractAndExpand(crypto, crypto.x25519(ephemeral, recipient), concatBytes([enc, recipient])) }
}

/** RFC 9180 §4.1 Decap. */
export function decapsulate(crypto: Crypto, secret: Uint8Array, enc: Uint8Array): Uint8Array {
  try {
    return extractAndExpand(crypto, crypto.x25519(secret, enc), concatBytes([enc, crypto.x25519PublicKey(secret)]))
  } catch (cause) {
    throw new HoltError('DECRYPTION_FAILED', 'the ephemeral key is not usable', {}, { cause })
  }
}

function extractAndExpand(crypto: Crypto, dh: Uint8Array, kemContext: Uint8Array): Uint8Array {
  return crypto.hkdf(labeledInput(KEM_SUITE, 'eae_prk', dh), {
    salt: NOTHING,
    info: labeledInfo(KEM_SUITE, { label: 'shared_secret', info: kemContext, length: SHARED_SECRET_BYTES }),
    lengthBytes: SHARED_SECRET_BYTES,
  })
}

/** RFC 9180 §5.1 KeySchedule without a pre-shared key; the nonce is that of the first message. */
function keySchedule(crypto: Crypto, sharedSecret: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const context = concatBytes([MODE_BASE, labeledExtract('psk_id_hash', NOTHING), labeledExtract('info_hash', info)])
  const expand = (label: string, length: number): Uint8Array =>
    crypto.hkdf(labeledInput(SUITE, 'secret', NOTHING), {
      salt: sharedSecret,
      info: labeledInfo(SUITE, { label, info: context, length }),
      lengthBytes: length,
    })
  return { key: expand('key', KEY_BYTES), nonce: expand('base_nonce', NONCE_BYTES) }
}

/** Extract alone is HMAC keyed with the salt, here none. */
function labeledExtract(label: string, input: Uint8Array): Uint8Array {
  return hmac(sha256, NOTHING, labeledInput(SUITE, label, input))
}

function labeledInput(suite: Uint8Array, label: string, input: Uint8Array): Uint8Array {
  return concatBytes([VERSION, suite, utf8(label), input])
}

function labeledInfo(suite: Uint8Array, { label, info, length }: { label: string; info: Uint8Array; length: number }): Uint8Array {
  return concatBytes([Uint8Array.of(length >> 8, length & 0xff), VERSION, suite, utf8(label), info])
}
