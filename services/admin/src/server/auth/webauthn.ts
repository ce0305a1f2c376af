import { createHash, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { HoltError } from '@holt/core/errors.ts'

/**
 * The checks of a relying party (Web Authentication Level 3, §7.1 and §7.2) for passkeys without attestation: what kind of device made a key is
 * not asked, so that neither certificates nor CBOR have to be read; the browser hands over the public key in the form of X.509.
 */

export const ALGORITHMS = { ES256: -7, EdDSA: -8, RS256: -257 } as const

/** Where the page is, as the browser must say it too. */
export interface RelyingParty {
  id: string
  origin: string
}

export interface AuthenticatorData {
  counter: number
  /** Only of a new passkey. */
  credentialId: Buffer | null
}

const PRESENT = 0x01
const VERIFIED = 0x04
const WITH_CREDENTIAL = 0x40
const HEAD_BYTES = 37
const AAGUID_BYTES = 16
const MOST_ID_BYTES = 1023

/**
 * What the browser says that it asked for.
 *
 * @returns the challenge. @throws HoltError SIGN_IN_FAILED for another place or another thing.
 */
export function readClientData(bytes: Buffer, type: 'webauthn.create' | 'webauthn.get', { origin }: RelyingParty): string {
  const said = parse(bytes)
  if (said['type'] !== type || said['origin'] !== origin || said['crossOrigin'] === true || typeof said['challenge'] !== 'string')
    throw refused('the passkey was used for another page')
  return said['challenge']
}

function parse(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw refused('what the browser says of the passkey cannot be read')
}

/** @throws HoltError SIGN_IN_FAILED unless it is for this page, somebody was there, and the device made sure who. */
export function readAuthenticatorData(bytes: Buffer, rp: RelyingParty): AuthenticatorData {
  const hash = createHash('sha256').update(rp.id).digest()
  if (bytes.length < HEAD_BYTES || !timingSafeEqual(bytes.subarray(0, 32), hash)) throw refused('the passkey is of another page')
  const flags = bytes[32] as number
  if ((flags & PRESENT) === 0 || (flags & VERIFIED) === 0) throw refused('the device did not make sure who is there')
  const credentialId = (flags & WITH_CREDENTIAL) === 0 ? null : credentialIdOf(bytes)
  return { counter: bytes.readUInt32BE(33), credentialId }
}

function credentialIdOf(bytes: Buffer): Buffer {
  const at = HEAD_BYTES + AAGUID_BYTES
  const length = bytes.length >= at + 2 ? bytes.readUInt16BE(at) : 0
  if (length === 0 || length > MOST_ID_BYTES || bytes.length < at + 2 + length) throw refused('the passkey has no id')
  return bytes.subarray(at + 2, at + 2 + length)
}

/** @throws HoltError INPUT_INVALID for a key that is none of the algorithm's. */
export function readPublicKey(spki: Buffer, algorithm: number): KeyObject {
  const key = importKey(spki)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const fits =
    (algorithm === ALGORITHMS.ES256 && type === 'ec' && details?.namedCurve === 'prime256v1') ||
    (algorithm === ALGORITHMS.EdDSA && type === 'ed25519') ||
    (algorithm === ALGORITHMS.RS256 && type === 'rsa' && (details?.modulusLength ?? 0) >= 2048)
  if (!fits) throw new HoltError('INPUT_INVALID', 'this kind of passkey is not known', { algorithm })
  return key
}

function importKey(spki: Buffer): KeyObject {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' })
  } catch (error) {
    throw new HoltError('INPUT_INVALID', 'the public key cannot be read', {}, { cause: error })
  }
}

export interface Assertion {
  authenticatorData: Buffer
  clientData: Buffer
  signature: Buffer
}

export function signatureFits(key: KeyObject, { authenticatorData, clientData, signature }: Assertion): boolean {
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key, signature)
  } catch {
    return false
  }
}

function refused(text: string): HoltError {
  return new HoltError('SIGN_IN_FAILED', text)
}
