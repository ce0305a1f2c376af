import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes, toHex, utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { MOST_AHEAD_SECONDS } from './endpoint-book.ts'
import { decodeEndpoints, verifyEndpoints } from './endpoint-record.ts'

/** What the directory calls its records. */
export const DIRECTORY_NAME = 'holt'

/** Under which a node's record lies in the directory: docs/formats.md §6. Says nothing of the node to who does not know its name. */
export function directoryKey(node: Principal): Uint8Array {
  return utf8(`/${DIRECTORY_NAME}/${toHex(blake3(concatBytes([utf8('holt/directory/1'), node])))}`)
}

/**
 * Whatever anybody wants to keep in the directory must be the record of the node that the key is of, signed and in its time.
 *
 * @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE, CAP_EXPIRED, SIGNATURE_INVALID
 */
export function checkDirectoryRecord(crypto: Crypto, key: Uint8Array, value: Uint8Array, { now }: { now: number }): void {
  const record = decodeEndpoints(value)
  if (!equalBytes(key, directoryKey(record.node))) throw new HoltError('MALFORMED', 'a record of addresses under another key')
  if (record.expires < now) throw new HoltError('CAP_EXPIRED', 'the time of a record of addresses is over')
  if (record.expires > now + MOST_AHEAD_SECONDS) throw new HoltError('MALFORMED', 'a record of addresses must not last so long')
  verifyEndpoints(crypto, record)
}

/** Of several records of one node, the place of the newest; what is no record is none. */
export function newestRecord(records: readonly Uint8Array[]): number {
  const numbers = records.map(sequenceOf)
  return numbers.indexOf(Math.max(...numbers))
}

function sequenceOf(record: Uint8Array): number {
  try {
    return decodeEndpoints(record).seq
  } catch (error) {
    if (isHoltError(error)) return -1
    throw error
  }
}
