import { createCipheriv, createECDH, createPrivateKey, hkdfSync, randomBytes, sign } from 'node:crypto'

/** What the browser gave for one subscription: only it can open what is sealed for these. */
export interface PushKeys {
  /** P-256, uncompressed, 65 bytes. */
  p256dh: Uint8Array
  /** 16 bytes. */
  auth: Uint8Array
}

const CURVE = 'prime256v1'
const RECORD_BYTES = 4096
const TAG_BYTES = 16
/** All messages are of one length, which says nothing of what is in them. */
const PADDED_BYTES = 256

interface SealOptions {
  /** For the examples of the RFC only: elsewhere both are made anew for each message. */
  privateKey?: Uint8Array
  salt?: Uint8Array
  paddedBytes?: number
}

/**
 * Seals one message for a browser, in one record of aes128gcm.
 *
 * Source: RFC 8291 (keys), RFC 8188 (content encoding).
 */
export function sealPush(text: Uint8Array, { p256dh, auth }: PushKeys, options: SealOptions = {}): Uint8Array {
  const { privateKey, salt = randomBytes(16), paddedBytes = PADDED_BYTES } = options
  const own = createECDH(CURVE)
  if (privateKey === undefined) own.generateKeys()
  else own.setPrivateKey(privateKey)
  const publicKey = own.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, publicKey])
  const key = derive(own.computeSecret(p256dh), { salt: auth, info, length: 32 })
  const cipher = createCipheriv(
    'aes-128-gcm',
    derive(key, { salt, info: Buffer.from('Content-Encoding: aes128gcm\0'), length: 16 }),
    derive(key, { salt, info: Buffer.from('Content-Encoding: nonce\0'), length: 12 }),
  )
  const padding = new Uint8Array(Math.max(0, paddedBytes - text.length))
  const sealed = Buffer.concat([cipher.update(Buffer.concat([text, Uint8Array.of(2), padding])), cipher.final(), cipher.getAuthTag()])
  const header = Buffer.alloc(21)
  header.set(salt)
  header.writeUInt32BE(RECORD_BYTES, 16)
  header.writeUInt8(publicKey.length, 20)
  if (sealed.length > RECORD_BYTES - TAG_BYTES) throw new RangeError('a push message is longer than one record')
  return Buffer.concat([header, publicKey, sealed])
}

function derive(secret: Uint8Array, { salt, info, length }: { salt: Uint8Array; info: Uint8Array; length: number }): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length))
}

/** The pair by which push services know this node: base64url. */
export interface SenderKeys {
  publicKey: string
  privateKey: string
}

export function newSenderKeys(): SenderKeys {
  const pair = createECDH(CURVE)
  pair.generateKeys()
  return { publicKey: pair.getPublicKey('base64url'), privateKey: pair.getPrivateKey().toString('base64url') }
}

const TOKEN_SECONDS = 12 * 3600

/** Says to one push service who sends. Source: RFC 8292 (VAPID). */
export function senderHeader(
  { publicKey, privateKey }: SenderKeys,
  { origin, contact, nowMs }: { origin: string; contact: string; nowMs: number },
): string {
  const claims = { aud: origin, exp: Math.floor(nowMs / 1000) + TOKEN_SECONDS, sub: contact }
  const body = [{ typ: 'JWT', alg: 'ES256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: privateKey,
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const signature = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' })
  return `vapid t=${body}.${signature.toString('base64url')}, k=${publicKey}`
}

/** Whether a browser may have made it: a point of the curve, in the form of 65 bytes. */
export function isPushPoint(p256dh: Uint8Array): boolean {
  if (p256dh.length !== 65 || p256dh[0] !== 4) return false
  try {
    const probe = createECDH(CURVE)
    probe.generateKeys()
    probe.computeSecret(p256dh)
    return true
  } catch {
    return false
  }
}
