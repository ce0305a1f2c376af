import { errorFromJson, errorToJson, HoltError, type HoltErrorCode, type HoltErrorJson, holtErrorCodes } from '@holt/core/errors.ts'
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc'

/** JSON-RPC wants a number; the code that counts travels in `data`. */
const OWN_ERROR = -32000
const REQUEST_CANCELLED = -32800

const numbers: Partial<Record<HoltErrorCode, number>> = {
  MALFORMED: ErrorCodes.InvalidRequest,
  UNKNOWN_METHOD: ErrorCodes.MethodNotFound,
  INPUT_INVALID: ErrorCodes.InvalidParams,
  INTERNAL: ErrorCodes.InternalError,
  CANCELLED: REQUEST_CANCELLED,
}

export function toResponseError(error: unknown): ResponseError<HoltErrorJson> {
  const json = errorToJson(error)
  return new ResponseError(numbers[json.code] ?? OWN_ERROR, json.message, json)
}

/** The HoltError that the far side threw; what `gone` makes when the connection ended instead of an answer. */
export function fromResponseError(error: unknown, gone: (cause?: unknown) => HoltError): HoltError {
  const { code, message, data } = error as Partial<ResponseError<unknown>>
  if (isHoltErrorJson(data)) return errorFromJson(data)
  if (code === ErrorCodes.PendingResponseRejected || code === ErrorCodes.MessageWriteError || code === ErrorCodes.ConnectionInactive)
    return gone(error)
  return new HoltError('INTERNAL', message ?? String(error), {}, { cause: error })
}

export function nodeGone(cause?: unknown): HoltError {
  return new HoltError('NODE_NOT_RUNNING', 'the node has ended or closed the connection', {}, { cause })
}

export function isHoltErrorJson(value: unknown): value is HoltErrorJson {
  if (typeof value !== 'object' || value === null) return false
  const { code, message, data } = value as Partial<Record<keyof HoltErrorJson, unknown>>
  return (holtErrorCodes as readonly unknown[]).includes(code) && typeof message === 'string' && typeof data === 'object' && data !== null
}
