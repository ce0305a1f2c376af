import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { fragmentPath } from './drive-folder.ts'
import type { FragmentsElsewhere } from './keeper-context.ts'
import { KeeperWorld } from './keeper-world.ts'
import type { SpreadPack } from './fragment-file.ts'
import { UnpluggableDisk } from './testing/unpluggable-disk.ts'

/** Friends who have some fragments of a pack, as they were when they were given. */
async function friendsOf(world: KeeperWorld, id: string, indices: readonly number[]) {
  const spread = world.keeper.spreads().find((one) => one.id === id) as SpreadPack
  const shards = new Map<number, Uint8Array>()
  for (const index of indices) shards.set(index, (await world.keeper.readShard(spread, index, 0, spread.shardBytes)) as Uint8Array)
  const asked: number[] = []
  const dropped: string[] = []
  const elsewhere: FragmentsElsewhere = {
    has: (pack) => pack === id && shards.size >= spread.dataFragments,
    spreads: (pack) => (pack === id ? [spread] : []),
    indices: () => [...shards.keys()],
    read: async (_spread, index, column, length) => {
      asked.push(index)
      return shards.get(index)?.slice(column, column + length) ?? null
    },
    drop: async (pack) => void dropped.push(pack),
  }
  return { elsewhere, shards, asked, dropped, spread }
}

test('friends are asked only for what drives do not have', async () => {
  const world = await KeeperWorld.withDrives(4)
  const { pack, bytes } = await world.spreadNew(300_000)
  const { elsewhere, asked, spread } = await friendsOf(world, pack.id, [0, 1, 2, 3])
  assert.deepEqual(world.keeper.readable(spread), [0, 1, 2, 3])
  world.keeper.askElsewhere(elsewhere)
  const read = async () => assert.ok(equalBytes((await world.keeper.read(pack.id, 10, 250_000)) as Uint8Array, bytes.subarray(10, 250_010)))
  await read()
  for (const gone of [0, 1]) unplug(world, gone)
  await world.keeper.lookAtDrives()
  await read()
  assert.deepEqual(asked, [], 'two of four are enough')
  for (const gone of [2, 3]) unplug(world, gone)
  await world.keeper.lookAtDrives()
  await read()
  assert.deepEqual(
    [...new Set(asked)].sort((a, b) => a - b),
    [0, 1],
  )
  world.keeper.askElsewhere(null)
  assert.equal(await world.keeper.read(pack.id, 10, 100), null)
  await world.keeper.close()
})

test('one fragment of a friend and one of a drive are as good as two of either', async () => {
  const world = await KeeperWorld.withDrives(4)
  const { pack, bytes } = await world.spreadNew(300_000)
  const { elsewhere, shards, spread } = await friendsOf(world, pack.id, [3])
  world.keeper.askElsewhere(elsewhere)
  const homes = world.keeper.fragmentsOf(pack.id)
  const left = homes.find(({ index }) => index === 2)?.drive
  for (const [i, { id }] of world.configs.entries()) if (id !== left) unplug(world, i)
  await world.keeper.lookAtDrives()
  assert.ok(equalBytes((await world.keeper.read(pack.id, 0, 300_000)) as Uint8Array, bytes))
  shards.clear()
  assert.equal(await world.keeper.read(pack.id, 0, 10), null)
  assert.deepEqual(world.keeper.readable(spread), [2])
  await world.keeper.close()
})

test('when everything here proves wrong, what friends have is believed', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack, bytes } = await world.spreadNew(100_000)
  const { elsewhere } = await friendsOf(world, pack.id, [0])
  world.keeper.askElsewhere(elsewhere)
  for (const [i, disk] of world.disks.entries()) {
    const index = world.keeper.fragmentsOf(pack.id).find(({ drive }) => drive === world.configs[i]?.id)?.index as number
    const file = await disk.open(fragmentPath({ pack: pack.id, index }))
    await file?.write(50, new Uint8Array(100))
    await file?.close()
  }
  let right = false
  for (let attempt = 0; attempt < 5 && !right; attempt++) {
    const read = await world.keeper.read(pack.id, 0, 1000, { doubt: { attempt } })
    right = read !== null && equalBytes(read, bytes.subarray(0, 1000))
  }
  assert.ok(right)
  await world.keeper.close()
})

test('friends are told of a pack that is dropped before the drives are', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack } = await world.spreadNew(1000)
  const { elsewhere, dropped } = await friendsOf(world, pack.id, [])
  world.keeper.askElsewhere(elsewhere)
  await world.keeper.drop(pack.id)
  assert.deepEqual(dropped, [pack.id])
  world.keeper.askElsewhere({
    ...elsewhere,
    drop: () => Promise.reject(new Error('the disk failed')),
  })
  const { pack: kept } = await world.spreadNew(1000)
  await assert.rejects(world.keeper.drop(kept.id))
  assert.equal(world.keeper.packs().length, 1)
  await world.keeper.close()
})

function unplug({ disks }: KeeperWorld, drive: number): void {
  const disk = disks[drive]
  if (disk !== undefined) disk.isPlugged = false
}

/** What several packs' friends have, as one. */
function together(all: readonly Awaited<ReturnType<typeof friendsOf>>[]): FragmentsElsewhere {
  const of = (id: string) => all.find(({ spread }) => spread.id === id)?.elsewhere
  return {
    has: (id) => of(id)?.has(id) ?? false,
    spreads: (id) => of(id)?.spreads(id) ?? [],
    indices: (spread) => of(spread.id)?.indices(spread) ?? [],
    read: async (spread, ...range) => (await of(spread.id)?.read(spread, ...range)) ?? null,
    drop: async () => {},
  }
}

test('packs that only friends have are read from them, also after a restart, and repair brings them to other drives', async () => {
  const burnt = await KeeperWorld.withDrives(4)
  const made = [await burnt.spreadNew(300_000), await burnt.spreadNew(1_500_000), await burnt.spreadNew(70_000)]
  const friends = [
    await friendsOf(burnt, made[0]?.pack.id as string, [1, 3]),
    await friendsOf(burnt, made[1]?.pack.id as string, [0, 1, 2]),
    // too few of this one
    await friendsOf(burnt, made[2]?.pack.id as string, [2]),
  ]
  await burnt.keeper.close()

  const world = await KeeperWorld.withDrives(2)
  await world.keeper.believe(friends.map(({ spread }) => spread))
  world.keeper.askElsewhere(together(friends))
  assert.deepEqual(world.keeper.awaited(), { packs: 3, bytes: 1_870_000, secondsLeft: null })
  assert.deepEqual(
    world.keeper.packs().map(({ elsewhere = false, presentFragments }) => [elsewhere, presentFragments]),
    [
      [true, 0],
      [true, 0],
      [false, 0],
    ],
  )
  const reads = async (at: number): Promise<boolean> => {
    const { pack, bytes } = made[at] as (typeof made)[number]
    const read = await world.keeper.read(pack.id, 100, pack.sizeBytes - 100)
    return read !== null && equalBytes(read, bytes.subarray(100))
  }
  assert.deepEqual([await reads(0), await reads(1), await reads(2)], [true, true, false])

  await world.reopen()
  assert.equal(world.keeper.awaited().packs, 3, 'that they are awaited outlasts a restart')
  assert.equal((await world.keeper.repair()).lost.length, 3, 'nobody is there to ask')
  world.keeper.askElsewhere(together(friends))
  const { lost } = await world.keeper.repair()
  assert.deepEqual(lost, [made[2]?.pack.id])
  assert.equal(world.keeper.awaited().packs, 1)
  world.keeper.askElsewhere(null)
  unplug(world, 0)
  await world.keeper.lookAtDrives()
  assert.deepEqual([await reads(0), await reads(1)], [true, true], 'spread as packs are on two drives: one of them may go')
  await world.keeper.close()
})

test('a pack that was dropped is not believed again, and bringing packs back can be cancelled and gone on with', async () => {
  const burnt = await KeeperWorld.withDrives(1)
  const { pack, bytes } = await burnt.spreadNew(5_000_000)
  const friends = await friendsOf(burnt, pack.id, [0])
  await burnt.keeper.close()
  const world = await KeeperWorld.withDrives(1)
  await world.keeper.believe([friends.spread])
  const stop = new AbortController()
  world.keeper.askElsewhere({
    ...friends.elsewhere,
    read: (...wanted) => {
      stop.abort()
      return friends.elsewhere.read(...wanted)
    },
  })
  await assert.rejects(world.keeper.repair({ signal: stop.signal }), { code: 'CANCELLED' })
  assert.equal(world.keeper.awaited().packs, 1)
  assert.deepEqual(
    ((await world.dataDisk.list('keeper')) ?? []).filter((name) => name.startsWith(pack.id)),
    [],
  )
  world.keeper.askElsewhere(friends.elsewhere)
  await world.keeper.repair()
  world.keeper.askElsewhere(null)
  assert.ok(equalBytes((await world.keeper.read(pack.id, 0, bytes.length)) as Uint8Array, bytes))
  await world.keeper.drop(pack.id)
  await world.keeper.believe([friends.spread])
  assert.equal(world.keeper.packs().length, 0)
  await world.keeper.close()
})

test('what friends have comes back to a new drive though the old one is still listed and never returns', async () => {
  const world = await KeeperWorld.withDrives(1)
  const { pack, bytes } = await world.spreadNew(100_000)
  const { elsewhere } = await friendsOf(world, pack.id, [0])
  world.keeper.askElsewhere(elsewhere)
  unplug(world, 0)
  await world.keeper.lookAtDrives()
  await world.addDrive(new UnpluggableDisk())
  const { lost } = await world.keeper.repair()
  assert.deepEqual(lost, [])
  world.keeper.askElsewhere(null)
  assert.ok(equalBytes((await world.keeper.read(pack.id, 0, 100_000)) as Uint8Array, bytes))
  await world.keeper.close()
})
