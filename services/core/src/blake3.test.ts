import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blake3 as noble } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { blake3, createBlake3 } from './blake3.ts'
import { toHex } from './bytes.ts'
import { allocateKernelMemory } from './kernel-memory.ts'
import { kernels } from './kernels.ts'

/** The input of the official test vectors: the first bytes of 0, 1, … 250, 0, 1, … */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251)
}

/** The official lengths and more, on both sides of every block, chunk and subtree edge. */
const chunkCounts = [1, 2, 3, 4, 5, 6, 7, 8, 16, 31, 64, 65, 96, 100, 128, 1024]
const vectorLengths = [
  0,
  1,
  2,
  3,
  63,
  64,
  65,
  127,
  128,
  129,
  ...chunkCounts.flatMap((count) => [count * 1024 - 1, count * 1024, count * 1024 + 1]),
]

/** From test_vectors.json of the BLAKE3 repository: the first 32 bytes of `hash`. */
const officialDigests: readonly [number, string][] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [3073, '7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3'],
  [4097, '9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995'],
  [31744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
  [102400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
]

test('this runtime runs the kernels', () => {
  assert.notEqual(kernels, null)
})

for (const [length, digest] of officialDigests) {
  test(`gives the official digest of ${length} bytes`, () => {
    assert.equal(toHex(blake3(pattern(length))), digest)
  })
}

test('agrees with another implementation at every edge of blocks, chunks and subtrees', () => {
  for (const length of vectorLengths) assert.equal(toHex(blake3(pattern(length))), toHex(noble(pattern(length))), `${length} bytes`)
})

test('gives the same digest however the input is split', () => {
  const input = pattern(300_000)
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(70), fc.nat(3000), fc.nat(100_000)), { maxLength: 12 }), (lengths) => {
      const hasher = createBlake3()
      let offset = 0
      for (const length of lengths) {
        hasher.update(input.subarray(offset, offset + length))
        offset = Math.min(offset + length, input.length)
        assert.equal(toHex(hasher.digest()), toHex(noble(input.subarray(0, offset))))
      }
    }),
    { numRuns: 60 },
  )
})

test('keeps many hashers apart that take turns, and whole inputs hashed between them', () => {
  const input = pattern(150_000)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(13), fc.nat(9000)), { maxLength: 200 }), (turns) => {
      const hashers = Array.from({ length: 14 }, () => createBlake3())
      const expected = hashers.map(() => noble.create({}))
      for (const [index, length] of turns) {
        const piece = input.subarray(index * 1000, index * 1000 + length)
        hashers[index]?.update(piece)
        expected[index]?.update(piece)
        if (length % 10 === 0) assert.equal(toHex(blake3(piece)), toHex(noble(piece)))
      }
      assert.deepEqual(
        hashers.map((hasher) => toHex(hasher.digest())),
        expected.map((hasher) => toHex(hasher.digest())),
      )
    }),
    { numRuns: 40 },
  )
})

test('hashes what lies in kernel memory, also after the memory has grown', () => {
  const region = allocateKernelMemory(70_000)
  region.bytes.set(pattern(70_000))
  const hasher = createBlake3()
  hasher.update(region.bytes.subarray(0, 12_345))
  const other = allocateKernelMemory(40 * 1024 * 1024)
  hasher.update(region.bytes.subarray(12_345))
  assert.equal(toHex(hasher.digest()), toHex(noble(pattern(70_000))))
  assert.equal(toHex(blake3(region.bytes.subarray(1, 5001))), toHex(noble(pattern(70_000).subarray(1, 5001))))
  region.free()
  other.free()
})
