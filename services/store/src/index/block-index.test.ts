import assert from 'node:assert/strict'
import test from 'node:test'
import { blake3 } from '@holt/core/blake3.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { numbersFrom } from '../test-world.ts'
import { BlockIndex, INDEX_FOLDER } from './block-index.ts'
import type { BlockLocation } from './block-location.ts'
import type { RunDescriptor } from './run-format.ts'

interface World {
  disk: MemoryDisk
  index: BlockIndex
  /** What the manifest would hold. */
  runs: RunDescriptor[]
  gone: Set<number>
  reindexed: { first: number; last: number }[]
  reopen(): Promise<World>
}

const tableEntries = 200

async function world(disk = new MemoryDisk(), runs: RunDescriptor[] = [], gone = new Set<number>()): Promise<World> {
  await disk.makeFolder(INDEX_FOLDER)
  const made: World = { disk, runs, gone, reindexed: [], index: null as unknown as BlockIndex, reopen: () => world(disk, made.runs, gone) }
  made.index = new BlockIndex({
    disk,
    isPackThere: (pack) => !gone.has(pack),
    save: async (saved) => void (made.runs = [...saved]),
    reindex: async (packs) => {
      made.reindexed.push(packs)
      fill(made.index, 0, 3000, packs)
    },
    tableEntries,
  })
  for (const packs of await made.index.open(runs)) {
    made.reindexed.push(packs)
    fill(made.index, 0, 3000, packs)
  }
  return made
}

const digestOf = (number: number): Uint8Array => blake3(new Uint8Array([number, number >> 8, number >> 16]))
const placeOf = (number: number): BlockLocation => ({ pack: Math.floor(number / 100), offset: 7 * number, length: number % 1000 })

function fill(index: BlockIndex, first: number, end: number, packs = { first: 0, last: Number.POSITIVE_INFINITY }): void {
  for (let i = first; i < end; i++) {
    const { pack } = placeOf(i)
    if (pack >= packs.first && pack <= packs.last) index.add(digestOf(i), placeOf(i))
  }
}

async function checkAll(index: BlockIndex, first: number, end: number): Promise<void> {
  for (let i = first; i < end; i++) assert.deepEqual(await index.find(digestOf(i)), [placeOf(i)], `block ${i}`)
  assert.deepEqual(await index.find(digestOf(end + 1)), [])
}

test('finds every block, in memory, while it is being written, on disk, and after a restart', async () => {
  const first = await world()
  fill(first.index, 0, 3000)
  await checkAll(first.index, 0, 3000)
  await first.index.flush()
  assert.equal(first.index.memoryEntries, 0)
  await checkAll(first.index, 0, 3000)
  await first.index.close()
  const again = await first.reopen()
  await checkAll(again.index, 0, 3000)
  assert.deepEqual(again.reindexed, [])
})

test('merges runs of one size, so that there are few of them, and leaves no file behind', async () => {
  const { index, runs, disk, ...rest } = await world()
  void [runs, rest]
  for (let part = 0; part < 15; part++) {
    fill(index, 200 * part, 200 * part + 200)
    await index.flush()
  }
  await checkAll(index, 0, 3000)
  const files = (await disk.list(INDEX_FOLDER)) ?? []
  assert.ok(files.length <= 6, files.join())
})

test('entries of packs that are gone are not found, and leave with the next merge', async () => {
  const made = await world()
  fill(made.index, 0, 600)
  made.gone.add(2)
  assert.deepEqual(await made.index.find(digestOf(250)), [])
  for (let part = 3; part < 8; part++) {
    fill(made.index, 200 * part, 200 * part + 200)
    await made.index.flush()
  }
  assert.ok(made.runs.length < 4)
  assert.equal(
    made.runs.reduce((sum, { entries }) => sum + entries, 0),
    1500,
  )
})

test('a block in two packs has two places, and loses one with its pack', async () => {
  const made = await world()
  fill(made.index, 0, 200)
  await made.index.flush()
  made.index.add(digestOf(5), { pack: 77, offset: 1, length: 2 })
  assert.deepEqual(await made.index.find(digestOf(5)), [{ pack: 77, offset: 1, length: 2 }])
  assert.equal((await made.index.find(digestOf(5), { all: true })).length, 2)
  for (let part = 2; part < 8; part++) {
    fill(made.index, 200 * part, 200 * part + 200)
    await made.index.flush()
  }
  assert.equal((await made.index.find(digestOf(5), { all: true })).length, 2)
  made.gone.add(77)
  assert.deepEqual(await made.index.find(digestOf(5)), [placeOf(5)])
})

test('digests that begin alike are told apart by the reader: both places are listed', async () => {
  const { index } = await world()
  const [one, other] = [digestOf(1), digestOf(1)]
  other[20] = 0xff ^ (other[20] as number)
  index.add(one, placeOf(1))
  index.add(other, placeOf(2))
  await index.flush()
  assert.equal((await index.find(one)).length, 2)
})

test('a flipped bit anywhere in a run is never believed: its blocks are added again, at start or when it is met', async () => {
  const made = await world()
  fill(made.index, 0, 3000)
  await made.index.flush()
  await made.index.close()
  const random = numbersFrom(1)
  for (const { name } of made.runs) {
    const path = `${INDEX_FOLDER}/run-${name}`
    const size = (await made.disk.sizeOf(path)) ?? 0
    for (let round = 0; round < 60; round++) {
      const disk = made.disk.copy()
      disk.flip(path, Math.floor(size * random()), 1 << Math.floor(8 * random()))
      const damaged = await world(disk, made.runs)
      for (let i = 0; i < 3000; i += 7) {
        const found = await damaged.index.find(digestOf(i), { all: true })
        assert.ok(
          found.length > 0 && found.every((place) => place.offset === placeOf(i).offset && place.pack === placeOf(i).pack),
          `block ${i}`,
        )
      }
      await damaged.index.verify()
      assert.equal(damaged.reindexed.length, 1)
      await damaged.index.close()
    }
  }
})

test('damage met while merging is no end of it', async () => {
  const made = await world()
  for (let part = 0; part < 3; part++) {
    fill(made.index, 200 * part, 200 * part + 200)
    await made.index.flush()
  }
  made.disk.flip(`${INDEX_FOLDER}/run-${made.runs[1]?.name}`, 100)
  fill(made.index, 600, 800)
  await made.index.flush()
  await made.index.flush()
  assert.deepEqual(made.reindexed, [{ first: 2, last: 3 }])
  await checkAll(made.index, 0, 800)
})

test('a missing run is like a damaged one; files that nothing names are removed', async () => {
  const made = await world()
  fill(made.index, 0, 3000)
  await made.index.flush()
  await made.index.close()
  await made.disk.remove(`${INDEX_FOLDER}/run-${made.runs[0]?.name}`)
  await made.disk.replaceFile(`${INDEX_FOLDER}/run-99`, new Uint8Array(10))
  const again = await made.reopen()
  assert.equal(again.reindexed.length, 1)
  await checkAll(again.index, 0, 3000)
  assert.ok(!made.disk.paths().includes(`${INDEX_FOLDER}/run-99`))
})

test('with a full disk everything is still found, from memory, and written when there is space', async () => {
  const made = await world(new MemoryDisk({ capacityBytes: 3000 }))
  fill(made.index, 0, 1000)
  await made.index.flush()
  assert.equal(made.index.memoryEntries, 1000)
  await checkAll(made.index, 0, 1000)
  assert.equal(made.index.writtenTable, 0)
  made.disk.capacityBytes = 1 << 30
  await made.index.flush()
  assert.equal(made.index.memoryEntries, 0)
  await checkAll(made.index, 0, 1000)
})
