import assert from 'node:assert/strict'
import test from 'node:test'
import { diskCases } from './disk-cases.ts'
import { HoltError } from './errors.ts'
import { MemoryDisk } from './memory-disk.ts'

for (const { name, run } of diskCases) test(`MemoryDisk: ${name}`, () => run(new MemoryDisk()))

test('a full disk keeps the part of a write that fitted, and takes more when there is space', async () => {
  const disk = new MemoryDisk({ capacityBytes: 10 })
  const file = await disk.open('a', { create: 'new' })
  assert.ok(file)
  await assert.rejects(file.write(0, new Uint8Array(16).fill(1)), { code: 'DISK_FULL' })
  assert.equal(await file.size(), 10)
  await file.truncate(4)
  await file.write(4, new Uint8Array(6).fill(2))
  assert.deepEqual([...(await file.read(0, 20))], [1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
  assert.equal((await disk.space()).freeBytes, 0)
  await disk.remove('a')
  assert.equal((await disk.space()).freeBytes, 10)
})

test('a replacement that does not fit leaves the old file', async () => {
  const disk = new MemoryDisk({ capacityBytes: 10 })
  await disk.replaceFile('a', new Uint8Array([1, 2, 3]))
  await assert.rejects(disk.replaceFile('a', new Uint8Array(9)), { code: 'DISK_FULL' })
  assert.deepEqual([...((await disk.readFile('a')) ?? [])], [1, 2, 3])
  assert.deepEqual(disk.paths(), ['a'])
})

test('a fault that a test asks for is what the operation fails with', async () => {
  const disk = new MemoryDisk()
  const file = await disk.open('a', { create: 'new' })
  disk.fault = (operation) => {
    if (operation === 'sync') throw new HoltError('IO_FAILED', 'the drive is gone')
  }
  await file?.write(0, new Uint8Array(4))
  await assert.rejects(async () => file?.sync(), { code: 'IO_FAILED' })
})

test('a copy shares nothing with what it was copied from', async () => {
  const disk = new MemoryDisk()
  await disk.makeFolder('f')
  await disk.replaceFile('f/a', new Uint8Array([1, 2, 3]))
  const copy = disk.copy()
  disk.flip('f/a', 1, 0x80)
  assert.deepEqual([...((await copy.readFile('f/a')) ?? [])], [1, 2, 3])
  assert.deepEqual([...((await disk.readFile('f/a')) ?? [])], [1, 0x82, 3])
  const third = copy.copy()
  await (await copy.open('f/a'))?.write(0, new Uint8Array([9, 9, 9, 9]))
  await (await third.open('f/a'))?.truncate(1)
  await third.replaceFile('f/b', new Uint8Array(2))
  await copy.remove('f/a')
  assert.deepEqual([...((await third.readFile('f/a')) ?? [])], [1])
  assert.deepEqual([await disk.list('f'), await copy.list('f'), await third.list('f')], [['a'], [], ['a', 'b']])
})
