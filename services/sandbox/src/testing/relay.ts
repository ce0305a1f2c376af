import { utf8 } from '@holt/core/bytes.ts'
import { assemble, I32, i32 } from './assemble.ts'

/**
 * A program that does what the requests to its page say, in JavaScript and in WebAssembly alike, so that every power is tried from both. The body of a
 * request is `length of a name, 1 byte || name of a power || arguments`; the answer is that of the power, with the status 409 what it was refused with
 * ("CODE message"). Without a name what follows is a key of its store, and the answer the value. After the length 255 comes what it answers, as it is, to
 * requests without a body. Whatever else is delivered it puts into its store, by the delivery's name.
 */
export const relayScript = `
holt.onDeliver = (name, bytes) => {
  const parcel = (head, body) => {
    const json = new TextEncoder().encode(JSON.stringify(head)), all = new Uint8Array(4 + json.length + body.length)
    new DataView(all.buffer).setUint32(0, json.length, true)
    all.set(json, 4)
    all.set(body, 4 + json.length)
    return all
  }
  if (name !== 'http') {
    holt.store.set(name, bytes)
    return parcel({}, new Uint8Array(0))
  }
  const at = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const [length] = bytes.subarray(at), rest = bytes.subarray(at + 1 + length)
  const text = (part) => new TextDecoder().decode(part)
  if (length === undefined) return holt.store.get('answer') ?? parcel({ status: 404, headers: [] }, new Uint8Array(0))
  if (length === 255) {
    holt.store.set('answer', bytes.subarray(at + 1))
    return parcel({ status: 200, headers: [] }, new Uint8Array(0))
  }
  if (length === 0) return parcel({ status: 200, headers: [] }, holt.store.get(text(rest)) ?? new Uint8Array(0))
  try {
    return parcel({ status: 200, headers: [] }, holt.call(text(bytes.subarray(at + 1, at + 1 + length)), rest))
  } catch (error) {
    return parcel({ status: 409, headers: [] }, new TextEncoder().encode(error.code + ' ' + error.message))
  }
}
`

const NAME_AT = 0
const DONE_AT = 128
const REFUSED_AT = 256
const EMPTY_AT = 384
const KEY_AT = 512
const key = utf8('answer')
const BODY_AT = 4096
const REPLY_AT = 1 << 20

const parcelOf = (head: object): Uint8Array => {
  const json = utf8(JSON.stringify(head))
  return Uint8Array.of(json.length, 0, 0, 0, ...json)
}
const done = parcelOf({ status: 200, headers: [] })
const refused = parcelOf({ status: 409, headers: [] })
const empty = parcelOf({})

function constants(): Uint8Array {
  const bytes = new Uint8Array(KEY_AT + key.length - DONE_AT)
  bytes.set(done, 0)
  bytes.set(refused, REFUSED_AT - DONE_AT)
  bytes.set(empty, EMPTY_AT - DONE_AT)
  bytes.set(key, KEY_AT - DONE_AT)
  return bytes
}

const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const call = (index: number) => [0x10, index]
const [ADD, SUB, DROP, IF, ELSE, END, RETURN] = [0x6a, 0x6b, 0x1a, [0x04, 0x40], 0x05, 0x0b, 0x0f] as const
const [nameLength, bodyLength, at, length, replied] = [0, 1, 2, 3, 4] as const

const four = { params: [I32, I32, I32, I32], results: [I32] }
const three = { params: [I32, I32, I32], results: [I32] }

export const relayWasm = assemble({
  imports: [
    { name: 'holt.name_size', results: [I32] },
    { name: 'holt.name_read', ...three },
    { name: 'holt.body_size', results: [I32] },
    { name: 'holt.body_read', ...three },
    { name: 'holt.answer', params: [I32, I32] },
    { name: 'holt.call', ...four },
    { name: 'holt.reply_size', results: [I32] },
    { name: 'holt.reply_read', ...three },
    { name: 'holt.store_set', ...four },
    { name: 'holt.store_get', params: [I32, I32], results: [I32] },
  ],
  memory: { min: 32 },
  functions: [
    {
      export: 'holt_deliver',
      locals: [I32, I32, I32, I32, I32],
      code: [
        [...call(0), ...set(nameLength), ...i32(NAME_AT), ...i32(0), ...get(nameLength), ...call(1), DROP],
        [...call(2), ...set(bodyLength), ...i32(BODY_AT), ...i32(0), ...get(bodyLength), ...call(3), DROP],
        // what is no "h…" is put into the store
        [...i32(NAME_AT), 0x2d, 0, 0, ...i32(0x68), 0x47, ...IF],
        [...i32(NAME_AT), ...get(nameLength), ...i32(BODY_AT), ...get(bodyLength), ...call(8), DROP],
        [...i32(EMPTY_AT), ...i32(empty.length), ...call(4), RETURN, END],
        // at = after the length of the name; length = that of the name
        [...i32(BODY_AT), 0x28, 2, 0, ...i32(BODY_AT + 4), ADD, ...set(at)],
        // nothing there: the answer that was kept
        [...get(at), ...i32(BODY_AT), ...get(bodyLength), ADD, 0x46, ...IF],
        [...i32(KEY_AT), ...i32(key.length), ...call(9), ...set(replied), ...get(replied), ...i32(0), 0x48, ...IF, RETURN, END],
        [...i32(REPLY_AT), ...i32(0), ...get(replied), ...call(7), DROP, ...i32(REPLY_AT), ...get(replied), ...call(4), RETURN, END],
        [...get(at), 0x2d, 0, 0, ...set(length), ...get(at), ...i32(1), ADD, ...set(at)],
        [...get(length), ...i32(255), 0x46, ...IF, ...i32(KEY_AT), ...i32(key.length)],
        [...get(at), ...i32(BODY_AT), ...get(bodyLength), ADD, ...get(at), SUB, ...call(8), DROP],
        [...i32(DONE_AT), ...i32(done.length), ...call(4), RETURN, END],
        [...get(length), 0x45, ...IF],
        [...get(at), ...i32(BODY_AT), ...get(bodyLength), ADD, ...get(at), SUB, ...call(9), ...set(replied)],
        [...get(replied), ...i32(0), 0x48, ...IF, ...i32(0), ...set(replied), END],
        [...i32(DONE_AT), ...i32(done.length), ...call(4), ELSE],
        [...get(at), ...get(length), ...get(at), ...get(length), ADD],
        [...i32(BODY_AT), ...get(bodyLength), ADD, ...get(at), ...get(length), ADD, SUB, ...call(5), ...set(replied)],
        [...get(replied), ...i32(0), 0x48, ...IF],
        [...i32(REFUSED_AT), ...i32(refused.length), ...call(4), ...call(6), ...set(replied), ELSE],
        [...i32(DONE_AT), ...i32(done.length), ...call(4), END, END],
        [...i32(REPLY_AT), ...i32(0), ...get(replied), ...call(7), DROP, ...i32(REPLY_AT), ...get(replied), ...call(4)],
      ].flat(),
    },
  ],
  data: { at: DONE_AT, bytes: constants() },
})
