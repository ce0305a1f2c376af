import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FileLock, LockTable } from './lock-table.ts'

const lock = (owner: string, start: number, end: number, isExclusive = true, kind: FileLock['kind'] = 'posix'): FileLock => ({
  kind,
  owner,
  isExclusive,
  start: BigInt(start),
  end: BigInt(end),
  pid: 1,
})

test('any number of shared locks, or one exclusive one, on each byte', () => {
  const table = new LockTable()
  table.put(lock('a', 0, 9, false))
  assert.equal(table.conflict(lock('b', 0, 9, false)), null)
  table.put(lock('b', 5, 20, false))
  assert.equal(table.conflict(lock('a', 0, 9))?.owner, 'b')
  assert.equal(table.conflict(lock('a', 0, 4)), null)
  assert.equal(table.conflict(lock('c', 30, 40)), null)
  assert.equal(table.conflict(lock('c', 0, 100, true, 'flock')), null)
})

test('one that is put again takes the place of what it overlaps; the rest stays', () => {
  const table = new LockTable()
  table.put(lock('a', 0, 99))
  table.put(lock('a', 40, 59, false))
  assert.equal(table.conflict(lock('b', 40, 59, false)), null)
  assert.deepEqual([table.conflict(lock('b', 30, 39, false))?.end, table.conflict(lock('b', 60, 60, false))?.start], [39n, 60n])
  table.clear({ kind: 'posix', owner: 'a', start: 10n, end: 200n })
  assert.equal(table.conflict(lock('b', 10, 200)), null)
  assert.equal(table.conflict(lock('b', 9, 9))?.owner, 'a')
  table.clearAll((owner) => owner === 'a')
  assert.ok(table.isEmpty)
})

test('neighbours of one owner and kind become one', () => {
  const table = new LockTable()
  for (const [start, end] of [
    [0, 9],
    [20, 29],
    [10, 19],
  ] as const)
    table.put(lock('a', start, end))
  const found = table.conflict(lock('b', 15, 15))
  assert.deepEqual([found?.start, found?.end], [0n, 29n])
})
