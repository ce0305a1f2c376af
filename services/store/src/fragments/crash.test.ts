import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { DriveKeeper } from './drive-keeper.ts'
import { KeeperWorld } from './keeper-world.ts'

/** The same numbers each time. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** What is done to the keeper, and what must hold after a power cut at any moment of it. */
interface Story {
  prepare(world: KeeperWorld<MemoryDisk>): Promise<void>
  act(keeper: DriveKeeper, dataDisk: MemoryDisk | CrashDisk): Promise<void>
  /** @param isDone `act` had resolved before the cut. */
  check(world: KeeperWorld<MemoryDisk>, isDone: boolean): Promise<void>
}

const DRIVES = 4

async function prepared(story: Story): Promise<KeeperWorld<MemoryDisk>> {
  const world = new KeeperWorld<MemoryDisk>()
  await world.open()
  for (let i = 0; i < DRIVES; i++) await world.addDrive(new MemoryDisk())
  await story.prepare(world)
  await world.keeper.close()
  return world
}

/** Runs the story with the power cut before operation number `step`. @returns null when it ended before that. */
async function cutAt(
  world: KeeperWorld<MemoryDisk>,
  story: Story,
  step: number,
): Promise<{ disks: CrashDisk[]; dataDisk: CrashDisk; isDone: boolean } | null> {
  const dataDisk = new CrashDisk(world.dataDisk as MemoryDisk)
  const crashing = world.fork(dataDisk, (disk) => new CrashDisk(disk))
  const keeper = await crashing.open()
  let steps = 0
  for (const disk of [dataDisk, ...crashing.disks]) {
    disk.live.fault = (operation) => {
      if (operation !== 'read' && operation !== 'list' && ++steps > step) throw new HoltError('IO_FAILED', 'the power is gone')
    }
  }
  const isDone = await story.act(keeper, dataDisk).then(
    () => true,
    () => false,
  )
  return steps <= step ? null : { disks: crashing.disks, dataDisk, isDone }
}

async function tell(story: Story): Promise<number> {
  const world = await prepared(story)
  for (let step = 0; ; step++) {
    const cut = await cutAt(world, story, step)
    if (cut === null) return step
    for (let variant = 0; variant < 2; variant++) {
      const random = randomNumbers(1000 * step + variant)
      const state = (disk: CrashDisk): MemoryDisk => (variant === 0 ? disk.live.copy() : disk.randomState(disk.position, random))
      const states = cut.disks.map(state)
      const after = world.fork(state(cut.dataDisk), (disk) => states[world.disks.indexOf(disk)] as MemoryDisk)
      await after.open()
      await story.check(after, cut.isDone)
      await after.keeper.close()
    }
  }
}

async function assertHealthy(world: KeeperWorld<MemoryDisk>): Promise<void> {
  await world.keeper.repair()
  assert.deepEqual((await world.keeper.scrub()).findings, [])
  for (const disk of world.disks) assert.ok(!disk.paths().some((path) => path.endsWith('.part') || path.endsWith('.new')))
  assert.ok(world.keeper.packs().every(({ presentFragments, totalFragments }) => presentFragments === totalFragments))
  const names = world.disks.flatMap((disk) => disk.paths().filter((path) => path.startsWith('fragments/')))
  assert.equal(new Set(names).size, names.length, 'no fragment is on two drives')
}

test('a spread cut at any step: done means there, and it can be done again', async () => {
  let made: Awaited<ReturnType<KeeperWorld['makePack']>> | undefined
  const steps = await tell({
    async prepare(world) {
      made = await world.makePack(300_000)
    },
    async act(keeper, disk) {
      await keeper.spread(made?.pack as never, { disk, path: made?.path as string })
    },
    async check(world, isDone) {
      const { pack, bytes, path } = made as NonNullable<typeof made>
      if (isDone) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      const { kept } = await world.keeper.spread(pack, { disk: world.dataDisk, path })
      assert.equal(kept.presentFragments, DRIVES)
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      await assertHealthy(world)
    },
  })
  assert.ok(steps > 20, `${steps} steps`)
})

test('a repair cut at any step loses nothing and goes on', async () => {
  const made: Awaited<ReturnType<KeeperWorld['spreadNew']>>[] = []
  const steps = await tell({
    async prepare(world) {
      for (let i = 0; i < 2; i++) made.push(await world.spreadNew(10_000))
      const [first, second] = world.disks as [MemoryDisk, MemoryDisk]
      for (const path of first.paths().filter((name) => name.startsWith('fragments/'))) await first.remove(path)
      for (const path of second.paths().filter((name) => name.startsWith('fragments/'))) second.flip(path, 99)
    },
    async act(keeper) {
      await keeper.scrub()
      const { rebuiltFragments } = await keeper.repair()
      if (rebuiltFragments !== 4) throw new Error('not all was mended')
    },
    async check(world, isDone) {
      if (isDone) assert.deepEqual((await world.keeper.scrub()).findings, [])
      await world.keeper.scrub()
      for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      await assertHealthy(world)
    },
  })
  assert.ok(steps > 20, `${steps} steps`)
})

test('a rebalance cut at any step: the pack reads all the time', async () => {
  let made: Awaited<ReturnType<KeeperWorld['spreadNew']>> | undefined
  const steps = await tell({
    async prepare(world) {
      made = await world.spreadNew(10_000)
    },
    async act(keeper) {
      keeper.setClass('standard', { dataFragments: 3, totalFragments: 4 })
      if ((await keeper.rebalance()) !== 1) throw new Error('it was not spread anew')
    },
    async check(world, isDone) {
      const { pack, bytes } = made as NonNullable<typeof made>
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      if (isDone) assert.equal(world.keeper.packs()[0]?.dataFragments, 3)
      await assertHealthy(world)
      world.keeper.setClass('standard', { dataFragments: 3, totalFragments: 4 })
      await world.keeper.rebalance()
      assert.equal(world.keeper.packs()[0]?.dataFragments, 3)
      await assertHealthy(world)
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
    },
  })
  assert.ok(steps > 20, `${steps} steps`)
})

test('a drop cut at any step is done whole or not at all', async () => {
  const made: Awaited<ReturnType<KeeperWorld['spreadNew']>>[] = []
  const steps = await tell({
    async prepare(world) {
      for (let i = 0; i < 2; i++) made.push(await world.spreadNew(5000))
    },
    async act(keeper) {
      await keeper.drop(made[0]?.pack.id as string)
    },
    async check(world, isDone) {
      const [dropped, kept] = made as [(typeof made)[0], (typeof made)[0]]
      const left = world.keeper.packs().map(({ id }) => id)
      if (isDone) assert.deepEqual(left, [kept.pack.id])
      if (left.length === 2) assert.deepEqual(await world.keeper.read(dropped.pack.id, 0, 5000), dropped.bytes)
      else for (const disk of world.disks) assert.ok(!disk.paths().some((path) => path.includes(dropped.pack.id)))
      assert.deepEqual(await world.keeper.read(kept.pack.id, 0, 5000), kept.bytes)
      await assertHealthy(world)
    },
  })
  assert.ok(steps >= 10, `${steps} steps`)
})

test('removing a drive cut at any step loses nothing', async () => {
  let made: Awaited<ReturnType<KeeperWorld['spreadNew']>> | undefined
  await tell({
    async prepare(world) {
      made = await world.spreadNew(10_000)
    },
    async act(keeper) {
      await keeper.removeDrive(keeper.drives()[1]?.id as string)
    },
    async check(world) {
      const { pack, bytes } = made as NonNullable<typeof made>
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      await world.keeper.repair()
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
    },
  })
})

test('what a mirror acknowledged is there after a cut', async () => {
  const id = 'ab'.repeat(16)
  const acknowledged = { bytes: 0 }
  await tell({
    prepare: async () => {},
    async act(keeper) {
      acknowledged.bytes = 0
      for (let i = 0; i < 3; i++) {
        await keeper.mirror(id, 1000 * i, new Uint8Array(1000).fill(i + 1))
        acknowledged.bytes = 1000 * (i + 1)
      }
    },
    async check(world) {
      const expected = new Uint8Array(acknowledged.bytes).map((_, at) => 1 + Math.floor(at / 1000))
      if (expected.length > 0) assert.deepEqual(await world.keeper.readMirror(id, 0, expected.length), expected)
    },
  })
})
