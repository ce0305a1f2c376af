import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes, toHex, utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'

const TAG_BYTES = 16
const LENGTH_BYTES = 4
const kinds = ['ed25519', 'x25519', 'hkdf', 'shared', 'scrypt', 'signature', 'seal'] as const
type Kind = (typeof kinds)[number]

/** Random bytes that follow from the seed of a world. @param random numbers in 0…1. */
export function seededBytes(random: () => number): (length: number) => Uint8Array {
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 4) {
      const word = Math.floor(random() * 0x1_0000_0000)
      for (let i = at; i < Math.min(length, at + 4); i++) bytes[i] = (word >>> (8 * (i - at))) & 255
    }
    return bytes
  }
}

/** Real cryptography, with randomness that follows from a seed. */
export function seededCrypto(random: () => number): Crypto {
  return { ...nodejsCrypto, randomBytes: seededBytes(random) }
}

/** A key pair that follows from a seed and a name. */
export function namedKeyPair(crypto: Crypto, name: string): KeyPair {
  const seed = blake3(utf8(name))
  return { seed, publicKey: crypto.ed25519PublicKey(seed) }
}

/**
 * Stands for real cryptography where many seeds are run: what a signature or a seal says is told by one who knows all secrets, who tells nobody. So
 * nothing verifies but what was signed with the secret of that key over these bytes, and nothing opens but with the key it was sealed with; a changed
 * byte is found as it would be. Above `Crypto` nobody can tell the difference, for nobody looks into signatures and seals. Secret it keeps nothing.
 */
export function simulatedCrypto(random: () => number): Crypto {
  const secrets = new Map<string, Uint8Array>()
  const publics = new Map<string, Uint8Array>()
  const publicOf = (kind: 'ed25519' | 'x25519', secret: Uint8Array): Uint8Array => {
    const known = publics.get(kind + toHex(secret))
    if (known !== undefined) return known.slice()
    const key = hashed(kind, secret)
    key[31] = (key[31] as number) & 0x7f // as those of the curve
    publics.set(kind + toHex(secret), key)
    secrets.set(kind + toHex(key), secret.slice())
    return key.slice()
  }
  return {
    randomBytes: seededBytes(random),
    seal: (key, nonce, plaintext, associated) => concatBytes([plaintext, tagOf({ key, nonce, plaintext, associated })]),
    open: (key, nonce, sealed, associated) => {
      const plaintext = sealed.slice(0, Math.max(0, sealed.length - TAG_BYTES))
      if (!equalBytes(tagOf({ key, nonce, plaintext, associated }), sealed.subarray(plaintext.length)))
        throw new HoltError('DECRYPTION_FAILED', 'it was sealed with another key, or changed')
      return plaintext
    },
    hkdf: (secret, { salt, info, lengthBytes }) => {
      const parts = Array.from({ length: Math.ceil(lengthBytes / 32) }, (_, i) => hashed('hkdf', secret, salt, info, Uint8Array.of(i)))
      return concatBytes(parts).slice(0, lengthBytes)
    },
    ed25519PublicKey: (seed) => publicOf('ed25519', seed),
    sign: signed,
    verify: (publicKey, message, signature) => {
      const secret = secrets.get(`ed25519${toHex(publicKey)}`)
      return secret !== undefined && equalBytes(signed(secret, message), signature)
    },
    x25519PublicKey: (secret) => publicOf('x25519', secret),
    x25519: (secret, publicKey) => {
      const other = secrets.get(`x25519${toHex(publicKey)}`)
      if (other === undefined) throw new HoltError('MALFORMED', 'not a usable X25519 public key')
      const [one, two] = toHex(secret) < toHex(other) ? [secret, other] : [other, secret]
      return hashed('shared', one, two)
    },
    scrypt: async (passphrase, salt, { lengthBytes }) =>
      concatBytes([hashed('scrypt', passphrase, salt), new Uint8Array(lengthBytes)]).slice(0, lengthBytes),
  }
}

/** Parts with their lengths before them, so that none can be taken for another. */
function hashed(what: Kind, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = LENGTH_BYTES
  for (const part of parts) length += LENGTH_BYTES + part.length
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, kinds.indexOf(what))
  let at = LENGTH_BYTES
  for (const part of parts) {
    view.setUint32(at, part.length)
    bytes.set(part, at + LENGTH_BYTES)
    at += LENGTH_BYTES + part.length
  }
  return blake3(bytes)
}

function signed(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const half = hashed('signature', secret, message)
  return concatBytes([half, half])
}

function tagOf({ key, nonce, plaintext, associated }: Record<'key' | 'nonce' | 'plaintext' | 'associated', Uint8Array>): Uint8Array {
  return hashed('seal', key, nonce, plaintext, associated).slice(0, TAG_BYTES)
}
