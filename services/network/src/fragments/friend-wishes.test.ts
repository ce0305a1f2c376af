import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { decodeWishes, encodeWishes, FriendWishes, usualWishes } from './friend-wishes.ts'
import { RepairPace } from './repair-pace.ts'

const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const [BEN, HIS_NODE, HIS_OTHER] = [keyOf(1), keyOf(2), keyOf(3)]

test('wishes are kept over restarts; what was not said is as usual', async () => {
  const disk = new MemoryDisk()
  const wishes = await FriendWishes.open(disk)
  assert.deepEqual(wishes.all, usualWishes)
  assert.equal(wishes.ninesOf('standard'), 11)
  await Promise.all([
    wishes.wish('standard', 9),
    wishes.wish('light', 4),
    wishes.place(BEN, 'Grandma’s house'),
    wishes.place(HIS_OTHER, 'Mill'),
    wishes.repair({ goneAfterSeconds: 7200 }),
  ])
  await wishes.wish('light', null)
  const again = await FriendWishes.open(disk)
  assert.deepEqual(again.all, wishes.all)
  assert.deepEqual([again.ninesOf('standard'), again.ninesOf('light'), again.all.goneAfterSeconds], [9, 11, 7200])
  assert.equal(again.placeOf({ owner: BEN, node: HIS_NODE }), 'Grandma’s house')
  assert.equal(again.placeOf({ owner: BEN, node: HIS_OTHER }), 'Mill', 'what was said of the node itself comes first')
  await again.place(HIS_OTHER, null)
  assert.equal(again.placeOf({ owner: BEN, node: HIS_OTHER }), 'Grandma’s house')
  assert.equal(again.placeOf({ owner: keyOf(9), node: keyOf(8) }), null)
})

test('what cannot be kept is refused, and nothing becomes other by it; damage in one copy is mended, in both told', async () => {
  const disk = new MemoryDisk()
  const wishes = await FriendWishes.open(disk)
  await wishes.wish('standard', 9)
  const refused = (change: Promise<void>) => assert.rejects(change, (error) => isHoltError(error, 'INPUT_INVALID'))
  await refused(wishes.wish('standard', 16))
  await refused(wishes.wish('x'.repeat(33), 5))
  await refused(wishes.place(BEN, 'x'.repeat(257)))
  await refused(wishes.repair({ goneAfterSeconds: 60 }))
  await refused(wishes.repair({ repairBytesPerSecond: 1 }))
  assert.equal(wishes.ninesOf('standard'), 9)
  disk.flip('friend-wishes', 20)
  assert.equal((await FriendWishes.open(disk)).ninesOf('standard'), 9)
  for (const path of ['friend-wishes', 'friend-wishes.copy']) disk.flip(path, 20)
  await assert.rejects(FriendWishes.open(disk), (error) => isHoltError(error, 'MALFORMED'))
})

test('the decoder takes what was written, and nothing else', async () => {
  const all = { ...usualWishes, nines: [{ redundancyClass: 'light', nines: 3 }], places: [{ of: BEN, place: 'Mill' }] }
  assert.deepEqual(decodeWishes(encodeWishes(all)), all)
  await fuzzDecoder(decodeWishes, [encodeWishes(all), encodeWishes(usualWishes)])
  for (const wrong of [
    { ...all, places: [...all.places, ...all.places] },
    { ...all, nines: [...all.nines, ...all.nines] },
    { ...all, goneAfterSeconds: 3599 },
    {
      ...all,
      places: Array.from({ length: 1025 }, (_, i) => ({ of: keyOf(i % 256).map((byte, at) => (at === 0 ? i >> 8 : byte)), place: 'x' })),
    },
  ])
    assert.throws(
      () => decodeWishes(encodeWishes(wrong)),
      (error) => isHoltError(error, 'MALFORMED'),
    )
})

test('a repair goes no faster than it may, whatever comes and however the clock leaps', async () => {
  const clock = new SimulatedClock()
  let skewMs = 0
  const pace = new RepairPace({ nowMs: () => clock.nowMs() + skewMs, after: clock.after.bind(clock) }, () => 1000)
  let sent = 0
  const sendAll = (): void => {
    for (; pace.isOpen; sent += 5000) pace.spend(5000)
  }
  sendAll()
  assert.equal(sent, 5000, 'the first may begin')
  for (let second = 0; second < 600; second++) {
    await clock.pass(1000)
    sendAll()
  }
  assert.ok(sent >= 600_000 && sent <= 606_000, `${sent}`)
  const before = sent
  skewMs = 24 * 3_600_000
  sendAll()
  skewMs = -skewMs
  sendAll()
  assert.ok(sent - before <= 65_000, 'a clock that leaps by a day is worth a minute')
  await clock.pass(24 * 3_600_000 - 1)
  const rested = sent
  skewMs = 0
  sendAll()
  assert.ok(sent - rested <= 65_000, 'so is a day of rest')
})
