import { CID } from 'multiformats/cid'
import { HoltError } from './errors.ts'
import { blake3 } from './blake3.ts'

/**
 * A block's name: CIDv1 in binary, always 36 bytes: 0x01, codec, 0x1e (BLAKE3), 0x20 (32 bytes), digest.
 * The hash is named in the bytes, so that a later build can read blocks of another one beside these.
 */
export type Cid = Uint8Array

export const CID_BYTES = 36
export const RAW_CODEC = 0x55
export const DAG_CBOR_CODEC = 0x71
const BLAKE3_CODE = 0x1e
const DIGEST_BYTES = 32

export function cidFromDigest(digest: Uint8Array, codec: number = RAW_CODEC): Cid {
  if (digest.length !== DIGEST_BYTES) throw new RangeError('a digest is 32 bytes')
  const cid = new Uint8Array(CID_BYTES)
  cid[0] = 1
  cid[1] = codec
  cid[2] = BLAKE3_CODE
  cid[3] = DIGEST_BYTES
  cid.set(digest, 4)
  return cid
}

/** The CID of a block's sealed bytes. */
export function cidOf(bytes: Uint8Array, codec: number = RAW_CODEC): Cid {
  return cidFromDigest(blake3(bytes), codec)
}

export function cidDigest(cid: Cid): Uint8Array {
  return cid.subarray(4)
}

export function cidCodec(cid: Cid): number {
  return cid[1] as number
}

/**
 * Checks the 36 bytes of a CID from outside.
 *
 * @throws HoltError MALFORMED, or UNSUPPORTED_VERSION for another hash or CID version.
 */
export function checkCid(bytes: Uint8Array): Cid {
  if (bytes.length !== CID_BYTES) throw new HoltError('MALFORMED', `a CID has ${CID_BYTES} bytes, this one ${bytes.length}`)
  const codec = bytes[1]
  if (bytes[0] !== 1 || bytes[2] !== BLAKE3_CODE || bytes[3] !== DIGEST_BYTES || (codec !== RAW_CODEC && codec !== DAG_CBOR_CODEC)) {
    throw new HoltError('UNSUPPORTED_VERSION', 'a CID of a version, codec or hash that is not known here')
  }
  return bytes
}

/** Text form: base32 lower case with the multibase prefix `b`. */
export function cidToText(cid: Cid): string {
  return CID.decode(cid).toString()
}

/** @throws HoltError MALFORMED or UNSUPPORTED_VERSION. */
export function cidFromText(text: string): Cid {
  try {
    return checkCid(CID.parse(text).bytes)
  } catch (error) {
    if (error instanceof HoltError) throw error
    throw new HoltError('MALFORMED', 'not a CID', {}, { cause: error })
  }
}

/** A string that is equal when and only when the CIDs are; for Map keys, not for people. */
export function cidKey(cid: Cid): string {
  let key = ''
  for (let i = 1; i < CID_BYTES; i++) if (i !== 2 && i !== 3) key += String.fromCharCode(cid[i] as number)
  return key
}
