import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { defaultLimits } from '@holt/sandbox/limits.ts'
import { alarmsOn, cancelAlarm, MOST_ALARMS, setAlarm } from './alarm.ts'
import { AlarmClock, MOST_TRIES } from './alarm-clock.ts'
import type { Desk } from './desk.ts'
import { ProgramRunner } from './program-runner.ts'
import { FakeSandbox, MemoryKeeping } from './testing/fake-sandbox.ts'

const SECOND = 1000
const HOUR = 3_600_000

/** A program that counts how often it rang, with a clock that the test moves. */
class AlarmWorld {
  nowMs = 10 * HOUR
  fails = false
  mayRing = true
  /** What a slow delivery waits for. */
  gate = Promise.resolve()
  /** What the program does with its alarms when one rings. */
  onRing: (desk: Desk) => void = () => {}
  readonly told: string[] = []
  readonly keeping = new MemoryKeeping()
  runner!: ProgramRunner
  clock!: AlarmClock
  #timer: { atMs: number; action: () => void } | null = null

  static async start(t: TestContext): Promise<AlarmWorld> {
    const world = new AlarmWorld()
    t.after(() => world.runner.stop())
    await world.restart()
    return world
  }

  async restart(): Promise<void> {
    this.clock?.stop()
    await this.runner?.stop()
    const sandbox = new FakeSandbox(async (name, store) => {
      if (name === 'slow') await this.gate
      if (name === 'alarm') {
        store.set('rang', Uint8Array.of((store.get('rang')?.[0] ?? 0) + 1))
        this.onRing(this.runner.desk)
      }
      if (this.fails) throw new HoltError('PROGRAM_FAILED', 'on purpose')
      return ''
    })
    const code = { id: 'x', kind: 'script' as const, load: async () => new Uint8Array(0) }
    const powers = async () => new Uint8Array(0)
    const onDesk = () => this.clock?.wind()
    this.runner = new ProgramRunner({ sandbox, code, limits: defaultLimits, powers, keeping: this.keeping, onLog: () => {}, onDesk })
    await this.runner.open()
    this.clock = new AlarmClock({
      runner: this.runner,
      now: () => this.nowMs,
      after: (delayMs, action) => {
        const timer = { atMs: this.nowMs + delayMs, action }
        this.#timer = timer
        return () => {
          if (this.#timer === timer) this.#timer = null
        }
      },
      mayRing: () => this.mayRing,
      deliveryOf: ({ name }) => ({ name: 'alarm', body: new TextEncoder().encode(name) }),
      onRung: ({ name, missed }, error, givenUp) =>
        this.told.push([name, `${missed} missed`, error?.code ?? 'done', ...(givenUp ? ['given up'] : [])].join(', ')),
    })
    this.clock.wind()
  }

  /** Within a delivery of the program. */
  within(work: (desk: Desk) => void): Promise<unknown> {
    return this.runner.turn((desk) => {
      work(desk)
      return null
    })
  }

  set(name: string, { after, every = null }: { after: number; every?: number | null }): Promise<unknown> {
    return this.within((desk) => setAlarm(desk, name, { at: this.nowMs + after, every, data: new Uint8Array(0) }, this.nowMs))
  }

  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms
    for (;;) {
      // whatever rings is done when nothing of it is left to happen
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      await this.runner.settled()
      const timer = this.#timer
      if (timer === null || timer.atMs > untilMs) break
      this.#timer = null
      this.nowMs = Math.max(this.nowMs, timer.atMs)
      timer.action()
    }
    this.nowMs = untilMs
  }

  /** The time of the next alarm has come; what then happens is not waited for. */
  ring(): void {
    const timer = this.#timer
    assert.ok(timer !== null)
    this.#timer = null
    this.nowMs = Math.max(this.nowMs, timer.atMs)
    timer.action()
  }

  /** The machine sleeps: nothing happens before it wakes. */
  sleep(ms: number): void {
    this.nowMs += ms
  }

  get rang(): number {
    return this.keeping.kept.get('rang')?.[0] ?? 0
  }
}

test('an alarm rings once at its time, in whole seconds and not at once, and another of its name takes its place', async (t) => {
  const world = await AlarmWorld.start(t)
  await world.set('a', { after: 5 * SECOND })
  await world.set('a', { after: 7.2 * SECOND })
  await world.set('b', { after: 0 })
  assert.deepEqual(
    alarmsOn(world.runner.desk).map(({ name, alarm }) => [name, alarm.at - world.nowMs]),
    [
      ['b', SECOND],
      ['a', 8 * SECOND],
    ],
  )
  await world.pass(6 * SECOND)
  assert.deepEqual(world.told, ['b, 0 missed, done'])
  await world.pass(2 * SECOND)
  assert.deepEqual([world.told.length, world.rang, world.keeping.desk.size], [2, 2, 0])
  await world.pass(HOUR)
  assert.equal(world.rang, 2)
})

test('a repeating alarm rings each time; when the machine slept once, and says how many times passed', async (t) => {
  const world = await AlarmWorld.start(t)
  await world.set('a', { after: 10 * SECOND, every: 10 * SECOND })
  await world.pass(35 * SECOND)
  assert.equal(world.rang, 3)
  world.sleep(60 * SECOND)
  await world.pass(0)
  assert.equal(world.told.at(-1), 'a, 5 missed, done')
  await world.pass(6 * SECOND)
  assert.equal(world.rang, 5, 'it keeps its step')
})

test('an alarm outlives the node, and rings once for all that passed meanwhile', async (t) => {
  const world = await AlarmWorld.start(t)
  await world.set('a', { after: HOUR })
  await world.set('b', { after: HOUR, every: HOUR })
  world.clock.stop()
  await world.runner.stop()
  world.sleep(5 * HOUR)
  await world.restart()
  await world.pass(0)
  assert.deepEqual(world.told, ['a, 0 missed, done', 'b, 4 missed, done'])
})

test('what is set in a delivery that fails is not set; what is cancelled before its turn does not ring', async (t) => {
  const world = await AlarmWorld.start(t)
  await assert.rejects(
    world.within((desk) => {
      setAlarm(desk, 'a', { at: 0, every: null, data: new Uint8Array(0) }, world.nowMs)
      throw new HoltError('PROGRAM_FAILED', 'later')
    }),
    { code: 'PROGRAM_FAILED' },
  )
  assert.deepEqual(alarmsOn(world.runner.desk), [])
  await world.set('b', { after: SECOND })
  let open = (): void => {}
  world.gate = new Promise((resolve) => (open = resolve))
  const slow = world.runner.deliver({ name: 'slow', body: new Uint8Array(0) })
  const cancelling = world.within((desk) => cancelAlarm(desk, 'b'))
  world.ring()
  open()
  await Promise.all([slow, cancelling])
  await world.pass(HOUR)
  assert.deepEqual([world.told, world.rang], [[], 0])
})

test('one whose program fails changes nothing, rings again after a pause, longer each time, and at last is given up', async (t) => {
  const world = await AlarmWorld.start(t)
  world.fails = true
  await world.set('a', { after: SECOND })
  await world.pass(SECOND)
  assert.deepEqual([world.told, world.rang], [['a, 0 missed, PROGRAM_FAILED'], 0])
  await world.pass(9 * SECOND)
  assert.equal(world.told.length, 1)
  await world.pass(SECOND)
  assert.equal(world.told.length, 2)
  await world.pass(24 * HOUR)
  assert.deepEqual([world.told.length, world.told.at(-1)], [MOST_TRIES, 'a, 0 missed, PROGRAM_FAILED, given up'])
  assert.equal(world.keeping.desk.size, 0)

  await world.set('b', { after: SECOND, every: HOUR })
  await world.pass(2 * SECOND)
  world.fails = false
  await world.pass(10 * SECOND)
  assert.deepEqual([world.told.at(-1), world.rang], ['b, 0 missed, done', 1])
})

test('what it did and that it rang are kept together: when they cannot be, it rings again', async (t) => {
  const world = await AlarmWorld.start(t)
  await world.set('a', { after: SECOND })
  world.keeping.fails = new HoltError('DISK_FULL', 'full')
  await world.pass(SECOND)
  assert.deepEqual([world.told, world.rang, world.keeping.desk.size], [['a, 0 missed, DISK_FULL'], 0, 1])
  world.keeping.fails = null
  await world.pass(10 * SECOND)
  assert.deepEqual([world.told.at(-1), world.rang, world.keeping.desk.size], ['a, 0 missed, done', 1, 0])
})

test('a program that sets and cancels its own alarms while one rings has the last word', async (t) => {
  const world = await AlarmWorld.start(t)
  world.onRing = (desk) => setAlarm(desk, 'a', { at: world.nowMs + 5 * SECOND, every: null, data: new Uint8Array(0) }, world.nowMs)
  await world.set('a', { after: SECOND })
  await world.pass(12 * SECOND)
  assert.equal(world.rang, 3)
  world.onRing = (desk) => void cancelAlarm(desk, 'a')
  await world.set('a', { after: SECOND, every: 10 * SECOND })
  await world.pass(HOUR)
  assert.equal(world.rang, 4)
})

test('an alarm of a later build stays as it is, and keeps no other from ringing', async (t) => {
  const world = await AlarmWorld.start(t)
  const later = encode({ v: 2, kind: 'alarm', at: 0, more: true })
  world.keeping.desk.set('alarm/later', later)
  await world.restart()
  await world.set('a', { after: SECOND })
  await world.pass(2 * SECOND)
  assert.deepEqual([world.told, [...world.keeping.desk]], [['a, 0 missed, done'], [['alarm/later', later]]])
})

test('there are so many and no more, none outside of a delivery, and none rings that may not', async (t) => {
  const world = await AlarmWorld.start(t)
  assert.throws(() => setAlarm(world.runner.desk, 'a', { at: 0, every: null, data: new Uint8Array(0) }, 0), { code: 'NOT_AUTHORIZED' })
  await assert.rejects(world.set('a', { after: 0, every: 9999 }), { code: 'INPUT_INVALID' })
  for (let i = 0; i < MOST_ALARMS; i++) await world.set(`a${i}`, { after: SECOND })
  await assert.rejects(world.set('b', { after: 0 }), { code: 'LIMIT_REACHED' })
  await world.set('a0', { after: 2 * SECOND })
  world.mayRing = false
  await world.pass(HOUR)
  assert.deepEqual(world.told, [])
  world.mayRing = true
  world.clock.wind()
  await world.pass(0)
  assert.equal(world.rang, MOST_ALARMS)
})
