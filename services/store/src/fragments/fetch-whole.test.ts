import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { fragmentPath } from './drive-folder.ts'
import type { SpreadPack } from './fragment-file.ts'
import type { FragmentsElsewhere } from './keeper-context.ts'
import type { SealedPack } from '../pack-keeper.ts'
import { KeeperWorld } from './keeper-world.ts'
import { SomeAtOnce } from './some-at-once.ts'

const sizes = [3_000_001, 700_000, 64]

/** A node with two drives, whose friends have all of it; then it burns. */
async function burnt() {
  const world = await KeeperWorld.withDrives(2)
  const shards = new Map<string, Uint8Array>()
  const made: { pack: SealedPack; bytes: Uint8Array; spread: SpreadPack }[] = []
  for (const size of sizes) {
    const { pack, bytes } = await world.spreadNew(size)
    const spread = world.keeper.spreads().find(({ id }) => id === pack.id) as SpreadPack
    assert.deepEqual([spread.dataFragments, spread.totalFragments], [1, 2])
    shards.set(pack.id, (await world.keeper.readShard(spread, 0, 0, spread.shardBytes)) as Uint8Array)
    made.push({ pack, bytes, spread })
  }
  const files = new Map<string, Uint8Array>()
  for (const { pack } of made)
    for (const [i, disk] of world.disks.entries()) {
      const index = world.keeper.fragmentsOf(pack.id).find(({ drive }) => drive === world.configs[i]?.id)?.index as number
      files.set(`${pack.id} ${index}`, (await disk.readFile(fragmentPath({ pack: pack.id, index }))) as Uint8Array)
    }
  await world.keeper.close()
  const elsewhere: FragmentsElsewhere = {
    has: (id) => shards.has(id),
    spreads: (id) => made.flatMap(({ spread }) => (spread.id === id ? [spread] : [])),
    indices: () => [0],
    read: async ({ id }, index, column, length) => (index === 0 ? (shards.get(id)?.slice(column, column + length) ?? null) : null),
    drop: async () => {},
  }
  return { made, files, elsewhere }
}

test('a pack that friends have as it is to be here comes straight onto the drives, to the same bytes', async () => {
  const { made, files, elsewhere } = await burnt()
  const world = await KeeperWorld.withDrives(2)
  await world.keeper.believe(made.map(({ spread }) => spread))
  let [now, most] = [new Set<string>(), 0]
  const dataFiles: string[] = []
  world.keeper.askElsewhere({
    ...elsewhere,
    read: async (spread, ...range) => {
      now = now.add(spread.id)
      most = Math.max(most, world.keeper.isFetching ? now.size : 0)
      dataFiles.push(...((await world.dataDisk.list('keeper')) ?? []))
      return elsewhere.read(spread, ...range)
    },
  })
  const { rebuiltFragments, lost } = await world.keeper.repair()
  assert.deepEqual([rebuiltFragments, lost, world.keeper.isFetching], [2 * sizes.length, [], false])
  assert.ok(most >= 2, 'while one is on its way another one is')
  assert.deepEqual(
    dataFiles.filter((name) => name.endsWith('.part')),
    [],
  )
  for (const { pack, bytes } of made) {
    for (const [i, disk] of world.disks.entries()) {
      const index = world.keeper.fragmentsOf(pack.id).find(({ drive }) => drive === world.configs[i]?.id)?.index as number
      const file = (await disk.readFile(fragmentPath({ pack: pack.id, index }))) as Uint8Array
      assert.ok(equalBytes(file, files.get(`${pack.id} ${index}`) as Uint8Array), `fragment ${index}`)
    }
    world.keeper.askElsewhere(null)
    assert.ok(equalBytes((await world.keeper.read(pack.id, 0, bytes.length)) as Uint8Array, bytes))
  }
  const again = await world.reopen()
  assert.deepEqual(again.awaited().packs, 0)
  await again.close()
})

test('a drive that goes away meanwhile, or friends who stop giving, leave nothing half done, and the next try does it', async () => {
  const { made, elsewhere } = await burnt()
  for (const fault of ['drive', 'friends'] as const) {
    const world = await KeeperWorld.withDrives(2)
    await world.keeper.believe(made.map(({ spread }) => spread))
    let reads = 0
    const stops = (): boolean => ++reads === 4
    world.keeper.askElsewhere({
      ...elsewhere,
      read: async (...wanted) => {
        if (!stops()) return elsewhere.read(...wanted)
        if (fault === 'friends') return null
        const [disk] = world.disks
        if (disk !== undefined) disk.isPlugged = false
        return elsewhere.read(...wanted)
      },
    })
    await world.keeper.repair()
    assert.ok(world.keeper.awaited().packs > 0, `${fault}: something is yet to come`)
    const [disk] = world.disks
    if (disk !== undefined) disk.isPlugged = true
    await world.keeper.lookAtDrives()
    world.keeper.askElsewhere(elsewhere)
    for (let tries = 0; tries < 3 && world.keeper.awaited().packs > 0; tries++) {
      await world.keeper.repair()
      world.clock.advance(11 * 60_000)
    }
    assert.equal(world.keeper.awaited().packs, 0, fault)
    assert.deepEqual(
      world.disks.flatMap(({ trespasses }) => trespasses),
      [],
    )
    for (const { pack, bytes } of made) assert.ok(equalBytes((await world.keeper.read(pack.id, 0, bytes.length)) as Uint8Array, bytes))
    await world.keeper.close()
  }
})

test('some at once are no more than that, and after one that failed nothing begins', async () => {
  const some = new SomeAtOnce(2)
  let [now, most, begun] = [0, 0, 0]
  const action = async (): Promise<void> => {
    begun++
    most = Math.max(most, ++now)
    await new Promise((resolve) => setImmediate(resolve))
    now--
  }
  for (let i = 0; i < 7; i++) await some.begin(action)
  await some.end()
  assert.deepEqual([most, begun, now], [2, 7, 0])
  await some.begin(() => Promise.reject(new Error('full')))
  await assert.rejects(async () => {
    for (let i = 0; i < 3; i++) await some.begin(action)
  }, /full/)
  await assert.rejects(some.end(), /full/)
})
