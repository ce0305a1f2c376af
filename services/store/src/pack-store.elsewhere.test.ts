import assert from 'node:assert/strict'
import test from 'node:test'
import type { Cid } from '@holt/core/cid.ts'
import { NAMES_CLASS } from './class-names.ts'
import type { SpreadPack } from './fragments/fragment-file.ts'
import type { FragmentsElsewhere } from './fragments/keeper-context.ts'
import { KeeperWorld } from './fragments/keeper-world.ts'
import type { PackStore } from './pack-store.ts'
import { bytesFrom, headOf, openedStore } from './test-world.ts'

const packBytes = 40_000
const BLOCKS = 150

/** What friends have of a node when its house burns: every fragment of sealed packs, and copies of the open ones up to the last commit. */
interface AtFriends {
  elsewhere: FragmentsElsewhere
  spreads: SpreadPack[]
  copies: Map<string, Uint8Array>
  cids: Cid[]
  newest: Uint8Array
}

async function burntNode(): Promise<AtFriends> {
  const world = await KeeperWorld.withDrives(3)
  const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
  const cids: Cid[] = []
  for (let i = 0; i < BLOCKS; i++) {
    cids.push(await store.put(bytesFrom(i, 1000), i % 5 === 0 ? { redundancyClass: NAMES_CLASS } : {}))
    if (i % 10 === 9) await store.commit([headOf(1, i)])
  }
  await store.settle()
  cids.push(await store.put(bytesFrom(BLOCKS, 1000)))
  const newest = headOf(1, BLOCKS)
  await store.commit([newest])
  const spreads = world.keeper.spreads()
  const shards = new Map<string, Uint8Array>()
  for (const spread of spreads)
    for (let index = 0; index < spread.totalFragments; index++)
      shards.set(`${spread.id} ${index}`, (await world.keeper.readShard(spread, index, 0, spread.shardBytes)) as Uint8Array)
  const copies = new Map<string, Uint8Array>()
  for (const { id, committedBytes } of store.openPacks()) copies.set(id, (await store.readPack(id, 0, committedBytes)) as Uint8Array)
  const elsewhere: FragmentsElsewhere = {
    has: (id) => spreads.some((spread) => spread.id === id),
    spreads: (id) => spreads.filter((spread) => spread.id === id),
    indices: ({ totalFragments }) => Array.from({ length: totalFragments }, (_, index) => index),
    read: async ({ id }, index, column, length) => shards.get(`${id} ${index}`)?.slice(column, column + length) ?? null,
    drop: async () => {},
  }
  await store.close()
  await world.keeper.close()
  return { elsewhere, spreads, copies, cids, newest }
}

/** As a recovery does before the store is opened. */
async function learn(world: KeeperWorld, { elsewhere, spreads, copies }: AtFriends): Promise<void> {
  world.keeper.askElsewhere(elsewhere)
  await world.keeper.believe(spreads)
  await world.dataDisk.makeFolder('keeper/copies')
  for (const [id, bytes] of copies) {
    await world.dataDisk.replaceFile(`keeper/copies/${id}`, bytes)
    world.keeper.addCopies([{ id, sizeBytes: bytes.length, path: `keeper/copies/${id}` }])
  }
}

async function checkAll(store: PackStore, { cids }: AtFriends): Promise<void> {
  for (const [i, cid] of cids.entries()) assert.deepEqual(await store.get(cid), bytesFrom(i, 1000), `block ${i}`)
}

test('what friends were too busy to give when the store was opened is read when it is asked for', async () => {
  const friends = await burntNode()
  const world = await KeeperWorld.withDrives(2)
  let isBusy = true
  const { elsewhere } = friends
  await learn(world, { ...friends, elsewhere: { ...elsewhere, read: async (...of) => (isBusy ? null : await elsewhere.read(...of)) } })
  const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
  await assert.rejects(store.get(friends.cids[1] as Cid), { code: 'BLOCK_NOT_FOUND' })
  isBusy = false
  await checkAll(store, friends)
  await store.close()
  await world.keeper.close()
})

test('everything up to the last commit is had from friends at once, can be written on, and is soon on the drives', async () => {
  const friends = await burntNode()
  const world = await KeeperWorld.withDrives(2)
  await learn(world, friends)
  const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
  await world.keeper.dropCopies()
  assert.deepEqual(await world.dataDisk.list('keeper/copies'), [])
  assert.deepEqual(store.heads()[0], friends.newest)
  assert.equal(store.stats().lostPacks, 0)
  await checkAll(store, friends)
  const more = await store.put(bytesFrom(999, 1000))
  await store.commit([headOf(1, BLOCKS + 1)])
  await store.settle()
  assert.equal((await world.keeper.repair()).lost.length, 0)
  assert.deepEqual([world.keeper.awaited().packs, store.stats().degradedPacks], [0, 0])
  world.keeper.askElsewhere(null)
  await checkAll(store, friends)
  assert.deepEqual(await store.get(more), bytesFrom(999, 1000))
  await store.close()
  await world.keeper.close()
})

test('a recovery that ends in the midst goes on where it was, also when friends are not there at first', async () => {
  const friends = await burntNode()
  const world = await KeeperWorld.withDrives(2)
  await learn(world, friends)
  await (await openedStore(world.dataDisk, world.keeper, { packBytes })).close()
  const stop = new AbortController()
  const { elsewhere } = friends
  world.keeper.askElsewhere({
    ...elsewhere,
    read: (...wanted) => {
      if (world.keeper.awaited().packs < friends.spreads.length) stop.abort()
      return elsewhere.read(...wanted)
    },
  })
  await assert.rejects(world.keeper.repair({ signal: stop.signal }), { code: 'CANCELLED' })
  const left = world.keeper.awaited().packs
  assert.ok(left > 0 && left < friends.spreads.length, `${left} of ${friends.spreads.length} are left`)

  const again = await openedStore(world.dataDisk, await world.reopen(), { packBytes })
  assert.deepEqual(again.heads()[0], friends.newest, 'the newest head is here already')
  assert.equal(world.keeper.awaited().packs, left)
  world.keeper.askElsewhere(elsewhere)
  again.retry()
  await checkAll(again, friends)
  await world.keeper.repair()
  world.keeper.askElsewhere(null)
  await checkAll(again, friends)
  await again.close()
  await world.keeper.close()
})

test('of a pack that friends have as fragments and as a copy, the fragments count; of one with too few, the copy', async () => {
  const friends = await burntNode()
  const [whole, lacking] = friends.spreads as [SpreadPack, SpreadPack]
  const beginning = async ({ id }: SpreadPack): Promise<Uint8Array> => {
    const { dataFragments, shardBytes, sizeBytes } = friends.spreads.find((one) => one.id === id) as SpreadPack
    const parts = []
    for (let index = 0; index < dataFragments; index++)
      parts.push(
        ...((await friends.elsewhere.read(friends.spreads.find((one) => one.id === id) as SpreadPack, index, 0, shardBytes)) ?? []),
      )
    return Uint8Array.from(parts).slice(0, sizeBytes - 1000)
  }
  for (const spread of [whole, lacking]) friends.copies.set(spread.id, await beginning(spread))
  const isLacking = (id: string): boolean => id === lacking.id
  const { elsewhere } = friends
  friends.elsewhere = {
    ...elsewhere,
    has: (id) => !isLacking(id) && elsewhere.has(id),
    read: async (spread, ...wanted) => (isLacking(spread.id) ? null : elsewhere.read(spread, ...wanted)),
  }
  const world = await KeeperWorld.withDrives(2)
  await learn(world, friends)
  const store = await openedStore(world.dataDisk, world.keeper, { packBytes })
  await checkAll(store, friends)
  await store.settle()
  await world.keeper.repair()
  world.keeper.askElsewhere(null)
  await checkAll(store, friends)
  await store.close()
  await world.keeper.close()
})
