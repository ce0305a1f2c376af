import { holtErrorCodes } from '@holt/core/errors.ts'
import { SNAPSHOT_PAGE_BYTES } from '../types.ts'
import type { FromVat } from './messages.ts'

const levels: readonly unknown[] = ['debug', 'info', 'warn', 'error']

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Whether this is something that a vat's thread can say, in its form: a thread that a program took over may say anything. */
export function isFromVat(message: unknown): message is FromVat {
  if (!isObject(message)) return false
  switch (message['kind']) {
    case 'ready':
    case 'opened':
    case 'more':
      return true
    case 'delivered':
      return isWhole(message['id']) && isResult(message['result'])
    case 'failed':
      return isWhole(message['id']) && isErrorJson(message['error']) && typeof message['alive'] === 'boolean'
    case 'snapshot':
      return isWhole(message['id']) && isSnapshot(message['snapshot'])
    case 'call':
      return (
        isWhole(message['call']) &&
        typeof message['name'] === 'string' &&
        isBytes(message['args']) &&
        typeof message['synchronous'] === 'boolean'
      )
    case 'log':
      return isObject(message['line']) && levels.includes(message['line']['level']) && typeof message['line']['text'] === 'string'
  }
  return false
}

function isResult(value: unknown): boolean {
  if (!isObject(value)) return false
  const { body, meter, memoryBytes, changes } = value
  if (!isBytes(body) || !isWhole(meter) || !isWhole(memoryBytes) || !Array.isArray(changes)) return false
  return changes.every(
    (change) => isObject(change) && typeof change['key'] === 'string' && (change['value'] === null || isBytes(change['value'])),
  )
}

function isErrorJson(value: unknown): boolean {
  if (!isObject(value)) return false
  return (holtErrorCodes as readonly unknown[]).includes(value['code']) && typeof value['message'] === 'string' && isObject(value['data'])
}

function isSnapshot(value: unknown): boolean {
  if (!isObject(value)) return false
  const { memoryBytes, state, runs } = value
  if (!isWhole(memoryBytes) || !isBytes(state) || !Array.isArray(runs)) return false
  return runs.every(
    (run) => isObject(run) && isWhole(run['at']) && (run['at'] as number) % SNAPSHOT_PAGE_BYTES === 0 && isBytes(run['bytes']),
  )
}
