import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'

/** As WireGuard writes keys: 32 bytes in base64. */
export interface WireguardKeys {
  privateKey: string
  publicKey: string
}

export function newWireguardKeys(): WireguardKeys {
  const { d = '', x = '' } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  return { privateKey: base64(d), publicKey: base64(x) }
}

export function newPresharedKey(): string {
  return randomBytes(32).toString('base64')
}

/** RFC 8410: what stands before the 32 bytes of an X25519 private key in PKCS #8. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex')

export function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.from(privateKey, 'base64')])
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' })
  return base64(x)
}

function base64(base64Url: string): string {
  return Buffer.from(base64Url, 'base64url').toString('base64')
}
