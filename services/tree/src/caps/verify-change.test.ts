import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { DirectoryEntry, FileEntry, TreeEntry } from '../types.ts'
import { MemorySnapshot } from './memory-snapshot.ts'
import { verifyChange } from './verify-change.ts'

const cid = (number: number) => Uint8Array.from({ length: 36 }, (_, i) => [1, 0x55, 0x1e, 0x20][i] ?? number)
const key = (number: number) => new Uint8Array(32).fill(number)
const directory = (r: number, more: Partial<DirectoryEntry> = {}): DirectoryEntry => ({
  t: 'd',
  m: 0o755,
  mt: [1, 0],
  k: [key(1)],
  r: cid(r),
  ...more,
})
const file = (r: number): FileEntry => ({ t: 'f', m: 0o644, mt: [1, 0], k: [key(2)], r: cid(r), z: 5, c: 20, h: 0 })

const tree: Record<string, TreeEntry> = {
  '/': directory(1),
  '/a': file(2),
  '/photos': directory(3),
  '/photos/2025': directory(4),
  '/photos/2025/x': file(5),
  '/photos/2026': directory(6),
  '/photos/2026/y': file(7),
  '/photosy': directory(8),
  '/zoo': file(9),
}
/** What a change at or below /photos/2026 entails. */
const onTheWay = { '/': directory(11), '/photos': directory(13) }

function changed(change: Record<string, TreeEntry | null>): MemorySnapshot {
  const entries = Object.entries({ ...tree, ...onTheWay, ...change }).filter(([, entry]) => entry !== null)
  return new MemorySnapshot(Object.fromEntries(entries) as Record<string, TreeEntry>)
}

function verify(change: Record<string, TreeEntry | null>, path = '/photos/2026'): Promise<void> {
  return verifyChange(new MemorySnapshot(tree), changed(change), path)
}

async function refused(change: Record<string, TreeEntry | null>, at: string, path?: string): Promise<void> {
  await assert.rejects(verify(change, path), (error) => {
    assert.ok(isHoltError(error, 'NOT_AUTHORIZED') && error instanceof HoltError)
    assert.equal(error.data.path, at)
    return true
  })
}

test('lets everything at and below the path change', async () => {
  await verify({})
  await verify({ '/photos/2026': directory(16), '/photos/2026/y': file(17), '/photos/2026/z': file(18) })
  await verify({ '/photos/2026': null, '/photos/2026/y': null, '/photos': directory(13, { mt: [2, 0] }) })
  await verify({ '/photos/2026': file(1) })
  await verify({ '/photos/2026': directory(6, { m: 0o700 }) })
  await verify({ '/photos/2027': directory(20), '/photos': directory(13, { mt: [2, 0] }) }, '/photos/2027')
  await verify({ '/a': null, '/new': file(1), '/': file(1) }, '/')
  await verifyChange(new MemorySnapshot(tree), new MemorySnapshot(tree), '/photos/2026/y/nowhere')
})

test('names the first sibling that changed, came or went', async () => {
  await refused({ '/a': file(12) }, '/a')
  await refused({ '/zoo': null }, '/zoo')
  await refused({ '/new': file(1) }, '/new')
  await refused({ '/photosy': directory(18) }, '/photosy')
  await refused({ '/photos/2025': directory(14) }, '/photos/2025')
  await refused({ '/photos/2025': null }, '/photos/2025')
  await refused({ '/photos/2027': directory(1) }, '/photos/2027')
  await refused({ '/photos/2025': directory(4, { k: [key(1), key(9)] }) }, '/photos/2025')
})

test('finds it far down a long directory too', async () => {
  const many = Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`/many${i}`, file(i % 200)]))
  const before = new MemorySnapshot({ ...tree, ...many })
  await verifyChange(before, changed(many), '/photos/2026')
  await assert.rejects(verifyChange(before, changed({ ...many, '/many999': file(250) }), '/photos/2026'), (error) =>
    isHoltError(error, 'NOT_AUTHORIZED'),
  )
})

test('directories on the way change in nothing else', async () => {
  const others: Partial<DirectoryEntry>[] = [
    { m: 0o777 },
    { mt: [2, 0] },
    { cl: 'precious' },
    { x: { a: key(1) } },
    { k: [key(9)] },
    { k: [] },
  ]
  for (const other of others) await refused({ '/': directory(11, other) }, '/')
  await refused({ '/photos': directory(13, { m: 0o700 }) }, '/photos')
  await refused({ '/photos': directory(13, { e: -1 }) }, '/photos')
  await verify({ '/': directory(11, { k: [key(1), key(8)], e: 1 }) })
})

test('directories on the way are neither replaced, removed nor made', async () => {
  await refused({ '/photos': file(1) }, '/photos')
  await refused({ '/photos': { t: 'l', m: 0o777, mt: [1, 0], to: '/a' } }, '/photos')
  await refused({ '/photos': null, '/photos/2025': null, '/photos/2025/x': null, '/photos/2026': null, '/photos/2026/y': null }, '/photos')
  await refused({ '/photos': tree['/photos'] as TreeEntry, '/new': directory(1), '/new/deep': directory(1) }, '/new', '/new/deep/er')
})
