import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'

/**
 * CPace, a password-authenticated key exchange: who does not know the password learns nothing, and each exchange is one guess.
 * The suite CPACE-RISTR255-SHA512 of draft-irtf-cfrg-cpace, initiator and responder, with the confirmation of its section on that.
 * The words are the draft's: PRS is the password, CI and sid say which exchange it is for, AD is what each side says beside.
 */
export interface CpaceInputs {
  prs: Uint8Array
  ci: Uint8Array
  sid: Uint8Array
}

/** What one side sends: its share Y and associated data. */
export interface CpaceMessage {
  y: Uint8Array
  ad: Uint8Array
}

const DSI = utf8('CPaceRistretto255')
const DSI_ISK = utf8('CPaceRistretto255_ISK')
const MAC = utf8('CPaceMac')
const HASH_BLOCK_BYTES = 128
const GROUP_BITS = 252n
export const SHARE_BYTES = 32
export const TAG_BYTES = 64

type Point = InstanceType<typeof ristretto255.Point>

/** prepend_len, for each, one after the other. */
export function lvCat(...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(parts.flatMap((part) => [leb128(part.length), part]))
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest & 127) | 128)
  }
}

export function generatorString({ prs, ci, sid }: CpaceInputs): Uint8Array {
  const zpadBytes = Math.max(0, HASH_BLOCK_BYTES - 1 - lvCat(prs).length - lvCat(DSI).length)
  return lvCat(DSI, prs, new Uint8Array(zpadBytes), ci, sid)
}

export function generator(inputs: CpaceInputs): Point {
  return ristretto255_hasher.deriveToCurve?.(sha512(generatorString(inputs))) as Point
}

/** @param random 32 random bytes. @returns sample_scalar of the draft; drawing zero would be no chance but a fault of the randomness. */
export function scalarOf(random: Uint8Array): bigint {
  const scalar = littleEndian(random) & ((1n << GROUP_BITS) - 1n)
  if (random.length !== 32 || scalar === 0n) throw new RangeError('a scalar is made of 32 random bytes')
  return scalar
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

export function share(inputs: CpaceInputs, scalar: bigint): Uint8Array {
  return generator(inputs).multiply(scalar).toBytes()
}

/** scalar_mult_vfy. @throws HoltError PAIRING_FAILED for what is no point of the group, and for its neutral element. */
export function sharedPoint(scalar: bigint, y: Uint8Array): Uint8Array {
  const point = pointOf(y)
  if (point === null || point.is0()) throw new HoltError('PAIRING_FAILED', 'the share of the other side is none')
  return point.multiply(scalar).toBytes()
}

function pointOf(y: Uint8Array): Point | null {
  try {
    return ristretto255.Point.fromBytes(y)
  } catch {
    return null
  }
}

/** The key both come to. `a` is the initiator's message, `b` the responder's. */
export function sessionKey(k: Uint8Array, { sid, a, b }: { sid: Uint8Array; a: CpaceMessage; b: CpaceMessage }): Uint8Array {
  return sha512(concatBytes([lvCat(DSI_ISK, sid, k), lvCat(a.y, a.ad), lvCat(b.y, b.ad)]))
}

/** What proves to the other side that one has the key: over the message that one sent oneself. */
export function confirmationTag(isk: Uint8Array, { sid, own }: { sid: Uint8Array; own: CpaceMessage }): Uint8Array {
  return hmac(sha512, sha512(concatBytes([MAC, sid, isk])), lvCat(own.y, own.ad))
}

/** In a time that does not tell where they differ. */
export function isSameTag(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  let difference = 0
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i] as number)
  return difference === 0
}
