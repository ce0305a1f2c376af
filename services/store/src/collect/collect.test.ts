import assert from 'node:assert/strict'
import test from 'node:test'
import type { Cid } from '@holt/core/cid.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { MemoryKeeper } from '../memory-keeper.ts'
import type { PackStore } from '../pack-store.ts'
import { bytesFrom, headOf, openedStore } from '../test-world.ts'
import type { LiveBlocks } from '../types.ts'

async function* once(cids: Cid[], redundancyClass: string | null = null): AsyncGenerator<LiveBlocks> {
  yield { cids, redundancyClass }
}

async function filled(store: PackStore, count: number, options: { redundancyClass?: string; first?: number } = {}): Promise<Cid[]> {
  const cids = []
  for (let i = 0; i < count; i++) cids.push(await store.put(bytesFrom((options.first ?? 0) + i, 1000), options))
  return cids
}

const packBytes = 10_000

test('drops packs that nothing needs, moves what is alive out of mostly dead ones, leaves the others', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper, { packBytes })
  const cids = await filled(store, 60)
  await store.commit([headOf(1, 1)])
  await store.settle()
  const before = keeper.packs().map(({ id }) => id)
  const live = cids.filter((_, i) => i < 25 || i % 10 === 0)
  const report = await store.collect({ live: once(live) })
  assert.ok(report.packsRemoved >= 3 && report.movedBytes >= 2000, JSON.stringify(report))
  assert.ok(before.filter((id) => keeper.packs().some((pack) => pack.id === id)).length >= 2)
  for (const cid of live) assert.deepEqual(await store.get(cid), bytesFrom(cids.indexOf(cid), 1000))
  await store.close()
  const again = await openedStore(disk, keeper, { packBytes })
  for (const cid of live) assert.deepEqual(await again.get(cid), bytesFrom(cids.indexOf(cid), 1000))
  assert.deepEqual(again.heads(), [headOf(1, 1)])
  assert.equal(again.stats().lostPacks, 0)
  await assert.rejects(again.get(cids[59] as Cid), { code: 'BLOCK_NOT_FOUND' })
})

test('the newest heads outlive the pack they were committed in, also where only the keeper is left', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  await filled(store, 5)
  await store.commit([headOf(1, 7), headOf(2, 3)])
  await filled(store, 5, { first: 5 })
  await store.settle()
  await store.collect({ live: once([]) })
  assert.equal(keeper.packs().length, 0)
  const recovered = await openedStore(new MemoryDisk(), keeper, { packBytes })
  assert.deepEqual(recovered.heads(), [headOf(1, 7), headOf(2, 3)])
})

test('moved blocks stay in their redundancy class, and are spread before the old pack goes', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  const cids = await filled(store, 30, { redundancyClass: 'precious' })
  await store.commit([headOf(1, 1)])
  await store.settle()
  const live = cids.filter((_, i) => i % 5 === 0)
  const packsBefore = keeper.packs().length
  let release = (): void => {}
  keeper.spreading = new Promise((resolve) => (release = resolve))
  const collecting = store.collect({ live: once(live) })
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(keeper.packs().length, packsBefore)
  release()
  assert.ok((await collecting).packsRemoved >= 2)
  assert.deepEqual([...new Set(keeper.packs().map((pack) => pack.redundancyClass))], ['precious'])
  for (const cid of live) await store.get(cid)
})

test('leaves packs alone that were sealed after an open writing session began', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  const session = store.beginWriting()
  const cids = await filled(store, 20)
  await store.settle()
  assert.equal((await store.collect({ live: once([]) })).packsRemoved, 0)
  for (const cid of cids.slice(0, 5)) await store.get(cid)
  session.end()
  assert.equal((await store.collect({ live: once([]) })).packsRemoved, 2)
})

test('packs that were sealed while it marked are not touched', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  async function* writingMeanwhile(): AsyncGenerator<LiveBlocks> {
    yield { cids: [], redundancyClass: null }
    await filled(store, 20)
    await store.settle()
    yield { cids: [], redundancyClass: null }
  }
  assert.equal((await store.collect({ live: writingMeanwhile() })).packsRemoved, 0)
  assert.equal(keeper.packs().length, 2)
})

test('a pack with a live block that cannot be read is kept', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  const cids = await filled(store, 10)
  await store.commit([headOf(1, 1)])
  await store.settle()
  const { id } = keeper.packs()[0] as { id: string }
  for (const copy of [0, 1]) keeper.flip(id, 1500, copy)
  const report = await store.collect({ live: once(cids.slice(0, 3)) })
  assert.equal(report.packsRemoved, 0)
  assert.ok(keeper.packs().some((pack) => pack.id === id))
})

test('puts many small packs together', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const cids: Cid[] = []
  for (let start = 0; start < 6; start++) {
    const store = await openedStore(disk, keeper, { packBytes: 1100 })
    cids.push(...(await filled(store, 1, { first: start })))
    await store.commit([headOf(1, start + 1)])
    await store.settle()
    await store.close()
  }
  const store = await openedStore(disk, keeper, { packBytes: 100_000 })
  const packsBefore = keeper.packs().length
  await store.collect({ live: once(cids) })
  assert.ok(keeper.packs().length < packsBefore - 3, `${packsBefore} packs became ${keeper.packs().length}`)
  for (const [i, cid] of cids.entries()) assert.deepEqual(await store.get(cid), bytesFrom(i, 1000))
})

test('a block that lies in two packs is kept in one of them only', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  const cids = await filled(store, 10)
  await filled(store, 10)
  await store.settle()
  assert.equal(keeper.packs().length, 2)
  await store.collect({ live: once(cids) })
  assert.equal(keeper.packs().length, 1)
  for (const [i, cid] of cids.entries()) assert.deepEqual(await store.get(cid), bytesFrom(i, 1000))
})

test('cancelled or failing in the middle, it loses nothing, and the next run ends the work', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper, { packBytes })
  const cids = await filled(store, 60)
  await store.commit([headOf(1, 1)])
  await store.settle()
  const live = cids.filter((_, i) => i % 5 === 0)
  const controller = new AbortController()
  const onProgress = ({ doneBytes }: { doneBytes: number }): void => {
    if (doneBytes > 3000) controller.abort()
  }
  await assert.rejects(store.collect({ live: once(live), signal: controller.signal, onProgress }), { code: 'CANCELLED' })
  disk.capacityBytes = (await disk.space()).totalBytes - (await disk.space()).freeBytes + 1500
  await assert.rejects(store.collect({ live: once(live) }), { code: 'DISK_FULL' })
  disk.capacityBytes = 1 << 30
  for (const cid of live) await store.get(cid)
  await store.settle()
  const report = await store.collect({ live: once(live) })
  assert.ok(report.packsRemoved > 0)
  for (const cid of live) assert.deepEqual(await store.get(cid), bytesFrom(cids.indexOf(cid), 1000))
  assert.ok(keeper.packs().length <= 4, `${keeper.packs().length} packs`)
})

/** Of each block the class of the pack that it is read from. */
async function classesOf(store: PackStore, cids: readonly Cid[]): Promise<(string | undefined)[]> {
  const spots = await Promise.all(cids.map((cid) => store.locate(cid)))
  return spots.map((spot) => (spot === null ? undefined : store.packFact(spot.pack)?.redundancyClass))
}

async function* wanted(parts: Record<string, Cid[]>): AsyncGenerator<LiveBlocks> {
  for (const [redundancyClass, cids] of Object.entries(parts)) yield { cids, redundancyClass }
}

test('blocks move into packs of the class they belong in, once, and what they leave goes when little else is there', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper, { packBytes })
  const cids = await filled(store, 60)
  await store.commit([headOf(1, 1)])
  await store.settle()
  const parts = { precious: cids.slice(0, 25), standard: cids.slice(25, 40), light: cids.slice(40, 42) }
  const before = keeper.packs().length
  const report = await store.collect({ live: wanted(parts) })
  assert.ok(report.packsRemoved >= 3 && report.movedBytes >= 27_000, JSON.stringify(report))
  assert.ok(keeper.packs().length <= before + 2)
  for (const [redundancyClass, moved] of Object.entries(parts))
    assert.deepEqual(new Set(await classesOf(store, moved)), new Set([redundancyClass]))
  assert.equal((await store.collect({ live: wanted(parts) })).movedBytes, 0)
  await store.close()
  const again = await openedStore(disk, keeper, { packBytes })
  for (const cid of Object.values(parts).flat()) assert.deepEqual(await again.get(cid), bytesFrom(cids.indexOf(cid), 1000))
  assert.equal((await again.collect({ live: wanted(parts) })).movedBytes, 0)
  await assert.rejects(again.get(cids[59] as Cid), { code: 'BLOCK_NOT_FOUND' })
})

test('a block that two places want in different classes goes into the safer one, whoever asks first', async () => {
  for (const order of [
    ['light', 'precious'],
    ['precious', 'light'],
  ] as const) {
    const store = await openedStore(new MemoryDisk(), new MemoryKeeper(), { packBytes })
    const cids = await filled(store, 20)
    await store.settle()
    await store.collect({ live: wanted({ [order[0]]: cids, [order[1]]: cids }), isSafer: (one) => one === 'precious' })
    assert.deepEqual(new Set(await classesOf(store, cids)), new Set(['precious']))
  }
})

test('a pack from which not everything can be moved stays', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes })
  const cids = await filled(store, 10)
  await store.commit([headOf(1, 1)])
  await store.settle()
  const { id } = keeper.packs()[0] as { id: string }
  for (const copy of [0, 1]) keeper.flip(id, 1500, copy)
  const report = await store.collect({ live: wanted({ precious: cids }) })
  assert.equal(report.packsRemoved, 0)
  assert.ok(keeper.packs().some((pack) => pack.id === id))
})

test('moving that is cancelled loses nothing, and goes on the next time', async () => {
  const store = await openedStore(new MemoryDisk(), new MemoryKeeper(), { packBytes })
  const cids = await filled(store, 60)
  await store.settle()
  const stopping = new AbortController()
  const live = (): AsyncGenerator<LiveBlocks> => wanted({ precious: cids })
  const onProgress = ({ doneBytes }: { doneBytes: number }): void => {
    if (doneBytes > 20_000) stopping.abort()
  }
  await assert.rejects(store.collect({ live: live(), signal: stopping.signal, onProgress }), { code: 'CANCELLED' })
  for (const cid of cids) await store.get(cid)
  await store.settle()
  const { movedBytes } = await store.collect({ live: live() })
  assert.ok(movedBytes > 0 && movedBytes < 50_000, `${movedBytes}`)
  assert.deepEqual(new Set(await classesOf(store, cids)), new Set(['precious']))
})
