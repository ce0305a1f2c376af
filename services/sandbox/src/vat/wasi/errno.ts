import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'

/** Numbers of WASI preview 1. */
export const ERRNO = {
  success: 0,
  access: 2,
  badFd: 8,
  busy: 10,
  cancelled: 11,
  quota: 19,
  exists: 20,
  tooLarge: 22,
  illegalBytes: 25,
  invalid: 28,
  io: 29,
  isDirectory: 31,
  link: 32,
  tooManyFiles: 33,
  nameTooLong: 37,
  notFound: 44,
  noSpace: 51,
  notThere: 52,
  notDirectory: 54,
  notEmpty: 55,
  notSupported: 58,
  readOnly: 69,
  cannotSeek: 70,
  otherFolder: 75,
  outside: 76,
} as const

/** What a function of WASI answers instead of what it was asked for. */
export class WasiError extends Error {
  readonly errno: number
  constructor(errno: number) {
    super(`errno ${errno}`)
    this.errno = errno
  }
}

/** The powers for folders fail with these; whatever else comes is a fault of the node's, or of its drives. */
const errnos: Partial<Record<HoltErrorCode, number>> = {
  NOT_FOUND: ERRNO.notFound,
  ALREADY_EXISTS: ERRNO.exists,
  NOT_A_DIRECTORY: ERRNO.notDirectory,
  IS_A_DIRECTORY: ERRNO.isDirectory,
  NOT_EMPTY: ERRNO.notEmpty,
  NAME_INVALID: ERRNO.invalid,
  PATH_INVALID: ERRNO.invalid,
  INPUT_INVALID: ERRNO.invalid,
  MALFORMED: ERRNO.invalid,
  NOT_AUTHORIZED: ERRNO.access,
  DISK_FULL: ERRNO.noSpace,
  LIMIT_REACHED: ERRNO.quota,
  TOO_LARGE: ERRNO.tooLarge,
  CANCELLED: ERRNO.cancelled,
}

/** @returns null for what is no answer to the program but its end. */
export function errnoOf(error: unknown): number | null {
  if (error instanceof WasiError) return error.errno
  return isHoltError(error) ? (errnos[error.code] ?? ERRNO.io) : null
}
