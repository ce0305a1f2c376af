import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { fragmentPath } from './drive-folder.ts'
import { KeeperWorld } from './keeper-world.ts'
import { UnpluggableDisk } from './testing/unpluggable-disk.ts'

/** All ways to choose `count` of 0 … n−1. */
function* subsets(n: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) return yield []
  for (let first = from; first <= n - count; first++) for (const rest of subsets(n, count - 1, first + 1)) yield [first, ...rest]
}

function plug(world: KeeperWorld, drives: readonly number[], isPlugged: boolean): void {
  for (const i of drives) (world.disks[i] as UnpluggableDisk).isPlugged = isPlugged
}

/** Which drive has fragment `index` of a pack. */
function driveWith(world: KeeperWorld, pack: string, index: number): UnpluggableDisk {
  const found = world.disks.find((disk) => disk.memory.paths().includes(fragmentPath({ pack, index })))
  assert.ok(found, `fragment ${index} is on some drive`)
  return found
}

/** Which fragment of a pack a drive has. */
function indexOn(world: KeeperWorld, pack: string, drive: number): number {
  const name = (world.disks[drive] as UnpluggableDisk).memory.paths().find((path) => path.includes(`${pack}.`))
  return Number(name?.slice(name.lastIndexOf('.') + 1))
}

function fragmentCounts(world: KeeperWorld, pack: string): number[] {
  return world.disks.map((disk) => disk.memory.paths().filter((path) => path.includes(`${pack}.`)).length)
}

const codes: Record<string, readonly string[]> = {
  standard: ['1 of 1', '1 of 2', '2 of 3', '2 of 4', '3 of 5', '4 of 6', '5 of 7'],
  precious: ['1 of 1', '1 of 2', '1 of 3', '1 of 4', '2 of 5', '3 of 6', '4 of 7'],
  names: ['1 of 1', '1 of 2', '1 of 3', '1 of 4', '2 of 5', '3 of 6', '4 of 7'],
  light: ['1 of 1', '1 of 2', '2 of 3', '3 of 4', '4 of 5', '5 of 6', '6 of 7'],
}

test('names survive as many losses as any class does', async () => {
  const world = await KeeperWorld.withDrives(6)
  const { pack } = await world.spreadNew(60_003, 'names')
  world.keeper.setClass('vault', { dataFragments: 1, totalFragments: 6 })
  await world.keeper.rebalance()
  const [kept] = world.keeper.packs()
  assert.deepEqual([kept?.id, kept?.dataFragments, kept?.totalFragments], [pack.id, 1, 6])
})

for (const [redundancyClass, expected] of Object.entries(codes)) {
  for (const [i, code] of expected.entries()) {
    const drives = i + 1
    test(`${redundancyClass} with ${drives} drives: every tolerated loss still reads, one more is told`, async () => {
      const world = await KeeperWorld.withDrives(drives)
      const { pack, bytes } = await world.spreadNew(60_003, redundancyClass)
      const [kept] = world.keeper.packs()
      assert.ok(kept)
      assert.equal(`${kept.dataFragments} of ${kept.totalFragments}`, code)
      assert.deepEqual(
        fragmentCounts(world, pack.id),
        Array.from({ length: drives }, () => 1),
      )
      const losses = drives - kept.dataFragments
      for (let lost = 0; lost <= losses + 1 && lost <= drives; lost++) {
        for (const subset of subsets(drives, lost)) {
          plug(world, subset, false)
          await world.keeper.lookAtDrives()
          assert.equal(world.keeper.packs()[0]?.presentFragments, drives - lost)
          assert.equal(world.keeper.classes().find(({ name }) => name === redundancyClass)?.lossesSurvived, losses - lost)
          const whole = await world.keeper.read(pack.id, 0, bytes.length)
          const middle = await world.keeper.read(pack.id, 19_000, 20_000)
          if (lost <= losses) {
            assert.deepEqual(whole, bytes)
            assert.deepEqual(middle, bytes.slice(19_000, 39_000))
          } else assert.equal(whole, null)
          plug(world, subset, true)
        }
      }
      await world.keeper.lookAtDrives()
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
    })
  }
}

test('a keeper opened anew knows its packs, with its table and without', async () => {
  const world = await KeeperWorld.withDrives(4)
  const made = []
  for (let i = 0; i < 5; i++) made.push(await world.spreadNew(10_000 + i))
  const before = world.keeper.packs()
  for (const damage of ['none', 'flipped', 'gone']) {
    await world.keeper.close()
    if (damage === 'flipped') (world.dataDisk as MemoryDisk).flip('keeper/packs', 77)
    if (damage === 'gone') await world.dataDisk.remove('keeper/packs')
    await world.open()
    assert.deepEqual(new Map(world.keeper.packs().map((pack) => [pack.id, pack])), new Map(before.map((pack) => [pack.id, pack])), damage)
    for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
  }
})

test('with the table there, a start reads names only', async () => {
  const world = await KeeperWorld.withDrives(3)
  for (let i = 0; i < 3; i++) await world.spreadNew(5_000)
  await world.keeper.close()
  const opened: string[] = []
  for (const { memory } of world.disks) {
    memory.fault = (operation, path) => {
      if (operation === 'open') opened.push(path)
    }
  }
  await world.open()
  assert.equal(world.keeper.packs().length, 3)
  assert.deepEqual(opened, [])
})

test('a drive that vanishes in the middle of a spread is replaced by another one', async () => {
  const world = await KeeperWorld.withDrives(5)
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 4 })
  const { pack, bytes, path } = await world.makePack(1_200_000)
  let writes = 0
  for (const disk of world.disks) {
    disk.onWrite = () => {
      if (++writes === 5) disk.isPlugged = false
    }
  }
  const { kept } = await world.keeper.spread(pack, { disk: world.dataDisk, path })
  assert.equal(kept.presentFragments, 4)
  const gone = world.disks.filter(({ isPlugged }) => !isPlugged)
  assert.equal(gone.length, 1)
  assert.deepEqual(gone[0]?.trespasses, [])
  assert.equal(world.keeper.drives().filter(({ state }) => state === 'missing').length, 1)
  assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

test('with too few drives a pack is spread over fewer, down to k', async () => {
  const world = await KeeperWorld.withDrives(6)
  const { pack, bytes, path } = await world.makePack(50_000)
  plug(world, [1, 4], false)
  const { kept } = await world.keeper.spread(pack, { disk: world.dataDisk, path })
  assert.equal(kept.presentFragments, 4)
  plug(world, [0], false)
  const more = await world.makePack(50_000)
  await assert.rejects(world.keeper.spread(more.pack, { disk: world.dataDisk, path: more.path }), { code: 'NOT_ENOUGH_DRIVES' })
  plug(world, [0, 1, 4], true)
  await world.keeper.lookAtDrives()
  assert.equal((await world.keeper.spread(more.pack, { disk: world.dataDisk, path: more.path })).kept.presentFragments, 6)
  assert.deepEqual(await world.keeper.read(more.pack.id, 0, 50_000), more.bytes)
  assert.deepEqual(await world.keeper.read(pack.id, 0, 50_000), bytes)
})

test('a full drive gets nothing more, and its fragments go elsewhere', async () => {
  const world = new KeeperWorld()
  await world.open()
  for (const capacityBytes of [1 << 30, 1 << 30, 60_000, 1 << 30])
    await world.addDrive(new UnpluggableDisk(new MemoryDisk({ capacityBytes })))
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 3 })
  const made = []
  for (let i = 0; i < 6; i++) made.push(await world.spreadNew(60_000))
  assert.ok(world.keeper.packs().every(({ presentFragments }) => presentFragments === 3))
  for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

test('a drive that turns out to be full while it is written to is told, and loses nothing', async () => {
  const world = new KeeperWorld()
  await world.open()
  for (let i = 0; i < 3; i++) await world.addDrive(new UnpluggableDisk())
  const { pack, bytes, path } = await world.makePack(600_000)
  const full = world.disks[1] as UnpluggableDisk
  full.memory.fault = (operation, name) => {
    if (operation === 'write' && name.endsWith('.part')) throw new HoltError('DISK_FULL', 'the disk is full')
  }
  const { kept } = await world.keeper.spread(pack, { disk: world.dataDisk, path })
  assert.equal(kept.presentFragments, 2)
  assert.equal(world.keeper.drives()[1]?.state, 'full')
  assert.ok(!full.memory.paths().some((name) => name.endsWith('.part')))
  assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

test('a spread that is cancelled leaves nothing behind', async () => {
  const world = await KeeperWorld.withDrives(4)
  const { pack, path } = await world.makePack(3_000_000)
  const cancel = new AbortController()
  ;(world.disks[2] as UnpluggableDisk).onWrite = () => cancel.abort()
  await assert.rejects(world.keeper.spread(pack, { disk: world.dataDisk, path }, { signal: cancel.signal }), { code: 'CANCELLED' })
  for (const disk of world.disks) assert.ok(!disk.memory.paths().some((name) => name.includes(pack.id)))
  assert.equal(await world.dataDisk.sizeOf(path), 3_000_000)
})

test('wrong plain bytes: doubt leads to right ones, also with a second fragment wrong, and ends', async () => {
  const world = await KeeperWorld.withDrives(6)
  const { pack, bytes } = await world.spreadNew(400_000)
  for (const wrong of [[0], [0, 2], [3, 1], [1, 5], [0, 1]]) {
    for (const index of wrong) driveWith(world, pack.id, index).memory.flip(fragmentPath({ pack: pack.id, index }), 500)
    await world.reopen()
    for (const offset of [0, 100_000, 200_000, 90_000]) {
      const right = bytes.slice(offset, offset + 20_000)
      let read = await world.keeper.read(pack.id, offset, 20_000)
      for (let attempt = 0; read !== null && Buffer.compare(read, right) !== 0; attempt++) {
        assert.ok(attempt < 10, 'comes to an end')
        read = await world.keeper.read(pack.id, offset, 20_000, { doubt: { attempt } })
      }
      assert.deepEqual(read, right, `fragments ${wrong.join()} wrong, offset ${offset}`)
    }
    await world.keeper.repair()
    assert.deepEqual((await world.keeper.scrub()).findings, [])
  }
})

test('when nothing is left that is right, doubt ends with null', async () => {
  const world = await KeeperWorld.withDrives(3)
  const { pack } = await world.spreadNew(10_000)
  for (const index of [0, 1]) driveWith(world, pack.id, index).memory.flip(fragmentPath({ pack: pack.id, index }), 5)
  const answers = []
  for (let attempt = 0; attempt < 5; attempt++) answers.push(await world.keeper.read(pack.id, 0, 100, { doubt: { attempt } }))
  assert.equal(answers.at(-1), null)
})

test('reads beyond the pack and of packs not known are null', async () => {
  const world = await KeeperWorld.withDrives(3)
  const { pack } = await world.spreadNew(1000)
  assert.equal(await world.keeper.read(pack.id, 990, 11), null)
  assert.equal(await world.keeper.read('00'.repeat(16), 0, 1), null)
  assert.equal(world.keeper.place('00'.repeat(16), 0, 1), null)
})

test('a pack of which some fragments are there already gets the others, with the k and n it has', async () => {
  const world = await KeeperWorld.withDrives(3)
  const { pack, bytes, path } = await world.makePack(30_000)
  plug(world, [0], false)
  await world.keeper.spread(pack, { disk: world.dataDisk, path })
  plug(world, [0], true)
  await world.addDrive(new UnpluggableDisk())
  await world.keeper.lookAtDrives()
  const { kept } = await world.keeper.spread(pack, { disk: world.dataDisk, path })
  assert.deepEqual([kept.dataFragments, kept.totalFragments, kept.presentFragments], [2, 3, 3])
  assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

for (const size of [29_000, 30_000]) {
  test(`remains of a pack of 30000 bytes that then changed to ${size}: too few to rebuild it are replaced, enough are not`, async () => {
    const world = await KeeperWorld.withDrives(6)
    const { pack, path } = await world.makePack(30_000)
    await world.keeper.spread(pack, { disk: world.dataDisk, path })
    const other = await world.makePack(size)
    const changed = { ...other.pack, id: pack.id }
    await (world.disks[1] as UnpluggableDisk).memory.remove(fragmentPath({ pack: pack.id, index: indexOn(world, pack.id, 1) }))
    await world.reopen()
    await assert.rejects(world.keeper.spread(changed, { disk: world.dataDisk, path: other.path }), { code: 'MALFORMED' })
    for (const drive of [2, 4]) {
      await (world.disks[drive] as UnpluggableDisk).memory.remove(fragmentPath({ pack: pack.id, index: indexOn(world, pack.id, drive) }))
    }
    await world.reopen()
    const { kept } = await world.keeper.spread(changed, { disk: world.dataDisk, path: other.path })
    assert.equal(kept.presentFragments, 6)
    assert.deepEqual(await world.keeper.read(pack.id, 0, size), other.bytes)
    assert.deepEqual((await world.keeper.scrub()).findings, [])
  })
}
