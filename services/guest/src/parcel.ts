/**
 * How deliveries and powers carry what they say: `u32le length of the head || head as JSON || body`. The node has the same few lines
 * (`sandbox/src/parcel.ts`): a program comes without anything of ours but this workspace.
 */
export interface Parcel {
  head: Record<string, unknown>
  body: Uint8Array
}

const HEAD_LENGTH_BYTES = 4
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const nothing = new Uint8Array(0)

export function pack(head: Record<string, unknown>, body: Uint8Array = nothing): Uint8Array {
  const json = encoder.encode(JSON.stringify(head))
  const packed = new Uint8Array(HEAD_LENGTH_BYTES + json.length + body.length)
  new DataView(packed.buffer).setUint32(0, json.length, true)
  packed.set(json, HEAD_LENGTH_BYTES)
  packed.set(body, HEAD_LENGTH_BYTES + json.length)
  return packed
}

/** @throws Error for anything else. */
export function unpack(bytes: Uint8Array): Parcel {
  const length = bytes.length < HEAD_LENGTH_BYTES ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const bodyAt = HEAD_LENGTH_BYTES + length
  if (length < 0 || bodyAt > bytes.length) throw new Error('a parcel is cut short')
  const head = JSON.parse(decoder.decode(bytes.subarray(HEAD_LENGTH_BYTES, bodyAt))) as unknown
  if (typeof head !== 'object' || head === null || Array.isArray(head)) throw new Error('the head of a parcel is no object')
  return { head: head as Record<string, unknown>, body: bytes.subarray(bodyAt) }
}
