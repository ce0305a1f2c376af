import assert from 'node:assert/strict'
import test from 'node:test'
import { defaultRetention, keepsVersion } from './retention.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { Volume } from './types.ts'

const HOUR = 3600
const DAY = 24 * HOUR

test('keeps all of a day, the last of each hour of a week, the last of each day of a year', () => {
  const now = 1000 * DAY
  const keeps = keepsVersion(defaultRetention, now)
  const kept: number[] = []
  for (let age = 0; age < 400 * DAY; age += 600) if (keeps(now - age)) kept.push(age)
  const within = (from: number, to: number) => kept.filter((age) => age >= from && age < to).length
  assert.equal(within(0, DAY), 144)
  assert.equal(within(DAY, 7 * DAY), 6 * 24)
  assert.equal(within(7 * DAY, 365 * DAY), 358)
  assert.equal(within(365 * DAY, 400 * DAY), 0)
  const again = keepsVersion(defaultRetention, now)
  assert.ok(
    kept.every((age) => again(now - age)),
    'what was kept is kept again',
  )
})

test('keeps what was kept as time goes on, until it is too old', () => {
  let times = Array.from({ length: 3000 }, (_, i) => 1000 * DAY - i * 1800)
  for (let now = 1000 * DAY; now < 1010 * DAY; now += DAY / 3) {
    const before = new Set(times.map((time) => Math.floor(time / DAY)))
    const keeps = keepsVersion(defaultRetention, now)
    times = times.filter(keeps)
    assert.equal(new Set(times.map((time) => Math.floor(time / DAY))).size, before.size, 'a day that had a version has one')
  }
})

async function sequences(volume: Volume): Promise<number[]> {
  const found: number[] = []
  for await (const { sequence } of volume.versions()) found.push(sequence)
  return found
}

async function worldWithVersions(count: number, stepMs: number): Promise<{ world: TreeWorld; volume: Volume }> {
  const world = new TreeWorld()
  const volume = await world.create()
  for (let i = 2; i <= count; i++) {
    world.nowMs += stepMs
    await volume.edit((edit) => edit.putEntries('/', [{ name: `v${i}`, entry: symlink('x') }]))
  }
  return { world, volume }
}

test('finds a version by its number and by a date', async () => {
  const { world, volume } = await worldWithVersions(200, 1000)
  const begin = world.nowMs - 199_000
  for (const volumeNow of [volume, await world.reopen()]) {
    assert.equal((await volumeNow.at(137)).sequence, 137)
    assert.equal((await volumeNow.at(new Date(begin + 136_000))).sequence, 137)
    assert.equal((await volumeNow.at(new Date(begin + 136_999))).sequence, 137)
    assert.equal((await volumeNow.at(new Date(world.nowMs + 1e9))).sequence, 200)
    assert.equal((await (await volumeNow.at(70)).list('/')).entries.length, 69)
    await assert.rejects(volumeNow.at(201), { code: 'VERSION_NOT_FOUND' })
    await assert.rejects(volumeNow.at(0), { code: 'VERSION_NOT_FOUND' })
    await assert.rejects(volumeNow.at(new Date(begin - 1)), { code: 'VERSION_NOT_FOUND' })
    await assert.rejects(volumeNow.at(new Date(Number.NaN)), { code: 'INPUT_INVALID' })
  }
})

test('prunes to what the rules keep, and the newest always stays', async () => {
  const { world, volume } = await worldWithVersions(300, 60_000)
  assert.equal(await volume.prune(defaultRetention), 0)
  assert.equal(volume.current().sequence, 300, 'nothing to drop makes no version')
  const hourly = { keepAllSeconds: HOUR, hourlySeconds: DAY, dailySeconds: 0 }
  const dropped = await volume.prune(hourly)
  const left = await sequences(volume)
  assert.equal(left[0], 301)
  assert.deepEqual(left, await sequences(await world.reopen()))
  assert.equal(left.length, 300 - dropped + 1)
  assert.equal((await volume.at(left.at(-1) as number)).sequence, left.at(-1))
  assert.equal(await volume.prune(hourly), 0, 'pruning again drops nothing')
  assert.ok((await volume.prune({ keepAllSeconds: 0, hourlySeconds: 0, dailySeconds: 0 })) > 0)
  assert.equal((await sequences(volume)).length, 1)
  assert.equal((await volume.current().list('/')).entries.length, 299)
})

test('edits go on while and after versions are pruned', async () => {
  const { world, volume } = await worldWithVersions(100, HOUR * 1000)
  const [dropped] = await Promise.all([
    volume.prune({ keepAllSeconds: 0, hourlySeconds: 0, dailySeconds: 100 * DAY }),
    ...Array.from({ length: 10 }, (_, i) => volume.edit((edit) => edit.makeDirectory(`/d${i}`))),
  ])
  assert.ok(dropped > 90)
  const again = await world.reopen()
  assert.equal((await again.current().list('/')).entries.length, 109)
})

test('what pruned versions alone needed is live no more', async () => {
  const { world, volume } = await worldWithVersions(150, DAY * 1000)
  const count = async () => {
    const live: Uint8Array[] = []
    for await (const { cids } of volume.live()) live.push(...cids)
    return live
  }
  const before = (await count()).length
  await volume.prune({ keepAllSeconds: 0, hourlySeconds: 0, dailySeconds: 20 * DAY })
  const live = await count()
  assert.ok(live.length < before / 4)
  assert.ok(world.store.keepOnly(live) > 0)
  const again = await world.reopen({ cacheBytes: 0 })
  for (const sequence of await sequences(again)) assert.equal((await (await again.at(sequence)).list('/')).more, false)
})

test('a failing store leaves all versions', async () => {
  const { world, volume } = await worldWithVersions(10, DAY * 1000)
  const before = await sequences(volume)
  for (const call of [1, 2]) {
    world.store.failAt(call)
    await assert.rejects(volume.prune({ keepAllSeconds: 0, hourlySeconds: 0, dailySeconds: 0 }), { code: 'DISK_FULL' })
    world.store.heal()
    assert.deepEqual(await sequences(volume), before)
  }
})
