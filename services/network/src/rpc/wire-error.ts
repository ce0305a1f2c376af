import { utf8 } from '@holt/core/bytes.ts'
import { HoltError, type HoltErrorCode, type HoltErrorData, toHoltError } from '@holt/core/errors.ts'
import { type Principal, principalToText } from '@holt/core/principal.ts'
import { mapOf, type Shape } from '@holt/core/shape.ts'

/**
 * What a peer may say about a request. All else becomes PEER_FAILED: that a peer's store failed must not look as if ours had,
 * and what failed within a node is nobody else's business.
 */
const peerCodes: ReadonlySet<string> = new Set<HoltErrorCode>([
  'MALFORMED',
  'UNSUPPORTED_VERSION',
  'TOO_LARGE',
  'SIGNATURE_INVALID',
  'BLOCK_NOT_FOUND',
  'DISK_FULL',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'VERSION_NOT_FOUND',
  'CONFLICT',
  'ROLLED_BACK',
  'NOT_AUTHORIZED',
  'CAP_EXPIRED',
  'CAP_REVOKED',
  'PAIRING_FAILED',
  'TOO_MANY_TRIES',
  'UNKNOWN_METHOD',
  'NODE_STOPPING',
  'CANCELLED',
  'TIMED_OUT',
  'PEER_FAILED',
])

const MAX_FACTS = 16
const MAX_FACT_BYTES = 256
export const MAX_MESSAGE_BYTES = 1024

const fact: Shape<string | number | boolean | null> = {
  check(value, where) {
    const fits = typeof value === 'string' ? utf8(value).length <= MAX_FACT_BYTES : typeof value === 'number' || typeof value === 'boolean'
    if (!fits && value !== null) throw new HoltError('MALFORMED', `${where}: is no fact about an error`, { field: where })
    return value as string | number | boolean | null
  },
}
export const wireErrorData = mapOf(fact, { max: MAX_FACTS, maxNameBytes: 64 })

/** As it is sent. */
export interface WireError {
  code: string
  message: string
  data: Record<string, string | number | boolean | null>
}

export function toWireError(error: unknown): WireError {
  const { code, message, data } = toHoltError(error)
  if (!peerCodes.has(code)) return { code: 'PEER_FAILED', message: 'the peer could not do it', data: {} }
  return { code, message: cutText(message), data: factsOf(data) }
}

/** @returns the error with who said it in `data.peer`. */
export function fromWireError(peer: Principal, { code, message, data }: WireError): HoltError {
  const known = peerCodes.has(code) ? (code as HoltErrorCode) : 'PEER_FAILED'
  return new HoltError(known, message, { ...data, peer: principalToText(peer) })
}

/** A character of a text has at most three bytes for each of its units. */
function cutText(message: string): string {
  return utf8(message).length <= MAX_MESSAGE_BYTES ? message : message.slice(0, MAX_MESSAGE_BYTES / 3).replace(/[\ud800-\udbff]$/, '')
}

function factsOf(data: HoltErrorData): WireError['data'] {
  const facts = Object.entries(data).filter(([name, value]) => isFact(value) && utf8(name).length <= 64)
  return Object.fromEntries(facts.slice(0, MAX_FACTS)) as WireError['data']
}

function isFact(value: HoltErrorData[string] | undefined): boolean {
  if (typeof value === 'string') return utf8(value).length <= MAX_FACT_BYTES
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
