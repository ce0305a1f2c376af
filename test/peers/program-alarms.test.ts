import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgramGrant } from '@holt/control/programs.ts'
import { until } from './harness.ts'
import { cagedWorld, codes, Relay } from './relays.ts'

const powers = [{ kind: 'alarms' as const, name: 'wake', reason: 'to look for news', optional: true as const }]
const wake: ProgramGrant = { kind: 'alarms', name: 'wake' }

/** Time that stands still until the test lets it go on. */
class TestTime {
  nowMs = 1_800_000_000_000
  readonly #timers = new Set<{ atMs: number; action: () => void }>()
  readonly platform = {
    now: () => this.nowMs,
    clock: {
      nowMs: () => this.nowMs,
      after: (delayMs: number, action: () => void) => {
        const timer = { atMs: this.nowMs + delayMs, action }
        this.#timers.add(timer)
        return () => void this.#timers.delete(timer)
      },
    },
  }

  pass(ms: number): void {
    this.nowMs += ms
    for (const timer of this.#timers)
      if (timer.atMs <= this.nowMs) {
        this.#timers.delete(timer)
        timer.action()
      }
  }
}

for (const code of codes) {
  test(`alarms of a program in ${code} ring at their time, once after a sleep, survive a restart, and end with the power`, async (t) => {
    const time = new TestTime()
    const world = await cagedWorld(t, { platform: time.platform })
    const relay = await Relay.install(world, code, { powers, grants: [wake] })
    const rang = async (what: string, at: number) => {
      await until(what, async () => {
        time.pass(0) // what is overdue rings
        return (await relay.delivered('alarm'))?.head['at'] === at
      })
      return (await relay.delivered('alarm')) as NonNullable<Awaited<ReturnType<Relay['delivered']>>>
    }
    const alarms = async () => (await relay.done('alarms.list', { power: 'wake' })).head['alarms']
    const begun = time.nowMs

    await relay.done('alarms.set', { power: 'wake', alarm: 'once', after: 60_000 }, new TextEncoder().encode('"tea"'))
    await relay.done('alarms.set', { power: 'wake', alarm: 'often', every: 3_600_000 })
    assert.deepEqual(await alarms(), [
      { name: 'once', at: begun + 60_000, every: null },
      { name: 'often', at: begun + 3_600_000, every: 3_600_000 },
    ])
    time.pass(59_000)
    assert.equal(await relay.delivered('alarm'), null)
    time.pass(1000)
    const first = await rang('the first alarm', begun + 60_000)
    assert.deepEqual(first.head, { name: 'once', at: begun + 60_000, every: null, missed: 0 })
    assert.equal(new TextDecoder().decode(first.body), '"tea"')
    assert.deepEqual(await alarms(), [{ name: 'often', at: begun + 3_600_000, every: 3_600_000 }])

    // the node is away while it would have rung three times
    await world.world.stop()
    time.pass(3 * 3_600_000)
    await world.restart()
    assert.equal((await rang('the alarm that was missed', begun + 3_600_000)).head['missed'], 2)
    assert.deepEqual(await alarms(), [{ name: 'often', at: begun + 4 * 3_600_000, every: 3_600_000 }])

    for (const [head, refused] of [
      [{ alarm: 'x', every: 9999 }, 'INPUT_INVALID'],
      [{ alarm: 'x' }, 'INPUT_INVALID'],
      [{ alarm: 'x', at: 1, after: 1 }, 'INPUT_INVALID'],
      [{ alarm: 'x', at: -1 }, 'MALFORMED'],
      [{ alarm: 'x'.repeat(65), at: 1 }, 'MALFORMED'],
    ] as const)
      assert.equal(await relay.use('alarms.set', { power: 'wake', ...head }), refused, JSON.stringify(head))
    assert.equal(await relay.use('alarms.set', { power: 'wake', alarm: 'x', after: 5000 }, new Uint8Array(4097)), 'TOO_LARGE')
    for (let i = 1; i < 32; i++) await relay.done('alarms.set', { power: 'wake', alarm: `many ${i}`, after: 86_400_000 })
    assert.equal(await relay.use('alarms.set', { power: 'wake', alarm: 'one more', after: 5000 }), 'LIMIT_REACHED')
    assert.deepEqual((await relay.done('alarms.cancel', { power: 'wake', alarm: 'many 1' })).head, { was: true })
    assert.deepEqual((await relay.done('alarms.cancel', { power: 'wake', alarm: 'many 1' })).head, { was: false })

    await world.call('programs.revoke', { id: relay.id, power: 'wake' })
    assert.equal(await relay.use('alarms.list', { power: 'wake' }), 'NOT_AUTHORIZED')
    time.pass(3_600_000)
    await world.call('programs.grant', { id: relay.id, grant: wake })
    assert.equal((await rang('the alarm that waited for the power', begun + 4 * 3_600_000)).head['missed'], 0)

    const { uses } = await world.call('programs.audit', { id: relay.id })
    const told = uses.map(({ what, about, code: refusal }) => `${what} ${about} ${refusal ?? ''}`.trim())
    for (const line of ['ring often', 'list  NOT_AUTHORIZED', 'set one more LIMIT_REACHED', 'cancel many 1'])
      assert.ok(told.includes(line), `${line}: ${told.join(', ')}`)
  })
}
