import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { wrapChecked } from '@holt/store/fragments/checked-file.ts'
import { encode } from '@holt/core/codec.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { answered, availabilityOf, intactnessOf, newScore, passed, proved, type Score, trustIn } from './score.ts'
import { ScoreBook } from './score-book.ts'
import { decodeScores, encodeScores } from './score-record.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const nodeOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const [BEN, CLEO] = [nodeOf(1), nodeOf(2)]

class World {
  readonly clock = new SimulatedClock()
  readonly disk = new MemoryDisk()
  readonly warnings: string[] = []
  nodes = [BEN, CLEO]
  isOnline = true
  skewMs = 0
  book!: ScoreBook

  static async begin(): Promise<World> {
    const world = new World()
    await world.start()
    return world
  }

  async start(): Promise<void> {
    const { clock, disk } = this
    this.book = await ScoreBook.open({
      disk,
      clock: { nowMs: () => clock.nowMs() + this.skewMs, after: clock.after.bind(clock) },
      nodes: () => this.nodes.map((node) => ({ node })),
      isOnline: () => this.isOnline,
      warn: (text) => this.warnings.push(text),
    })
  }

  /** Each is met or missed every ten minutes. */
  async live(ms: number, is: { ben: boolean; cleo?: boolean }): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 10 * 60_000) {
      if (is.cleo ?? true) this.book.met(CLEO, 50)
      else this.book.missed(CLEO)
      if (is.ben) this.book.met(BEN, 20)
      else this.book.missed(BEN)
      await this.clock.pass(10 * 60_000)
    }
  }

  of(node: Uint8Array): Score {
    return this.book.get(node) ?? newScore(node, 0)
  }
}

test('who was there nearly always is taken for that after days, not after minutes', async () => {
  const world = await World.begin()
  await world.live(HOUR, { ben: true })
  const early = availabilityOf(world.of(BEN))
  assert.ok(early > 0.5 && early < 0.6, `${early}`)
  await world.live(20 * DAY, { ben: true })
  assert.ok(availabilityOf(world.of(BEN)) > 0.99)
  assert.ok(availabilityOf(world.of(BEN)) < 1)
  assert.equal(world.of(BEN).latencyMs, 20)
})

test('half the time there is half; it falls with days of silence and recovers with days of being there', async () => {
  const world = await World.begin()
  for (let day = 0; day < 20; day++) {
    await world.live(12 * HOUR, { ben: true })
    await world.live(12 * HOUR, { ben: false })
  }
  const half = availabilityOf(world.of(BEN))
  assert.ok(half > 0.45 && half < 0.55, `${half}`)
  await world.live(10 * DAY, { ben: false })
  const fallen = availabilityOf(world.of(BEN))
  assert.ok(fallen < half - 0.05, `${fallen}`)
  assert.ok(Math.abs(world.of(BEN).silentMs - 10.5 * DAY) < HOUR)
  await world.live(40 * DAY, { ben: true })
  assert.ok(availabilityOf(world.of(BEN)) > fallen + 0.2)
  assert.equal(world.of(BEN).silentMs, 0)
})

test('time in which this node was off, without a network, or had its clock set says nothing of others', async () => {
  const world = await World.begin()
  await world.live(5 * DAY, { ben: true })
  const before = availabilityOf(world.of(BEN))
  await world.book.stop()
  await world.clock.pass(0.9 * DAY)
  await world.start()
  world.book.missed(BEN)
  assert.equal(world.of(BEN).silentMs, 0, 'what was in between nobody saw')
  assert.equal(availabilityOf(world.of(BEN)), before)
  world.isOnline = false
  await world.live(2 * DAY, { ben: false, cleo: false })
  assert.equal(availabilityOf(world.of(BEN)), before)
  world.isOnline = true
  await world.live(HOUR, { ben: true })
  const then = world.of(BEN).measuredMs
  world.skewMs = DAY
  await world.live(10 * 60_000, { ben: true })
  world.skewMs = -DAY
  await world.live(10 * 60_000, { ben: true })
  assert.ok(world.of(BEN).measuredMs - then <= 20 * 60_000, 'a clock that leaps by a day measures no day')
})

test('nobody is silent while nobody is heard at all', async () => {
  const world = await World.begin()
  await world.live(DAY, { ben: true })
  await world.live(20 * DAY, { ben: false, cleo: false })
  assert.ok(world.of(BEN).silentMs <= HOUR, 'it may be the line of this node')
  assert.ok(availabilityOf(world.of(BEN)) < 0.3, 'and yet it could not be had')
  await world.live(DAY, { ben: false, cleo: true })
  assert.ok(world.of(BEN).silentMs >= 23 * HOUR)
})

test('one wrong proof is felt at once, and forgotten in weeks; who fails again and again is worth nothing', async () => {
  let score = newScore(BEN, 0)
  const live = (days: number): void => {
    for (let hour = 0; hour < 24 * days; hour++) score = proved(passed(score, HOUR, { isReached: true }), true)
  }
  assert.ok(intactnessOf(score) < 0.8, 'nothing was proven yet')
  live(14)
  const good = trustIn(score)
  assert.ok(good > 0.95)
  score = proved(score, false)
  const fallen = trustIn(score)
  assert.ok(fallen < good - 0.08, `${fallen}`)
  live(28)
  assert.ok(trustIn(score) > fallen + 0.07)
  for (let times = 0; times < 100; times++) score = proved(score, false)
  assert.ok(trustIn(score) < 0.2)
})

test('how fast it answers is smoothed', () => {
  let score = answered(newScore(BEN, 0), 100)
  assert.equal(score.latencyMs, 100)
  score = answered(score, 900)
  assert.equal(score.latencyMs, 200)
})

test('scores are there after a restart; of who is no partner any more nothing is kept', async () => {
  const world = await World.begin()
  await world.live(DAY, { ben: true })
  world.book.proved(BEN, false)
  const [ben, cleo] = [world.of(BEN), world.of(CLEO)]
  await world.book.stop()
  await world.start()
  assert.deepEqual([world.of(BEN), world.of(CLEO)], [ben, cleo])
  world.nodes = [BEN]
  world.book.met(BEN)
  await world.clock.pass(HOUR)
  await world.start()
  assert.equal(world.book.get(CLEO), null)
  assert.deepEqual(world.warnings, [])
})

test('a damaged file is told and begun anew; a full disk is told and tried again', async () => {
  const world = await World.begin()
  world.book.met(BEN, 5)
  await world.book.stop()
  world.disk.flip('scores', 40)
  await world.start()
  assert.equal(world.book.get(BEN), null)
  assert.equal(world.warnings.length, 1)
})

test('the decoder takes what was written, and nothing else', async () => {
  const score = { ...newScore(BEN, 5), reachedMs: 3, measuredMs: 7, silentMs: 1, proven: 9, failed: 2, latencyMs: 4 }
  const all = [score, newScore(CLEO, 0)]
  assert.deepEqual(decodeScores(encodeScores(all)), all)
  await fuzzDecoder(decodeScores, [encodeScores(all), encodeScores([])])
  const refused = (bytes: Uint8Array): void =>
    assert.throws(
      () => decodeScores(bytes),
      (error) => isHoltError(error, 'MALFORMED'),
    )
  refused(encodeScores([score, score]))
  refused(encodeScores([{ ...score, reachedMs: 8 }]))
  refused(wrapChecked(encode({ v: 1, kind: 'scores', scores: [{}] })))
  refused(
    encodeScores(
      Array.from({ length: 1025 }, (_, i) =>
        newScore(
          nodeOf(i % 256).map((byte, at) => (at === 0 ? i >> 8 : byte)),
          0,
        ),
      ),
    ),
  )
})
