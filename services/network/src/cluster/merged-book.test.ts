import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { MergedBook, MOST_MERGED } from './merged-book.ts'
import { NodeNames } from './node-names.ts'

const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const never = (text: string): void => assert.fail(text)

test('what was merged is told once, is there after a restart, and only the newest hundred stay', async () => {
  const disk = new MemoryDisk()
  const book = await MergedBook.open(disk, never)
  const file = { path: '/both', at: 10, by: one }
  assert.deepEqual(await book.add([file]), [file])
  assert.deepEqual(await book.add([file]), [], 'another node says the same')
  assert.equal((await book.add([{ ...file, by: other }])).length, 1, 'another merge of it')
  const many = Array.from({ length: MOST_MERGED }, (_, i) => ({ path: `/${i}`, at: 20 + i, by: one }))
  assert.equal((await book.add(many)).length, MOST_MERGED)
  assert.deepEqual(await book.add([{ ...file, at: 5 }]), [], 'older than all that are kept')
  const again = await MergedBook.open(disk, never)
  assert.deepEqual(
    again.list().map(({ at }) => at),
    many.map(({ at }) => at),
  )
})

test('names of nodes are there after a restart; one that is taken back is forgotten', async () => {
  const disk = new MemoryDisk()
  const names = await NodeNames.open(disk, never)
  await names.setSelf('Attic')
  await Promise.all([names.hear(one, 'Box'), names.hear(other, 'Laptop')])
  await names.hear(one, '')
  const again = await NodeNames.open(disk, never)
  assert.deepEqual([again.self, again.of(one), again.of(other)], ['Attic', null, 'Laptop'])
})

test('a list that is damaged on both copies is begun anew, and that is said', async () => {
  const disk = new MemoryDisk()
  await (await MergedBook.open(disk, never)).add([{ path: '/both', at: 10, by: one }])
  await (await NodeNames.open(disk, never)).setSelf('Attic')
  for (const name of ['merged', 'names'])
    for (const copy of ['', '.copy']) await disk.replaceFile(`cluster/${name}${copy}`, new Uint8Array(50))
  const said: string[] = []
  assert.deepEqual((await MergedBook.open(disk, (text) => void said.push(text))).list(), [])
  assert.equal((await NodeNames.open(disk, (text) => void said.push(text))).self, '')
  assert.equal(said.length, 2)
})
