import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PowerStatus } from '@holt/control/power.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { SimulatedClock } from '@holt/network/testing/simulated-clock.ts'
import type { PhoneConditions } from '../photos/phone-media.ts'
import { type PowerDemand, PhonePower } from './phone-power.ts'
import { decide } from './power-rules.ts'
import { decodePowerSettings, encodePowerSettings, firstPowerSettings } from './power-settings.ts'
import { RestingClock } from './resting-clock.ts'

const MINUTE = 60_000
const home: PhoneConditions = { charging: false, wifi: true, metered: false }
const away: PhoneConditions = { charging: false, wifi: false, metered: true }

test("the owner's rules: the line counts always, the charger only while nobody looks", () => {
  const now = { ...home, viewed: false, window: true }
  const why = (settings: object, facts: object): Partial<PowerStatus> =>
    decide({ ...firstPowerSettings, ...settings }, { ...now, ...facts })
  assert.deepEqual(why({}, {}), { awake: 'window', connected: true, waitsFor: null })
  assert.deepEqual(why({}, { window: false }), { awake: null, connected: false, waitsFor: null })
  assert.deepEqual(why({}, { ...away, viewed: true }), { awake: 'viewed', connected: false, waitsFor: 'network' })
  assert.deepEqual(why({ network: 'any' }, { ...away, viewed: true }), { awake: 'viewed', connected: true, waitsFor: null })
  assert.deepEqual(why({ network: 'wifi' }, { wifi: false, charging: true }), { awake: 'charging', connected: false, waitsFor: 'network' })
  assert.deepEqual(why({ network: 'wifi' }, { metered: true }), { awake: 'window', connected: true, waitsFor: null })
  assert.deepEqual(why({ charging: true }, {}), { awake: 'window', connected: false, waitsFor: 'charging' })
  assert.deepEqual(why({ charging: true }, { viewed: true }), { awake: 'viewed', connected: true, waitsFor: null })
  assert.deepEqual(why({ always: true }, { window: false }), { awake: 'always', connected: true, waitsFor: null })
  assert.deepEqual(why({ always: true }, { ...away, window: false }), { awake: null, connected: false, waitsFor: 'network' })
})

test('what was decided is kept, and has one form', async () => {
  const disk = new MemoryDisk()
  const options = { disk, clock: new SimulatedClock(), onDemand: () => {}, warn: () => {} }
  const choice = { network: 'wifi', charging: true, always: true } as const
  const power = await PhonePower.open(options)
  await power.set(choice)
  const { network, charging, always } = (await PhonePower.open(options)).status()
  assert.deepEqual({ network, charging, always }, choice)
  assert.deepEqual(decodePowerSettings(encodePowerSettings(choice)), choice)
  for (const name of ['power', 'power.copy']) await disk.replaceFile(name, new Uint8Array(40))
  const warned: string[] = []
  const anew = await PhonePower.open({ ...options, warn: (text) => warned.push(text) })
  assert.equal(anew.status().network, 'unmetered')
  assert.equal(warned.length, 1)
})

test('a clock at rest does what is due at its beat, all at once, and when it is woken', async () => {
  const clock = new SimulatedClock()
  const resting = new RestingClock(clock)
  const done: string[] = []
  const each = (everyMs: number, name: string): void => void resting.after(everyMs, () => (done.push(name), each(everyMs, name)))
  each(10_000, 'ten')
  resting.after(2 * MINUTE, () => done.push('two'))
  await clock.pass(25_000)
  assert.deepEqual(done, ['ten', 'ten'])
  resting.rest()
  const before = clock.steps
  await clock.pass(14 * MINUTE)
  assert.deepEqual(done.splice(0), ['ten', 'ten'])
  await clock.pass(47 * MINUTE)
  assert.deepEqual(done.splice(0), ['ten', 'two', 'ten', 'ten', 'ten'])
  assert.ok(clock.steps - before <= 8, `${clock.steps - before} steps in an hour`)
  const callOff = resting.after(1000, () => done.push('called off'))
  resting.after(0, () => {
    done.push('first')
    callOff()
  })
  await clock.pass(MINUTE)
  assert.deepEqual(done, [])
  resting.wake()
  await clock.pass(5000)
  assert.deepEqual(done.splice(0), ['ten', 'first'])
  await clock.pass(6000)
  assert.deepEqual(done, ['ten'])
})

interface World {
  clock: SimulatedClock
  power: PhonePower
  demands: PowerDemand[]
  connections: boolean[]
}

async function world(conditions: PhoneConditions): Promise<World> {
  const clock = new SimulatedClock()
  const demands: PowerDemand[] = []
  const power = await PhonePower.open({ disk: new MemoryDisk(), clock, onDemand: (demand) => demands.push(demand), warn: assert.fail })
  const connections: boolean[] = []
  power.watch(() => connections.push(power.isConnected))
  power.setConditions(conditions)
  return { clock, power, demands, connections }
}

const REST: PowerDemand = { work: false, multicast: false }

test('it begins with a window, rests, and is among others again when the app says that it is time', async () => {
  const { clock, power, demands, connections } = await world(home)
  assert.deepEqual(demands.at(-1), { work: true, multicast: true })
  await clock.pass(MINUTE)
  assert.deepEqual(demands.at(-1), REST)
  assert.deepEqual(connections, [true, false])
  await clock.pass(60 * MINUTE)
  assert.deepEqual(connections, [true, false], 'nothing happens by itself')
  power.window()
  assert.deepEqual(demands.at(-1), { work: true, multicast: true })
  await clock.pass(MINUTE)
  assert.deepEqual([demands.at(-1), connections], [REST, [true, false, true, false]])
})

test('a window lasts as long as there is something to do or bytes go, and no longer than a phone grants', async () => {
  const { clock, power } = await world(home)
  let isBusy = true
  power.askWhether(() => isBusy)
  await clock.pass(5 * MINUTE)
  assert.equal(power.status().awake, 'window')
  isBusy = false
  await clock.pass(6000)
  assert.equal(power.status().awake, null)
  power.window()
  for (let step = 0; step < 30; step++) {
    power.traffic.bytes += 64 << 10
    await clock.pass(4000)
  }
  assert.equal(power.status().awake, 'window')
  isBusy = true
  await clock.pass(10 * MINUTE)
  assert.equal(power.status().awake, null)
})

test('where the rules let nobody be reached, the app is told at once; a line that is allowed again opens a window', async () => {
  const { clock, power, demands, connections } = await world(away)
  await clock.pass(MINUTE)
  assert.deepEqual([power.status().waitsFor, connections], ['network', []])
  const before = demands.length
  power.window()
  assert.deepEqual(demands.slice(before), [REST])
  power.stir()
  assert.deepEqual([power.status().awake, power.isConnected], ['window', false], 'a picture is taken in, and goes nowhere yet')
  await clock.pass(MINUTE)
  power.setConditions(home)
  assert.equal(power.isConnected, true)
  await clock.pass(MINUTE)
  assert.deepEqual([power.isConnected, demands.at(-1)], [false, REST])
})

test('while the app is open and on the charger it is among others; multicast only for the first minute', async () => {
  for (const what of ['viewed', 'charging'] as const) {
    const { clock, power, demands } = await world(home)
    if (what === 'viewed') power.setViewed(true)
    else power.setConditions({ ...home, charging: true })
    await clock.pass(60 * MINUTE)
    assert.deepEqual([power.status().awake, power.isConnected], [what, true])
    assert.deepEqual(demands.at(-1), REST, 'what is awake anyway is not kept awake')
    power.setViewed(false)
    power.setConditions(home)
    assert.equal(power.isConnected, false)
    power.close()
  }
})
