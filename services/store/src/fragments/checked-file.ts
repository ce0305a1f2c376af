import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'

/** Files of the keeper's own begin with the hash of the rest, so that damage is told from another version. */
const DIGEST_BYTES = 32

export function wrapChecked(body: Uint8Array): Uint8Array {
  return concatBytes([blake3(body), body])
}

/** @throws HoltError MALFORMED when the file is not as it was written. */
export function unwrapChecked(file: Uint8Array): Uint8Array {
  const body = file.subarray(DIGEST_BYTES)
  if (file.length < DIGEST_BYTES || !equalBytes(blake3(body), file.subarray(0, DIGEST_BYTES))) {
    throw new HoltError('MALFORMED', 'the file is damaged')
  }
  return body
}
