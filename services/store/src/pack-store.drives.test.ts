import assert from 'node:assert/strict'
import test from 'node:test'
import type { Cid } from '@holt/core/cid.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { NAMES_CLASS } from './class-names.ts'
import { KeeperWorld } from './fragments/keeper-world.ts'
import type { PackStore } from './pack-store.ts'
import { bytesFrom, headOf, openedStore } from './test-world.ts'
import type { LiveBlocks } from './types.ts'

const packBytes = 40_000

async function fill(store: PackStore, count: number): Promise<Cid[]> {
  const cids = []
  for (let i = 0; i < count; i++) {
    cids.push(await store.put(bytesFrom(i, 1000)))
    if (i % 10 === 9) await store.commit([headOf(1, i)])
  }
  await store.commit([headOf(1, count)])
  await store.settle()
  return cids
}

async function checkAll(store: PackStore, cids: readonly Cid[]): Promise<void> {
  for (const [i, cid] of cids.entries()) assert.deepEqual(await store.get(cid), bytesFrom(i, 1000), `block ${i}`)
}

for (const drives of [1, 2, 6]) {
  test(`on ${drives} drives: blocks are read from fragments, after a restart, and with a new data folder`, async () => {
    const world = await KeeperWorld.withDrives(drives)
    const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
    const cids = await fill(store, 150)
    assert.ok(world.keeper.packs().length >= 3)
    await checkAll(store, cids)
    await store.close()
    const again = await openedStore(world.dataDisk, await world.reopen(), { packBytes })
    await checkAll(again, cids)
    await again.close()
    await world.keeper.close()
    const bare = world.fork(new MemoryDisk(), (disk) => disk)
    const recovered = await openedStore(bare.dataDisk, await bare.open(), { packBytes })
    assert.deepEqual(recovered.heads()[0], headOf(1, 150))
    await checkAll(recovered, cids)
  })
}

test('with lost drives everything is read, collected and written on', async () => {
  const world = await KeeperWorld.withDrives(6)
  const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
  const cids = await fill(store, 150)
  for (const disk of world.disks.slice(0, 2)) disk.isPlugged = false
  await world.keeper.lookAtDrives()
  await checkAll(store, cids)
  const live = cids.filter((_, i) => i < 100)
  async function* once(): AsyncGenerator<LiveBlocks> {
    yield { cids: live, redundancyClass: null }
  }
  const report = await store.collect({ live: once() })
  assert.ok(report.packsRemoved > 0)
  await checkAll(store, live)
  const more = await store.put(bytesFrom(999, 500))
  await store.commit([headOf(1, 151)])
  await store.settle()
  assert.deepEqual(await store.get(more), bytesFrom(999, 500))
})

test('copies of the open pack that went with their drives are made up for on others', async () => {
  const world = await KeeperWorld.withDrives(6)
  const store = await openedStore(world.dataDisk, world.keeper)
  await store.put(bytesFrom(1, 1000), { redundancyClass: NAMES_CLASS })
  await store.commit([headOf(1, 1)])
  await store.settle()
  const holding = () => world.disks.filter(({ isPlugged, memory }) => isPlugged && memory.paths().some((path) => path.startsWith('open/')))
  const before = holding()
  assert.equal(before.length, 4)
  for (const disk of before.slice(0, 2)) disk.isPlugged = false
  await world.keeper.lookAtDrives()
  assert.equal(holding().length, 2)
  await store.settle()
  assert.equal(holding().length, 4)
  assert.deepEqual((await store.verifyLocal()).problems, [])
  await store.close()
})

test('when more drives are lost than files survive, what names them and the newest head are still there', async () => {
  const world = await KeeperWorld.withDrives(6)
  const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
  const contents = await fill(store, 100)
  const names: Cid[] = []
  for (let i = 0; i < 100; i++) names.push(await store.put(bytesFrom(1000 + i, 1000), { redundancyClass: NAMES_CLASS }))
  await store.commit([headOf(1, 101)])
  await store.settle()
  const checkNames = async (from: PackStore): Promise<void> => {
    for (const [i, cid] of names.entries()) assert.deepEqual(await from.get(cid), bytesFrom(1000 + i, 1000), `name ${i}`)
  }
  for (const disk of world.disks.slice(1, 4)) disk.isPlugged = false
  await world.keeper.lookAtDrives()
  await checkNames(store)
  await assert.rejects(checkAll(store, contents), { code: 'PACK_UNRECOVERABLE' })
  await store.close()
  await world.keeper.close()
  const bare = world.fork(new MemoryDisk(), (disk) => disk)
  const recovered = await openedStore(bare.dataDisk, await bare.open(), { packBytes })
  assert.deepEqual(recovered.heads()[0], headOf(1, 101))
  await checkNames(recovered)
  await recovered.close()
})
