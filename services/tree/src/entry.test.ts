import assert from 'node:assert/strict'
import test from 'node:test'
import { decode, encode } from '@holt/core/codec.ts'
import fc from 'fast-check'
import { NodeRef, unsealedContentOf, withContent } from './directory-node.ts'
import { checkEntry, encodedEntryBytes, encodedSlotBytes, entryShape, MAX_ENTRY_BYTES } from './entry.ts'
import { arbitraryEntry, arbitraryName } from './entry-world.ts'
import type { DirectoryEntry, FileEntry, TreeEntry } from './types.ts'

test('every entry passes through its encoding unchanged', () => {
  fc.assert(
    fc.property(arbitraryEntry, (entry) => {
      assert.deepEqual(entryShape.check(decode(encode(entry)), ''), entry)
      assert.equal(checkEntry(entry), entry)
    }),
  )
})

test('foretells the size of an encoded entry', () => {
  fc.assert(
    fc.property(arbitraryName, arbitraryEntry, (name, entry) => {
      // A directory without contents may get a CID before it is encoded.
      const spare = 'r' in entry && entry.r === null ? 37 : 0
      assert.equal(encodedEntryBytes(entry), encode(entry).length + spare)
      assert.equal(encodedSlotBytes(name, entry), encode([name, entry]).length + spare)
    }),
  )
})

const key = new Uint8Array(32)
const file: FileEntry = { t: 'f', m: 0o644, mt: [0, 0], k: [key], r: null, z: 0, c: 20, h: 0 }
const directory: DirectoryEntry = { t: 'd', m: 0o755, mt: [0, 0], k: [key], r: null }

test('refuses entries that could not be stored, before they are in a tree', () => {
  const bad: unknown[] = [
    { ...file, t: 'x' },
    { ...file, m: 0o10000 },
    { ...file, m: -1 },
    { ...file, mt: [0, 1e9] },
    { ...file, mt: [0.5, 0] },
    { ...file, k: [] },
    { ...file, k: [new Uint8Array(31)] },
    { ...file, z: -1 },
    { ...file, z: 2 ** 53 },
    { ...file, c: 17 },
    { ...file, h: 6 },
    { ...file, r: new Uint8Array(36) },
    { ...file, cl: 'x'.repeat(33) },
    { ...file, extra: 1 },
    { ...directory, z: 1 },
    { ...directory, x: { a: 'text' } },
    { t: 'l', m: 0o777, mt: [0, 0], to: '' },
    { t: 'l', m: 0o777, mt: [0, 0], to: 'a\0b' },
    { t: 'v', m: 0o755, mt: [0, 0], k: [key], id: key, o: key, s: new Uint8Array(16) },
  ]
  for (const entry of bad)
    assert.throws(
      () => checkEntry(entry as TreeEntry),
      (error: { code?: string }) => error.code === 'INPUT_INVALID' || error.code === 'UNSUPPORTED_VERSION',
      JSON.stringify(entry),
    )
})

test('refuses an entry too large for a node', () => {
  const x = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`a${i}`, new Uint8Array(65_000)]))
  assert.throws(() => checkEntry({ ...file, x }), { code: 'TOO_LARGE' })
  assert.ok(encodedEntryBytes(checkEntry({ ...file, x: { a: new Uint8Array(65_000) } })) < MAX_ENTRY_BYTES)
})

test('leaves out fields that are undefined', () => {
  assert.deepEqual(Object.keys(checkEntry({ ...file, cl: undefined, x: undefined })), Object.keys(file))
})

test('contents that are not sealed yet go along with a copy of the entry, and are no field of it', () => {
  const ref = NodeRef.inMemory({ kind: 'leaf', entries: [], sizeBytes: 0 }, { number: 0, key })
  const filled = withContent(directory, ref)
  assert.equal(unsealedContentOf({ ...filled, m: 0o700 }), ref)
  assert.deepEqual(encode(filled), encode(directory))
  assert.equal(unsealedContentOf(withContent(filled, null)), null)
})
