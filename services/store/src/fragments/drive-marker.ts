import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bytesOf, literal, parse, record, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'

/** The file `holt-drive`, which says that a folder is a drive, and whose. */
export interface DriveMarker {
  /** 16 random bytes as hex. */
  id: string
  /** Public key of the storage principal. */
  owner: Uint8Array
  createdSeconds: number
}

const MAX_MARKER_BYTES = 512
const signedKind: SignedKind = { domain: 'holt/drive/1' }

const markerShape = record({
  v: version(1),
  kind: literal('drive'),
  id: bytesOf(16),
  owner: bytesOf(32),
  created: uint(),
  sig: bytesOf(64),
})

export function encodeMarker(crypto: Crypto, storageSeed: Uint8Array, marker: Omit<DriveMarker, 'owner'>): Uint8Array {
  const owner = crypto.ed25519PublicKey(storageSeed)
  const map = { v: 1, kind: 'drive', id: fromHex(marker.id), owner, created: marker.createdSeconds }
  return encode(signMap(crypto, signedKind, { map, seed: storageSeed }))
}

/**
 * @throws HoltError MALFORMED, UNSUPPORTED_VERSION, SIGNATURE_INVALID (altered), DRIVE_FOREIGN (whole, but another owner's).
 */
export function parseMarker(crypto: Crypto, bytes: Uint8Array, owner: Uint8Array): DriveMarker {
  const marker = parseAnyMarker(crypto, bytes)
  if (!equalBytes(marker.owner, owner)) throw new HoltError('DRIVE_FOREIGN', 'the drive belongs to another owner')
  return marker
}

/** Whosever it is. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, SIGNATURE_INVALID (altered). */
export function parseAnyMarker(crypto: Crypto, bytes: Uint8Array): DriveMarker {
  const map = parse(markerShape, bytes, { maxBytes: MAX_MARKER_BYTES, maxDepth: 1, maxItems: 16 })
  verifyMap(crypto, signedKind, { map, signer: map.owner })
  return { id: toHex(map.id), owner: map.owner, createdSeconds: map.created }
}
