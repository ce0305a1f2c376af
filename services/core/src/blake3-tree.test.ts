import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blake3, createBlake3 } from './blake3.ts'
import {
  digestOfGroups,
  GROUP_BYTES,
  groupCount,
  GroupTree,
  hashGroup,
  hashGroupPortably,
  HASH_BYTES,
  proveGroups,
  verifyGroups,
} from './blake3-tree.ts'
import { concatBytes } from './bytes.ts'
import { seededRandom } from './decoder-cases.ts'
import { isHoltError } from './errors.ts'

const file = (size: number): Uint8Array => {
  const random = seededRandom(size)
  return Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
}

function hashesOf(bytes: Uint8Array): Uint8Array {
  const count = groupCount(bytes.length)
  return concatBytes(Array.from({ length: count }, (_, i) => hashGroup(bytes.subarray(i * GROUP_BYTES, (i + 1) * GROUP_BYTES), i, count)))
}

const sizes = [1, 63, 64, 65, 1024, 1025, 5000, GROUP_BYTES - 1, GROUP_BYTES, GROUP_BYTES + 1, 3 * GROUP_BYTES, 5 * GROUP_BYTES + 777]

test('hashes of groups come to the digest of the file', () => {
  for (const size of sizes) assert.deepEqual(digestOfGroups(hashesOf(file(size))), blake3(file(size)), `${size} bytes`)
})

test('the kernel finds the same for a group as plain code, wherever it is in a file', () => {
  const bytes = file(GROUP_BYTES)
  const [begun, before] = [createBlake3(), blake3(bytes.subarray(0, 3000))]
  begun.update(bytes.subarray(0, 1500))
  const places = [
    ...Array.from({ length: 70 }, (_, i) => i),
    127,
    128,
    255,
    256,
    4095,
    2 ** 26 - 1,
    2 ** 26,
    2 ** 26 + 5,
    2 ** 40 - 1,
    2 ** 40 + 6,
  ]
  for (const place of places) {
    const count = place + 2
    assert.deepEqual(hashGroup(bytes, place, count), hashGroupPortably(bytes, place, count), `group ${place}`)
  }
  for (const size of [1, 1024, 40_000, GROUP_BYTES - 1])
    assert.deepEqual(hashGroup(bytes.subarray(0, size), 3, 4), hashGroupPortably(bytes.subarray(0, size), 3, 4))
  assert.deepEqual(hashGroup(bytes, 0, 1), hashGroupPortably(bytes, 0, 1))
  // what else was being hashed is not disturbed
  begun.update(bytes.subarray(1500, 3000))
  assert.deepEqual(begun.digest(), before)
})

test('any groups are proven by the digest alone', () => {
  for (const size of sizes) {
    const [bytes, count] = [file(size), groupCount(size)]
    const hashes = hashesOf(bytes)
    for (let from = 0; from < count; from++)
      for (let to = from + 1; to <= count; to++) {
        const part = bytes.subarray(from * GROUP_BYTES, to * GROUP_BYTES)
        verifyGroups(blake3(bytes), { from, to, count }, { bytes: part, proof: proveGroups(hashes, { from, to, count }) })
      }
  }
})

test('refuses other bytes, other places, and proofs that are altered, cut or longer', () => {
  const bytes = file(5 * GROUP_BYTES + 777)
  const range = { from: 2, to: 4, count: 6 }
  const good: { bytes: Uint8Array; proof: Uint8Array } = {
    bytes: bytes.slice(2 * GROUP_BYTES, 4 * GROUP_BYTES),
    proof: proveGroups(hashesOf(bytes), range),
  }
  const digest = blake3(bytes)
  const refused = (what: Partial<typeof good>, where = range) =>
    assert.throws(
      () => verifyGroups(digest, where, { ...good, ...what }),
      (error) => isHoltError(error, 'BLOCK_CORRUPT'),
    )
  verifyGroups(digest, range, good)
  const altered = (of: Uint8Array, at: number): Uint8Array => of.map((byte, i) => (i === at ? byte ^ 1 : byte))
  for (const at of [0, GROUP_BYTES, good.bytes.length - 1]) refused({ bytes: altered(good.bytes, at) })
  for (let at = 0; at < good.proof.length; at += HASH_BYTES) refused({ proof: altered(good.proof, at) })
  refused({ proof: good.proof.subarray(0, -HASH_BYTES) })
  refused({ proof: concatBytes([good.proof, new Uint8Array(HASH_BYTES)]) })
  refused({ bytes: good.bytes.subarray(0, -1) })
  refused({ bytes: good.bytes.subarray(0, GROUP_BYTES) })
  refused({ bytes: concatBytes([good.bytes, Uint8Array.of(0)]) })
  refused({}, { from: 1, to: 3, count: 6 })
})

test('one tree proves any range of its file, in any order and again, as each proof alone', () => {
  for (const size of sizes) {
    const hashes = hashesOf(file(size))
    const count = groupCount(size)
    const tree = new GroupTree(hashes)
    for (let round = 0; round < 2; round++)
      for (let from = count - 1; from >= 0; from--)
        for (let to = from + 1; to <= count; to++)
          assert.deepEqual(tree.prove({ from, to, count }), proveGroups(hashes, { from, to, count }), `${from} to ${to} of ${count}`)
  }
})
