import { utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { openBlock, sealBlock } from '../sealed-block.ts'
import { decodeReadcap, encodeReadcap, type Readcap, verifyReadcap } from './readcap.ts'

/**
 * A share link carries one secret. Who has it derives what to ask for and what opens the answer; who is asked learns the
 * first and not the second. docs/formats.md §5.
 */

export const SHARE_SECRET_BYTES = 32
export const SHARE_ID_BYTES = 16

export interface ShareKeys {
  /** Names the share; may be known. */
  id: Uint8Array
  key: Uint8Array
}

export function shareKeys(crypto: Crypto, secret: Uint8Array): ShareKeys {
  if (secret.length !== SHARE_SECRET_BYTES) throw new RangeError('the secret of a share is 32 bytes')
  const derive = (info: string, lengthBytes: number): Uint8Array =>
    crypto.hkdf(secret, { salt: utf8('holt'), info: utf8(info), lengthBytes })
  return { id: derive('holt/share-id/1', SHARE_ID_BYTES), key: derive('holt/share-key/1', 32) }
}

/** So that the length does not tell the label. */
const DOCUMENT_STEP_BYTES = 512

/** What is handed to whoever names the share: a readcap, sealed as a block is. @throws HoltError TOO_LARGE. */
export async function sealShare(crypto: Crypto, key: Uint8Array, readcap: Readcap): Promise<Uint8Array> {
  const bytes = encodeReadcap(readcap)
  const padded = new Uint8Array(Math.ceil(bytes.length / DOCUMENT_STEP_BYTES) * DOCUMENT_STEP_BYTES)
  padded.set(bytes)
  return sealBlock(crypto, { number: 0, key }, padded)
}

/** @throws HoltError of the sealed block; MALFORMED; SIGNATURE_INVALID, NOT_AUTHORIZED, CAP_EXPIRED of the readcap. */
export async function openShare(
  crypto: Crypto,
  key: Uint8Array,
  sealed: Uint8Array,
  options: { nowSeconds?: number } = {},
): Promise<Readcap> {
  const readcap = decodeReadcap(await openBlock(crypto, [key], sealed), { padded: true })
  verifyReadcap(crypto, readcap, options)
  return readcap
}
