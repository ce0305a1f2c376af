import { type HoltErrorJson, holtErrorCodes } from '@holt/core/errors.ts'
import { largestLimits } from '../limits.ts'
import { SNAPSHOT_PAGE_BYTES } from '../types.ts'
import { malformed } from './frames.ts'
import type { FromCage } from './protocol.ts'

const levels: readonly unknown[] = ['debug', 'info', 'warn', 'error']
const endCodes: readonly unknown[] = [
  'ENDED',
  'PROGRAM_FAILED',
  'METER_EXCEEDED',
  'TIME_EXCEEDED',
  'MEMORY_EXCEEDED',
  'LIMIT_REACHED',
  'PROGRAM_ENDED',
]
const LONGEST_TEXT = 1024 * 1024

type Fields = Record<string, unknown>
type Check = (value: unknown) => boolean

const number: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const text: Check = (value) => typeof value === 'string' && value.length <= LONGEST_TEXT
const truth: Check = (value) => typeof value === 'boolean'
const texts: Check = (value) => Array.isArray(value) && value.every(text)
const page: Check = (value) =>
  whole(value) && (value as number) % SNAPSHOT_PAGE_BYTES === 0 && (value as number) < largestLimits.memoryBytes
const pages: Check = (value) => Array.isArray(value) && value.every(page)

/** Fields of each message, and how many blobs go with it. */
const messages: Record<FromCage['t'], { fields: Record<string, Check>; blobs: (fields: Fields) => number }> = {
  ready: { fields: {}, blobs: () => 0 },
  load: { fields: { code: text }, blobs: () => 0 },
  prepared: { fields: { id: whole, preparedBy: whole, canSnapshot: truth }, blobs: () => 1 },
  opened: { fields: { vat: whole }, blobs: () => 0 },
  done: {
    fields: { vat: whole, id: whole, meter: whole, timeMs: number, memoryBytes: whole, changed: texts, removed: texts },
    blobs: ({ changed }) => 1 + (changed as unknown[]).length,
  },
  runs: { fields: { vat: whole, id: whole, at: pages }, blobs: ({ at }) => (at as unknown[]).length },
  snapshot: { fields: { vat: whole, id: whole, memoryBytes: whole }, blobs: () => 1 },
  failed: { fields: { vat: whole, id: whole, error: isError, alive: truth }, blobs: () => 0 },
  call: { fields: { vat: whole, call: whole, name: text, synchronous: truth }, blobs: () => 1 },
  log: { fields: { vat: whole, level: (value) => levels.includes(value), text }, blobs: () => 0 },
  ended: { fields: { vat: whole, code: (value) => endCodes.includes(value), message: text }, blobs: () => 0 },
}

/** @throws HoltError MALFORMED for anything that is not a message as it should be. */
export function checkFromCage(head: unknown, blobs: readonly Uint8Array[]): FromCage {
  if (typeof head !== 'object' || head === null) throw malformed('no message')
  const fields = head as Fields
  const kind = fields['t']
  if (typeof kind !== 'string' || !Object.hasOwn(messages, kind)) throw malformed('an unknown message')
  const message = messages[kind as FromCage['t']]
  for (const [name, check] of Object.entries(message.fields)) if (!check(fields[name])) throw malformed(`${kind} with a wrong ${name}`)
  if (blobs.length !== message.blobs(fields)) throw malformed(`${kind} with other bytes than it should have`)
  return fields as FromCage
}

function isError(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { code, message, data } = value as Partial<HoltErrorJson>
  if (typeof data !== 'object' || data === null) return false
  return (holtErrorCodes as readonly unknown[]).includes(code) && text(message)
}
