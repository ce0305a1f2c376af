import { ed25519 } from '@noble/curves/ed25519.js'
import { base58btc } from 'multiformats/bases/base58'
import { concatBytes, equalBytes } from './bytes.ts'
import { isUsablePublicKey } from './ed25519-key.ts'
import { HoltError } from './errors.ts'

/** A principal is its Ed25519 public key; people and the network see it as a libp2p PeerId. */
export type Principal = Uint8Array

/** Identity multihash (0x00, 36 bytes) of the protobuf PublicKey {type: Ed25519, data: 32 bytes}. */
const PEER_ID_PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const PEER_ID_BYTES = PEER_ID_PREFIX.length + 32
/** Base58 takes quadratic time. */
const LONGEST_TEXT = 64

/** `12D3Koo…` */
export function principalToText(principal: Principal): string {
  return base58btc.baseEncode(concatBytes([PEER_ID_PREFIX, principal]))
}

/** @throws HoltError MALFORMED when it is not the PeerId text of an Ed25519 key. */
export function principalFromText(text: string): Principal {
  const bytes = text.length <= LONGEST_TEXT ? decodeBase58(text) : null
  const isPeerId = bytes?.length === PEER_ID_BYTES && equalBytes(bytes.subarray(0, PEER_ID_PREFIX.length), PEER_ID_PREFIX)
  if (!isPeerId) throw new HoltError('MALFORMED', 'not the PeerId of an Ed25519 key')
  return checkPrincipal(bytes.subarray(PEER_ID_PREFIX.length))
}

/** @throws HoltError MALFORMED for bytes under which no one, or anyone, can sign. */
export function checkPrincipal(principal: Uint8Array): Principal {
  if (!isUsablePublicKey(principal)) throw new HoltError('MALFORMED', 'not a usable Ed25519 public key')
  return principal
}

function decodeBase58(text: string): Uint8Array | null {
  try {
    return base58btc.baseDecode(text)
  } catch {
    return null
  }
}

/**
 * The X25519 public key of the same person, by the birational map (RFC 7748 §4.1), so that one key signs and receives.
 *
 * @throws HoltError MALFORMED when the principal is no point of the curve.
 */
export function x25519Of(principal: Principal): Uint8Array {
  checkPrincipal(principal)
  try {
    return ed25519.utils.toMontgomery(principal)
  } catch (cause) {
    throw new HoltError('MALFORMED', 'not an Ed25519 public key', {}, { cause })
  }
}

/** The X25519 secret that belongs to `x25519Of` of this seed's principal. */
export function x25519SecretOf(seed: Uint8Array): Uint8Array {
  return ed25519.utils.toMontgomerySecret(seed)
}
