import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from './bytes.ts'
import { cidFromText, cidOf, cidToText } from './cid.ts'
import { decode, decodePadded, decodePrefix, encode } from './codec.ts'
import { fuzzDecoder, hostileInputs } from './decoder-cases.ts'
import { HoltError } from './errors.ts'
import { principalFromText, principalToText } from './principal.ts'
import * as shape from './shape.ts'
import { readUtf8 } from './utf8-text.ts'

const samples = [
  encode({ v: 1, kind: 'sample', name: 'ä name', bytes: new Uint8Array(20), list: [1, -2, 70_000, 2 ** 40, 1.5, null, true] }),
  encode([[[[]]], {}, '', new Uint8Array(0)]),
]

test('the codec survives what is hostile, and takes only what it would write', async () => {
  await fuzzDecoder((bytes) => assert.deepEqual(encode(decode(bytes)), bytes), samples, { runs: 5000 })
  await fuzzDecoder((bytes) => decodePrefix(bytes), samples)
  await fuzzDecoder((bytes) => decodePadded(bytes), samples)
})

test('text forms survive what is hostile', async () => {
  const text = (decoder: (text: string) => unknown) => (bytes: Uint8Array) => decoder(String.fromCharCode(...bytes.subarray(0, 60_000)))
  await fuzzDecoder(text(principalFromText), [utf8(principalToText(new Uint8Array(32).fill(9)))])
  await fuzzDecoder(text(cidFromText), [utf8(cidToText(cidOf(new Uint8Array(3))))])
})

test('UTF-8 is read as a fatal TextDecoder reads it', async () => {
  const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const agree = (bytes: Uint8Array) => {
    let expected: string | null = null
    try {
      expected = fatal.decode(bytes)
    } catch {}
    assert.equal(readUtf8(bytes), expected)
  }
  await fuzzDecoder(
    agree,
    [utf8('aé水😀\ufffd\ufeff\u07ff\u0800\ud7ff\ue000\uffff\u{10ffff}'.repeat(2)), utf8('é'), utf8('plain ascii text')],
    { runs: 20_000 },
  )
})

test('lengths that are only claimed cost no memory', () => {
  const inputs = [...hostileInputs(samples, { runs: 0 })].map(({ bytes }) => bytes)
  const list = shape.arrayOf(shape.uint(), { max: 10 })
  const before = process.memoryUsage().rss
  for (let round = 0; round < 5; round++) {
    for (const bytes of inputs) {
      try {
        shape.parse(list, bytes)
      } catch {}
    }
  }
  assert.ok(process.memoryUsage().rss - before < 200 << 20)
})

test('the fuzzer finds decoders that fail otherwise', async () => {
  const good = encode([1])
  const faulty: Record<string, (bytes: Uint8Array) => unknown> = {
    'throws a foreign error': (bytes) => bytes.length < 2 && JSON.parse('{'),
    'owns to a bug': (bytes) => {
      if (bytes.length !== 2) throw new HoltError('INTERNAL', 'a bug')
    },
    'rejects later': async (bytes) => bytes.length > 2 && Promise.reject(new TypeError('late')),
    'writes into its input': (bytes) => bytes.fill(0),
    'refuses what is good': () => {
      throw new HoltError('MALFORMED', 'no')
    },
    'trusts a length': (bytes) => bytes[0] === 0x9b && new Array(Number(new DataView(bytes.buffer).getBigUint64(1))),
  }
  for (const [what, decoder] of Object.entries(faulty)) await assert.rejects(fuzzDecoder(decoder, [good]), what)
})
