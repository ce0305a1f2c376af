import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { isHoltError } from '@holt/core/errors.ts'
import { bytesFrom } from '../test-world.ts'
import { encodeManifest, parseManifest, type StoreManifest } from './store-manifest.ts'

const id = '00112233445566778899aabbccddeeff'
const sealed = {
  id,
  redundancyClass: 'precious',
  createdSeconds: 2 ** 33,
  sizeBytes: 2 ** 32 - 1,
  toc: { offset: 4_000_000_000, length: 100 },
}
const manifest: StoreManifest = {
  runs: [{ name: '12', entries: 1000, pages: 7, tailDigest: bytesFrom(1, 32), firstPack: 3, lastPack: 9 }],
  packs: [
    {
      number: 3,
      id,
      redundancyClass: 'precious',
      createdSeconds: 2 ** 33,
      sizeBytes: 2 ** 32 - 1,
      blockCount: 55,
      sealed,
      isIndexed: true,
    },
    {
      number: 70_000,
      id: id.replace('00', 'ff'),
      redundancyClass: 'standard',
      createdSeconds: 1,
      sizeBytes: 77,
      blockCount: 5,
      sealed: null,
      isIndexed: false,
    },
  ],
  heads: [bytesFrom(2, 300), bytesFrom(3, 1)],
  nextNumber: 70_001,
}

test('what was written is read back', () => {
  assert.deepEqual(parseManifest(encodeManifest(manifest)), manifest)
  const empty = { runs: [], packs: [], heads: [], nextNumber: 0 }
  assert.deepEqual(parseManifest(encodeManifest(empty)), empty)
})

test('a flipped bit or a cut anywhere is seen', () => {
  const bytes = encodeManifest(manifest)
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice()
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8))
    assert.throws(() => parseManifest(damaged), { code: 'MALFORMED' })
    assert.throws(() => parseManifest(bytes.subarray(0, at)), { code: 'MALFORMED' })
  }
})

test('any bytes are refused with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.throws(
        () => parseManifest(bytes),
        (error) => isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION'),
      )
    }),
  )
})
