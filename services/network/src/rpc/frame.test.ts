import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { decodeFrame, encodeFrame, type FrameOut } from './frame.ts'
import { defineProtocol } from './protocol.ts'
import { fromWireError, toWireError } from './wire-error.ts'

const frames: FrameOut[] = [
  { kind: 'request', id: 1, method: 'read', within: 30_000, body: { cid: new Uint8Array(36), from: 0 } },
  { kind: 'cancel', id: 1 },
  { kind: 'answer', id: 1, body: new Uint8Array([1, 2]) },
  { kind: 'error', id: 2, code: 'NOT_FOUND', message: 'no such block', data: { at: 7, why: null } },
  { kind: 'end', code: 'MALFORMED', message: 'no', data: {} },
]
const refusal = (bytes: Uint8Array) => {
  try {
    decodeFrame(bytes)
  } catch (error) {
    return isHoltError(error) ? error.code : String(error)
  }
  return 'taken'
}

test('a frame is its length and one map with a version', () => {
  assert.equal(toHex(encodeFrame({ kind: 'cancel', id: 9 }, 4096)), '00000014a361760162696409646b696e646663616e63656c')
  for (const frame of frames) assert.deepEqual(decodeFrame(encodeFrame(frame, 4096).subarray(4)), { v: 1, ...frame })
})

test('refuses other versions, kinds, fields and bounds', () => {
  const request = { v: 1, ...frames[0] }
  assert.equal(refusal(encode({ ...request, v: 2 })), 'UNSUPPORTED_VERSION')
  assert.equal(refusal(encode({ v: 2, kind: 'of another time' })), 'UNSUPPORTED_VERSION')
  for (const wrong of [
    { id: 0 },
    { id: -1 },
    { within: 0 },
    { within: 600_001 },
    { method: 'x'.repeat(65) },
    { kind: 'other' },
    { more: 1 },
    { body: undefined },
  ])
    assert.equal(refusal(encode({ ...request, ...wrong })), 'MALFORMED', JSON.stringify(wrong))
  for (const value of [null, 7, [], {}, 'request', { kind: 'cancel', id: 1 }]) assert.equal(refusal(encode(value)), 'MALFORMED')
  assert.throws(
    () => encodeFrame({ kind: 'answer', id: 1, body: new Uint8Array(4096) }, 4096),
    (error) => isHoltError(error, 'TOO_LARGE'),
  )
})

test('takes no harm from hostile bytes', () =>
  fuzzDecoder(
    decodeFrame,
    frames.map((frame) => encodeFrame(frame, 4096).subarray(4)),
  ))

test('errors cross with code and facts, and nothing of the inside does', () => {
  const peer = new Uint8Array(32).fill(9)
  const told = fromWireError(peer, toWireError(new HoltError('NOT_FOUND', 'gone', { seq: 3, names: ['a'] })))
  assert.equal(told.code, 'NOT_FOUND')
  assert.equal(told.data['seq'], 3)
  assert.match(String(told.data['peer']), /^12D3Koo/)
  for (const inside of [new Error('secret /path'), new HoltError('STORE_FAILED', 'secret /path', { path: 'secret' })])
    assert.doesNotMatch(JSON.stringify(toWireError(inside)), /secret/)
  const pretends = fromWireError(peer, { code: 'STORE_FAILED', message: '', data: { peer: 'someone else' } })
  assert.equal(pretends.code, 'PEER_FAILED')
  assert.match(String(pretends.data['peer']), /^12D3Koo/)
  const long = toWireError(new HoltError('CONFLICT', '😀'.repeat(5000), { long: 'x'.repeat(5000), odd: Number.NaN }))
  assert.deepEqual(decodeFrame(encodeFrame({ kind: 'end', ...long }, 4096).subarray(4)), { v: 1, kind: 'end', ...long })
})

test('a protocol has a name with a version, and bounds', () => {
  const good = { id: '/holt/some-thing/1', methods: {}, maxFrameBytes: 4096, maxOpenRequests: 1 }
  assert.equal(defineProtocol(good), good)
  for (const wrong of [{ id: '/holt/x' }, { id: '/other/x/1' }, { id: '/holt/x/0' }, { maxFrameBytes: 1 << 30 }, { maxOpenRequests: 0 }])
    assert.throws(() => defineProtocol({ ...good, ...wrong }), RangeError)
})
