import { constants } from 'node:os'
import { type HoltErrorCode, toHoltError } from '@holt/core/errors.ts'

const { errno } = constants

/** What a program that uses the folder is told. */
const names = {
  MALFORMED: 'EIO',
  UNSUPPORTED_VERSION: 'EIO',
  TOO_LARGE: 'EFBIG',
  SIGNATURE_INVALID: 'EIO',
  DECRYPTION_FAILED: 'EIO',
  BLOCK_NOT_FOUND: 'EIO',
  BLOCK_CORRUPT: 'EIO',
  PACK_UNRECOVERABLE: 'EIO',
  STORE_FAILED: 'EIO',
  STORE_IN_USE: 'EBUSY',
  DISK_FULL: 'ENOSPC',
  IO_FAILED: 'EIO',
  DRIVE_MISSING: 'EIO',
  DRIVE_FOREIGN: 'EIO',
  DRIVE_IN_USE: 'EBUSY',
  NOT_ENOUGH_DRIVES: 'EIO',
  NOT_FOUND: 'ENOENT',
  ALREADY_EXISTS: 'EEXIST',
  NOT_A_DIRECTORY: 'ENOTDIR',
  IS_A_DIRECTORY: 'EISDIR',
  NOT_EMPTY: 'ENOTEMPTY',
  NAME_INVALID: 'EINVAL',
  PATH_INVALID: 'EINVAL',
  VERSION_NOT_FOUND: 'ENOENT',
  CONFLICT: 'EBUSY',
  ROLLED_BACK: 'EIO',
  NOT_AUTHORIZED: 'EPERM',
  CAP_EXPIRED: 'EACCES',
  CAP_REVOKED: 'EACCES',
  WORDS_INVALID: 'EINVAL',
  PASSPHRASE_WRONG: 'EACCES',
  KEY_FILE_DAMAGED: 'EIO',
  PASSPHRASE_TOO_WEAK: 'EINVAL',
  NOT_INITIALIZED: 'EIO',
  ALREADY_INITIALIZED: 'EEXIST',
  SETUP_CODE_WRONG: 'EACCES',
  SIGN_IN_FAILED: 'EACCES',
  NOT_SIGNED_IN: 'EACCES',
  TOO_MANY_TRIES: 'EBUSY',
  INPUT_INVALID: 'EINVAL',
  UNKNOWN_METHOD: 'ENOSYS',
  NODE_NOT_RUNNING: 'ENOTCONN',
  NODE_STOPPING: 'ENOTCONN',
  CANCELLED: 'EINTR',
  PEER_UNREACHABLE: 'EIO',
  PEER_FAILED: 'EIO',
  TIMED_OUT: 'EIO',
  PAIRING_FAILED: 'EIO',
  NOT_A_BOX: 'EIO',
  NOT_A_PHONE: 'EIO',
  HELPER_NOT_RUNNING: 'EIO',
  CONSENT_MISSING: 'EPERM',
  SYSTEM_REFUSED: 'EIO',
  DEPENDENCY_MISSING: 'EIO',
  PROGRAM_INVALID: 'EIO',
  PROGRAM_FAILED: 'EIO',
  PROGRAM_ENDED: 'EIO',
  METER_EXCEEDED: 'EIO',
  TIME_EXCEEDED: 'EIO',
  MEMORY_EXCEEDED: 'EIO',
  LIMIT_REACHED: 'EIO',
  CAGE_MISSING: 'EIO',
  INTERNAL: 'EIO',
} as const satisfies Record<HoltErrorCode, keyof typeof errno>

/** The number of the system for what went wrong. */
export function errnoOf(error: unknown): number {
  const { code, data } = toHoltError(error)
  // the kernel asks for the name anew, and what called it never hears of this
  if (data['replaced'] === true) return errno.ESTALE
  if (data['readOnly'] === true) return errno.EROFS
  return errno[data['tooLong'] === true ? 'ENAMETOOLONG' : names[code]]
}
