import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decoderWithStrict } from './strict-decoder.ts'

const Decoder = decoderWithStrict()
const samples = [
  [],
  [0x61],
  [0xef, 0xbb, 0xbf, 0x61],
  [0xc3, 0xa5],
  [0xc3],
  [0xff],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0xf0, 0x9f, 0x8c, 0xb2],
]

test('strict UTF-8 is read and refused as by the decoder of a Node with ICU', () => {
  for (const ignoreBOM of [false, true])
    for (const bytes of samples) {
      const result = (make: typeof TextDecoder): string => {
        try {
          return new make('utf-8', { fatal: true, ignoreBOM }).decode(Uint8Array.from(bytes))
        } catch (error) {
          return (error as Error).name
        }
      }
      assert.equal(result(Decoder), result(TextDecoder), bytes.join(' '))
    }
})

test('every other decoder is the one that was there', () => {
  assert.ok(new Decoder() instanceof TextDecoder)
  assert.equal(new Decoder('utf-8').decode(Uint8Array.of(0xff)), '\ufffd')
})
