import assert from 'node:assert/strict'
import test from 'node:test'
import { toHex } from '@holt/core/bytes.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { DriveFacts } from '@holt/store/fragments/drive-facts.ts'
import { bodyOf, caller, NodeWorld } from '../node-world.ts'
import { RowRing } from '../row-ring.ts'
import { forecastOf, type SpacePoint } from './forecast.ts'
import { SpaceMonitor, writeSpace } from './space-monitor.ts'

const DAY = 86_400
const GIB = 2 ** 30
const MIDNIGHT = 1_700_006_400
const signal = new AbortController().signal
/** Two hours: one of which nothing is known, and 4 GiB, 3 GiB free, 512 MiB of fragments. */
const VECTOR =
  'a5617601646b696e646d73706163652d686973746f72796473746570190e10666e6577657374016676616c7565735818ffffffffffffffffffffffff0000100000000c0000000200'

test('a row of the history has the form that is written down', () => {
  const ring = new RowRing({ kind: 'space-history', stepSeconds: 3600, steps: 2, rowBytes: 12 })
  writeSpace(ring.put(3600), { totalBytes: 4 * GIB, freeBytes: 3 * GIB, fragmentBytes: GIB / 2 })
  assert.equal(toHex(ring.encode()).slice(0, -64), VECTOR)
})

/** Use that grows by so much a day, with some noise. */
function days(count: number, usedOn: (day: number) => number, totalOn: (day: number) => number = () => 1000 * GIB): SpacePoint[] {
  return Array.from({ length: count }, (_, day) => {
    const totalBytes = totalOn(day)
    return { time: MIDNIGHT + day * DAY, totalBytes, freeBytes: totalBytes - usedOn(day) }
  })
}

test('a steady pace says when the drives are full', () => {
  const forecast = forecastOf(days(60, (day) => (400 + 5 * day + 3 * Math.sin(day)) * GIB))
  assert.equal(forecast.kind, 'full')
  const inDays = forecast.kind === 'full' ? forecast.inSeconds / DAY : 0
  assert.ok(Math.abs(inDays - 61) < 3, `${inDays} days`)
})

test('one great import does not bend the pace', () => {
  const forecast = forecastOf(days(60, (day) => (day < 30 ? 100 + day : 500 + day) * GIB))
  const inDays = forecast.kind === 'full' ? forecast.inSeconds / DAY : 0
  assert.ok(inDays > 25 && inDays < 500, `${inDays} days`)
  const cleared = forecastOf(days(60, (day) => (day < 55 ? 500 + day : 100 + day) * GIB))
  assert.equal(cleared.kind, 'full')
})

test('says nothing of what is not known, goes up and down, or just began', () => {
  assert.deepEqual(forecastOf([]), { kind: 'unknown' })
  assert.deepEqual(forecastOf(days(13, (day) => 40 * day * GIB)), { kind: 'unknown' }, 'less than two weeks')
  assert.deepEqual(forecastOf(days(60, (day) => (day % 2 === 0 ? 100 : 800) * GIB + 2 * day * GIB)).kind, 'unknown')
  const grown = days(
    60,
    (day) => 10 * day * GIB,
    (day) => (day < 55 ? 1000 : 3000) * GIB,
  )
  assert.deepEqual(forecastOf(grown), { kind: 'unknown' }, 'a drive came five days ago')
})

test('what hardly grows lasts for years; what is full is full', () => {
  assert.deepEqual(forecastOf(days(60, () => 300 * GIB)), { kind: 'slow' })
  assert.deepEqual(forecastOf(days(60, (day) => (300 - day) * GIB)), { kind: 'slow' })
  assert.deepEqual(forecastOf(days(60, (day) => (300 + 0.1 * day) * GIB)), { kind: 'slow' })
  assert.deepEqual(forecastOf(days(60, (day) => (day < 40 ? 25 * day : 1000) * GIB)), { kind: 'full', inSeconds: 0 })
})

function drive(totalBytes: number, freeBytes: number, state: DriveFacts['state'] = 'ok'): DriveFacts {
  return { id: 'aa', folder: '/mnt/a', state, totalBytes, freeBytes, fragmentBytes: GIB, fragmentCount: 3 }
}

test('remembers hours and days, also after a restart; while a drive is missing nothing is noted', async () => {
  const data = new MemoryDisk()
  const warnings: string[] = []
  let nowSeconds = MIDNIGHT
  let found = [drive(100 * GIB, 60 * GIB), drive(100 * GIB, 80 * GIB)]
  const keeper = { drives: () => found, lookAtDrives: async () => {} }
  const options = { keeper, data, clock: systemClock, now: () => 1000 * nowSeconds, log: (_: string, text: string) => warnings.push(text) }
  const monitor = new SpaceMonitor(options)
  await monitor.start()
  for (let hour = 0; hour < 48; hour++) {
    nowSeconds = MIDNIGHT + hour * 3600
    found =
      hour === 30
        ? [drive(100 * GIB, 60 * GIB), drive(100 * GIB, 0, 'missing')]
        : [drive(100 * GIB, (60 - hour) * GIB), drive(100 * GIB, 80 * GIB)]
    await monitor.measure()
  }
  const check = async (one: SpaceMonitor): Promise<void> => {
    const month = await one.history('month')
    assert.equal(month.total.length, 744)
    assert.equal(month.startTime, MIDNIGHT + 47 * 3600 - 743 * 3600)
    assert.deepEqual(month.free.slice(-19, -16), [111 * GIB, null, 109 * GIB])
    assert.equal(month.fragments.at(-1), 2 * GIB)
    const years = await one.history('years')
    assert.deepEqual(years.free.slice(-3), [null, (140 - 23) * GIB, (140 - 47) * GIB])
    assert.deepEqual(years.forecast, { kind: 'unknown' })
  }
  await check(monitor)
  await monitor.stop()
  const again = new SpaceMonitor(options)
  await again.start()
  await check(again)
  await again.stop()
  await data.replaceFile('space-years', new Uint8Array(50))
  found = [drive(100 * GIB, 0, 'missing')]
  const damaged = new SpaceMonitor(options)
  await damaged.start()
  assert.ok((await damaged.history('years')).total.every((value) => value === null))
  assert.equal(warnings.length, 1)
  await damaged.stop()
})

test('a node tells which folders are kept how, what they hold, and what rules would drop', async (t) => {
  const world = new NodeWorld(t)
  let nowMs = Date.UTC(2026, 0, 10)
  const { control, files } = await world.start('data', { nowMs: () => nowMs })
  const call = caller(control)
  await call('node.init', { drives: ['a', 'b', 'c', 'd'].map((name) => world.path(name)) })
  await call('files.mkdir', { path: '/photos/2025', parents: true })
  await call('files.mkdir', { path: '/films' })
  for (let day = 0; day < 5; day++) {
    nowMs += DAY * 1000
    await files.write(`/photos/2025/${day}.jpg`, bodyOf('x'.repeat(1000)), { signal })
  }
  await call('files.setClass', { path: '/photos', redundancyClass: 'precious' })
  await call('files.setClass', { path: '/films', redundancyClass: 'light' })
  assert.deepEqual(await call('classes.folders', {}), {
    folders: [
      { path: '/films', redundancyClass: 'light' },
      { path: '/photos', redundancyClass: 'precious' },
    ],
    after: null,
  })
  assert.deepEqual(await call('classes.folder', { path: '/photos/2025' }), {
    redundancyClass: 'precious',
    ownClass: null,
    bytes: 5000,
    files: 5,
    complete: true,
  })
  await assert.rejects(call('classes.folder', { path: '/photos/2025/1.jpg' }), { code: 'NOT_A_DIRECTORY' })
  await assert.rejects(call('classes.folder', { path: '/none' }), { code: 'NOT_FOUND' })
  const { drives, missing, choices } = await call('classes.choices', {})
  assert.deepEqual([drives, missing], [4, 0])
  assert.deepEqual(
    choices.map(({ name, dataFragments, totalFragments, lossesSurvived }) => [name, dataFragments, totalFragments, lossesSurvived]),
    [
      ['light', 3, 4, 1],
      ['standard', 2, 4, 2],
      ['precious', 1, 4, 3],
    ],
  )
  const rules = { keepAllHours: 24, hourlyDays: 2, dailyDays: 3 }
  const preview = await call('retention.preview', rules)
  const before = await call('files.versions', { path: '/' })
  assert.equal(preview.versions, before.versions.length)
  assert.ok(preview.dropped > 0 && preview.dropped < preview.versions)
  await call('retention.set', rules)
  await call('store.collect', {})
  const after = await call('retention.preview', rules)
  assert.equal(after.dropped, 0, 'what was said to go went')
  assert.ok(after.versions <= preview.versions - preview.dropped + 1)
})
