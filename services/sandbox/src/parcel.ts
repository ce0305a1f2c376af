import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Shape } from '@holt/core/shape.ts'

/** How deliveries and powers carry what they say; programs in JavaScript have theirs in `guest/src/parcel.ts`. */
export interface Parcel {
  head: Record<string, unknown>
  body: Uint8Array
}

const MAX_HEAD_BYTES = 1 << 20

export function pack(head: object, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = utf8(JSON.stringify(head))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, json.length, true)
  return concatBytes([length, json, body])
}

/** Of a stranger. @throws HoltError MALFORMED */
export function unpack(bytes: Uint8Array): Parcel {
  const length = bytes.length < 4 ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (length < 0 || length > MAX_HEAD_BYTES || 4 + length > bytes.length) throw malformed('it is cut short')
  let head: unknown
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  } catch {
    throw malformed('its head is no JSON')
  }
  if (typeof head !== 'object' || head === null || Array.isArray(head)) throw malformed('its head is no object')
  return { head: head as Record<string, unknown>, body: bytes.subarray(4 + length) }
}

/** One field of a head. @throws HoltError MALFORMED */
export function fieldOf<T>({ head }: Parcel, name: string, shape: Shape<T>): T {
  const value = Object.hasOwn(head, name) ? head[name] : undefined
  return value === undefined && shape.optional === true ? (undefined as T) : shape.check(value, name)
}

function malformed(what: string): HoltError {
  return new HoltError('MALFORMED', `this is no parcel: ${what}`)
}
