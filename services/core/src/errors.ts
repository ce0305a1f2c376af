/**
 * Every way Holt can fail that a caller may want to tell apart. Closed: an edge (HTTP status, errno, exit code) that
 * has not decided about a new code does not compile. Codes cross processes where `instanceof` does not.
 */
export const holtErrorCodes = [
  // bytes from disk, wire or people
  'MALFORMED', // not the structure it should be (bad CBOR, bad field, trailing bytes)
  'UNSUPPORTED_VERSION', // well-formed, but of a version or algorithm this build does not know
  'TOO_LARGE', // over a stated bound
  'SIGNATURE_INVALID',
  'DECRYPTION_FAILED', // wrong key or altered bytes
  // blocks and packs
  'BLOCK_NOT_FOUND', // no pack that is known holds it
  'BLOCK_CORRUPT', // present, but the bytes do not match the CID and could not be rebuilt
  'PACK_UNRECOVERABLE', // fewer than k fragments are left
  'STORE_FAILED', // a write or fsync failed: writing has ended until restart
  'STORE_IN_USE', // another process has this data folder
  'DISK_FULL',
  'IO_FAILED',
  // drives
  'DRIVE_MISSING',
  'DRIVE_FOREIGN', // not empty, or a drive of another owner
  'DRIVE_IN_USE',
  'NOT_ENOUGH_DRIVES',
  // tree
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'NOT_A_DIRECTORY',
  'IS_A_DIRECTORY',
  'NOT_EMPTY',
  'NAME_INVALID', // NUL, '/', '.', '..', not UTF-8, over 255 bytes
  'PATH_INVALID',
  'VERSION_NOT_FOUND',
  'CONFLICT', // the head moved on meanwhile
  'ROLLED_BACK', // an older head was offered than one already seen
  // caps
  'NOT_AUTHORIZED',
  'CAP_EXPIRED',
  'CAP_REVOKED',
  // root key
  'WORDS_INVALID', // not 24 words of the list, or the checksum does not fit
  'PASSPHRASE_WRONG',
  'KEY_FILE_DAMAGED',
  'PASSPHRASE_TOO_WEAK',
  // node
  'NOT_INITIALIZED',
  'ALREADY_INITIALIZED',
  'SETUP_CODE_WRONG',
  'SIGN_IN_FAILED',
  'NOT_SIGNED_IN',
  'TOO_MANY_TRIES',
  'INPUT_INVALID', // an argument of a command or call does not fit its schema
  'UNKNOWN_METHOD',
  'NODE_NOT_RUNNING',
  'NODE_STOPPING',
  'CANCELLED',
  // other nodes
  'PEER_UNREACHABLE', // no way to it now, or the way broke: what was asked may have been done or not
  'PEER_FAILED', // it was asked and could not, for reasons of its own
  'TIMED_OUT', // no answer in time, which is no no
  'PAIRING_FAILED', // the code is wrong, used up or over its time
  // box: a machine that is router and node
  'NOT_A_BOX', // this node does not run on one
  'NOT_A_PHONE', // nor in the app of one
  'HELPER_NOT_RUNNING', // the helper of the box does not answer
  'CONSENT_MISSING', // what was typed does not agree to it
  'SYSTEM_REFUSED', // a program of the system did not take what it was given
  'DEPENDENCY_MISSING', // a program or file that this command needs is not installed
  // programs
  'PROGRAM_INVALID', // not WebAssembly or script that can run here
  'PROGRAM_FAILED', // the program itself threw, trapped or said that it failed
  'PROGRAM_ENDED', // it is not running any more
  'METER_EXCEEDED', // more work in one delivery than it may do
  'TIME_EXCEEDED', // more time in one delivery than it may take
  'MEMORY_EXCEEDED',
  'LIMIT_REACHED', // another of its limits; data.limit says which
  'CAGE_MISSING', // what keeps programs in cannot be made here; data.missing says what lacks
  'INTERNAL', // our own bug
] as const

export type HoltErrorCode = (typeof holtErrorCodes)[number]

/** Facts about the fault; plain JSON values, never secrets. */
export type HoltErrorData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export class HoltError extends Error {
  readonly code: HoltErrorCode
  readonly data: HoltErrorData

  constructor(code: HoltErrorCode, message: string, data: HoltErrorData = {}, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'HoltError'
    this.code = code
    this.data = data
  }
}

/** True for a HoltError of this realm or one rebuilt on the far side of a process boundary. */
export function isHoltError(value: unknown, code?: HoltErrorCode): value is HoltError {
  if (!(value instanceof Error) || !('code' in value)) return false
  if (!(holtErrorCodes as readonly unknown[]).includes(value.code)) return false
  return code === undefined || value.code === code
}

/** The HoltError that `value` is, or an INTERNAL (CANCELLED for an abort) one that wraps it. */
export function toHoltError(value: unknown): HoltError {
  if (isHoltError(value)) return value
  const message = value instanceof Error ? value.message : String(value)
  if (value instanceof Error && value.name === 'AbortError') return new HoltError('CANCELLED', message, {}, { cause: value })
  return new HoltError('INTERNAL', message, {}, { cause: value })
}

/** What crosses a process or thread boundary. */
export interface HoltErrorJson {
  code: HoltErrorCode
  message: string
  data: HoltErrorData
}

export function errorToJson(error: unknown): HoltErrorJson {
  const { code, message, data } = toHoltError(error)
  return { code, message, data }
}

export function errorFromJson(json: HoltErrorJson): HoltError {
  return new HoltError(json.code, json.message, json.data)
}
