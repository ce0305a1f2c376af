import assert from 'node:assert/strict'
import test from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import fc from 'fast-check'
import { arbitraryCid, arbitraryEntry, arbitraryName } from './entry-world.ts'
import { compareNames } from './names.ts'
import {
  childOf,
  decodeDirectoryNode,
  decodeHistory,
  decodeIndex,
  decodeRoot,
  encodeDirectoryInner,
  encodeDirectoryLeaf,
  encodeHistory,
  encodeIndex,
  encodeRoot,
  INDEX_FANOUT,
  type NamedEntry,
  type RootNode,
} from './nodes.ts'
import { pad } from './padding.ts'
import type { DirectoryEntry, SymlinkEntry } from './types.ts'

const arbitraryEntries = fc
  .uniqueArray(
    fc.tuple(arbitraryName, arbitraryEntry).map(([name, entry]) => ({ name, entry })),
    { minLength: 1, maxLength: 20, selector: ({ name }) => name },
  )
  .map((entries) => entries.sort((a, b) => compareNames(a.name, b.name)))

test('directory leaves pass through encoding and padding unchanged', () => {
  fc.assert(
    fc.property(arbitraryEntries, (entries) => {
      assert.deepEqual(decodeDirectoryNode(pad(encodeDirectoryLeaf(entries))), { kind: 'leaf', entries })
    }),
  )
})

const arbitraryChildren = fc
  .uniqueArray(
    fc.tuple(arbitraryName, arbitraryCid).map(([first, cid]) => ({ first, cid })),
    { minLength: 1, maxLength: 20, selector: ({ first }) => first },
  )
  .map((children) => children.sort((a, b) => compareNames(a.first, b.first)))

test('inner nodes pass through encoding and padding unchanged', () => {
  fc.assert(
    fc.property(arbitraryChildren, (children) => {
      assert.deepEqual(decodeDirectoryNode(pad(encodeDirectoryInner(children))), { kind: 'inner', children })
    }),
  )
})

const link: SymlinkEntry = { t: 'l', m: 0, mt: [0, 0], to: 'x' }
const directory: DirectoryEntry = { t: 'd', m: 0o755, mt: [-5, 7], k: [new Uint8Array(32)], r: null }
const named = (name: string): NamedEntry => ({ name, entry: link })
const [cid] = fc.sample(arbitraryCid, { seed: 1, numRuns: 1 }) as [Uint8Array]

test('refuses names out of order, twice, or fit for no directory', () => {
  for (const names of [['b', 'a'], ['a', 'a'], ['\u{10000}', '\u{ffff}'], ['.'], ['..'], ['a/b'], ['a\0'], [''], ['x'.repeat(256)]]) {
    assert.throws(() => decodeDirectoryNode(encodeDirectoryLeaf(names.map(named))), { code: 'MALFORMED' }, names.join())
    assert.throws(
      () => decodeDirectoryNode(encodeDirectoryInner(names.map((first) => ({ first, cid })))),
      { code: 'MALFORMED' },
      names.join(),
    )
  }
})

test('refuses empty and over-full nodes', () => {
  const many = Array.from({ length: 129 }, (_, i) => named(String(i).padStart(3, '0')))
  assert.equal(decodeDirectoryNode(encodeDirectoryLeaf(many.slice(1))).kind, 'leaf')
  for (const entries of [many, []]) assert.throws(() => decodeDirectoryNode(encodeDirectoryLeaf(entries)), { code: 'MALFORMED' })
  assert.throws(() => decodeDirectoryNode(encodeDirectoryInner([])), { code: 'MALFORMED' })
  assert.throws(() => decodeIndex(encodeIndex(new Uint8Array(36 * (INDEX_FANOUT + 1)))), { code: 'MALFORMED' })
  assert.throws(() => decodeIndex(encodeIndex(new Uint8Array(35))), { code: 'MALFORMED' })
})

test('tells versions it does not know from damage', () => {
  assert.throws(() => decodeDirectoryNode(encode({ v: 2, kind: 'dir', entries: 7 })), { code: 'UNSUPPORTED_VERSION' })
  assert.throws(() => decodeRoot(encode({ v: 2, kind: 'root' })), { code: 'UNSUPPORTED_VERSION' })
  assert.throws(() => decodeDirectoryNode(encode({ v: 1, kind: 'index', cids: new Uint8Array(0) })), { code: 'MALFORMED' })
  assert.throws(() => decodeRoot(encodeIndex(new Uint8Array(36))), { code: 'MALFORMED' })
})

const root: RootNode = { dir: directory, history: cid, epoch: 3, time: [1, 2] }
const history = {
  entries: [
    { sequence: 1, time: [1, 0] as const, root: cid },
    { sequence: 5, time: [0, 0] as const, root: cid },
  ],
  prev: null,
}

test('root and history nodes pass through unchanged, versions in order only', () => {
  assert.deepEqual(decodeRoot(pad(encodeRoot(root))), root)
  assert.deepEqual(decodeHistory(pad(encodeHistory(history))), history)
  const backwards = { ...history, entries: [...history.entries].reverse() }
  assert.throws(() => decodeHistory(encodeHistory(backwards)), { code: 'MALFORMED' })
})

test('index nodes keep CIDs and holes in their places', () => {
  const cids = new Uint8Array(36 * 3)
  cids.set(cid, 36)
  const decoded = decodeIndex(pad(encodeIndex(cids)))
  assert.equal(childOf(decoded, 0), null)
  assert.deepEqual(childOf(decoded, 1), cid)
  assert.equal(childOf(decoded, 2), null)
  assert.equal(childOf(decoded, 400), null)
  assert.throws(() => decodeIndex(encodeIndex(new Uint8Array(36).fill(1))), { code: 'UNSUPPORTED_VERSION' })
  const halfHole = new Uint8Array(36)
  halfHole[20] = 1
  assert.throws(() => decodeIndex(encodeIndex(halfHole)), { code: 'UNSUPPORTED_VERSION' })
})

test('hostile nodes are refused', async () => {
  const leaf = encodeDirectoryLeaf(fc.sample(arbitraryEntries, { seed: 3, numRuns: 1 })[0] as NamedEntry[])
  const inner = encodeDirectoryInner(fc.sample(arbitraryChildren, { seed: 3, numRuns: 1 })[0] as { first: string; cid: Uint8Array }[])
  await fuzzDecoder(decodeDirectoryNode, [leaf, pad(leaf), inner])
  await fuzzDecoder(decodeRoot, [encodeRoot(root)])
  await fuzzDecoder(decodeHistory, [encodeHistory(history)])
  await fuzzDecoder(decodeIndex, [encodeIndex(new Uint8Array(72)), pad(encodeIndex(cid))])
})
