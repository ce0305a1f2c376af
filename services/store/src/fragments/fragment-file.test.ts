import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { webCrypto } from '@holt/core/web-crypto.ts'
import fc from 'fast-check'
import {
  encodeFragmentTail,
  isSameSpread,
  parseFragmentTail,
  shardBytesOf,
  signSpread,
  type SpreadPack,
  verifySpread,
} from './fragment-file.ts'

const seed = new Uint8Array(32).fill(1)
const owner = webCrypto.ed25519PublicKey(seed)

function spreadOf(k: number, n: number, sizeBytes: number): SpreadPack {
  return signSpread(webCrypto, seed, {
    id: '00112233445566778899aabbccddeeff',
    redundancyClass: 'standard',
    sizeBytes,
    toc: { offset: 0, length: sizeBytes },
    createdSeconds: 1_700_000_000,
    dataFragments: k,
    totalFragments: n,
    shardBytes: shardBytesOf(sizeBytes, k),
    roots: webCrypto.randomBytes(32 * n),
  })
}

const shapes = fc
  .integer({ min: 1, max: 255 })
  .chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n), fc.integer({ min: 0, max: n - 1 })))

test('what is read from the end of a fragment is what was written', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 1 << 26 }), fc.uint8Array({ maxLength: 100 }), ([k, n, index], sizeBytes, before) => {
      const spread = spreadOf(k, n, sizeBytes)
      const tail = encodeFragmentTail(spread, index)
      const parsed = parseFragmentTail(concatBytes([before, tail]), spread.shardBytes + tail.length)
      assert.deepEqual({ ...parsed, spread: { ...parsed.spread } }, { spread, index })
      verifySpread(webCrypto, parsed.spread, owner)
    }),
    { numRuns: 60 },
  )
})

test('any changed byte of a tail is refused by its form or its signature, or moves the fragment to another index', () => {
  const spread = spreadOf(2, 3, 1000)
  const tail = encodeFragmentTail(spread, 1)
  for (let at = 0; at < tail.length; at++) {
    for (const mask of [1, 0x80, 0xff]) {
      const changed = tail.slice()
      changed[at] = (changed[at] as number) ^ mask
      assert.ok(isRefused(changed, spread), `byte ${at}, mask ${mask}`)
    }
  }

  function isRefused(bytes: Uint8Array, original: SpreadPack): boolean {
    try {
      const parsed = parseFragmentTail(bytes, original.shardBytes + bytes.length)
      verifySpread(webCrypto, parsed.spread, owner)
      return parsed.index !== 1 && isSameSpread(parsed.spread, original)
    } catch (error) {
      return isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION') || isHoltError(error, 'SIGNATURE_INVALID')
    }
  }
})

test('arbitrary bytes never get further than MALFORMED or UNSUPPORTED_VERSION', () => {
  const spread = spreadOf(4, 6, 5000)
  const tail = encodeFragmentTail(spread, 3)
  const mutated = fc
    .tuple(fc.integer({ min: 0, max: tail.length }), fc.integer({ min: 0, max: 40 }), fc.uint8Array({ maxLength: 40 }))
    .map(([at, removed, added]) => concatBytes([tail.subarray(0, at), added, tail.subarray(Math.min(tail.length, at + removed))]))
  const bytes = fc.oneof(mutated, fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400 }).map(withFooter))
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 1 << 20 }), (end, fileBytes) => {
      try {
        parseFragmentTail(end, fileBytes)
      } catch (error) {
        assert.ok(isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION'), String(error))
      }
    }),
    { numRuns: 3000 },
  )
})

/** The same bytes as a descriptor with a right footer. */
function withFooter(descriptor: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, descriptor.length)
  return concatBytes([descriptor, length, new TextEncoder().encode('HOLTFRG1')])
}

test('a fragment of another owner is told apart', () => {
  const spread = spreadOf(1, 2, 100)
  assert.throws(() => verifySpread(webCrypto, spread, webCrypto.ed25519PublicKey(new Uint8Array(32).fill(2))), {
    code: 'SIGNATURE_INVALID',
  })
})
