import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { FrameDecoder } from './frame-decoder.ts'

const framed = (value: unknown) => {
  const body = utf8(JSON.stringify(value))
  return concatBytes([utf8(`Content-Length: ${body.length}\r\n\r\n`), body])
}
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return isHoltError(error) ? error.code : String(error)
  }
  return null
}

test('gives back any values however the stream is cut', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), cuts, (given, sizes) => {
      // As JSON has them: it knows no -0.
      const values = given.map((value) => JSON.parse(JSON.stringify(value)) as unknown)
      const stream = concatBytes(values.map(framed))
      const decoder = new FrameDecoder(1 << 20)
      const seen: unknown[] = []
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = sizes[i % sizes.length] as number
        for (const { value } of decoder.feed(stream.subarray(at, at + size))) seen.push(value)
        at += size
      }
      assert.deepEqual(seen, values)
    }),
  )
})

test('takes a message of exactly the limit and refuses one byte more before it arrives', () => {
  const body = JSON.stringify('x'.repeat(98))
  assert.equal([...new FrameDecoder(100).feed(utf8(`Content-Length: 100\r\n\r\n${body}`))].length, 1)
  assert.equal(
    codeOf(() => [...new FrameDecoder(100).feed(utf8('Content-Length: 101\r\n\r\n'))]),
    'TOO_LARGE',
  )
})

test('refuses headers that are endless, missing, doubled, negative or not numbers, and bodies that are not JSON', () => {
  for (const text of [
    'x'.repeat(600),
    '\r\n\r\n',
    'Content-Type: a\r\n\r\n',
    'Content-Length: -5\r\n\r\n',
    'Content-Length: 0\r\n\r\n',
    'Content-Length: 5e3\r\n\r\n',
    'Content-Length: 99999999999999999999\r\n\r\n',
    'Content-Length: 2\r\nContent-Length: 4\r\n\r\n',
    'Content-Length: 4\r\n\r\n{"a"',
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  ]) {
    assert.equal(
      codeOf(() => [...new FrameDecoder(1000).feed(utf8(text))]),
      'MALFORMED',
      JSON.stringify(text),
    )
  }
})

test('any bytes give values or a coded refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      assert.ok([null, 'MALFORMED', 'TOO_LARGE'].includes(codeOf(() => [...new FrameDecoder(1000).feed(bytes)])))
    }),
  )
})
