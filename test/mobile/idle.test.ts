import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { afterwards, temporaryFolder, until } from '../peers/harness.ts'
import { IdleClock } from './idle-clock.ts'
import { PhoneNode } from './phone-node.ts'
import { type Runtime, stockNode } from './runtimes.ts'

const HOUR = 3600
/** Timers of a quarter of an hour come to a dozen; one of a minute would be 60 by itself. */
const MOST_WAKES_AN_HOUR = 30
/** What is done in a window, which is half a minute of an hour's quarter. */
const MOST_WAKES_A_WINDOW = 120
const home = { charging: false, wifi: true, metered: false }
const away = { charging: false, wifi: false, metered: true }

interface Phone {
  node: PhoneNode
  clock: IdleClock
  among(): Promise<{ running: boolean; connected: boolean }>
}

/** The bundle that phones run, with a tree, on a clock that skips. */
async function phoneOn(context: TestContext, runtime: Runtime): Promise<Phone> {
  const folder = await temporaryFolder(context)
  const clock = IdleClock.make(context, folder, runtime)
  const node = new PhoneNode(clock.runtime, join(folder, 'phone'), { peerPort: 0, peerInterfaces: ['lo'] })
  afterwards(context, () => node.kill())
  await node.start()
  await node.call('node.init', {})
  const among = async (): Promise<{ running: boolean; connected: boolean }> => {
    const { running, peers } = await node.call('peers.list', {})
    return { running, connected: peers.some(({ connected }) => connected) }
  }
  await until('the phone among others', async () => (await among()).running)
  return { node, clock, among }
}

test('a phone at rest is woken a dozen times an hour; windows are short and end; a line that costs is left alone', async (context) => {
  const stock = await stockNode()
  const { node, clock, among } = await phoneOn(context, stock)
  const friend = new PhoneNode(stock, join(await temporaryFolder(context), 'friend'), { peerPort: 0, peerInterfaces: ['lo'] })
  afterwards(context, () => friend.kill())
  await friend.start()
  await friend.call('node.init', {})
  const at = await until('the friend among others', async () => {
    const { running, addresses } = await friend.call('peers.list', {})
    return running && addresses.length > 0 && addresses
  })
  const { code } = await friend.call('peers.showCode', { relation: 'friend', name: 'Friend' })
  await node.call('peers.pair', { code, relation: 'friend', name: 'Phone', at })

  node.send({ kind: 'conditions', ...home })
  const resting = async (): Promise<boolean> => (await node.call('power.status', {})).awake === null
  // the window of the start
  await clock.idle(600, 1000)
  assert.ok(await resting())
  assert.equal((await among()).running, false)
  const wakes = await clock.idle(HOUR, MOST_WAKES_AN_HOUR)
  assert.ok(wakes.length <= MOST_WAKES_AN_HOUR, `woken at the seconds ${wakes.join(' ')}`)

  node.send({ kind: 'window' })
  await until('the friend', async () => (await among()).connected)
  assert.deepEqual(node.messages.at(-1), { kind: 'demand', work: true, multicast: true })
  const over = node.next('demand')
  const wakesOfWindow = await clock.idle(600, MOST_WAKES_A_WINDOW)
  assert.ok(wakesOfWindow.length <= MOST_WAKES_A_WINDOW, `woken at the seconds ${wakesOfWindow.join(' ')}`)
  assert.deepEqual(await over, { kind: 'demand', work: false, multicast: false })
  await until('rest', async () => !(await among()).running)

  await node.call('files.mkdir', { path: '/new' })
  await until('that something was written', async () => (await among()).connected)
  node.send({ kind: 'conditions', ...away })
  await until('that the line costs', async () => !(await among()).running)
  const told = node.next('demand')
  node.send({ kind: 'window' })
  await told
  assert.equal((await among()).running, false)
  node.send({ kind: 'viewed', viewed: true })
  assert.equal((await node.call('power.set', { network: 'any' })).connected, true)
  await until('a line that the owner allows', async () => (await among()).connected)
})

test('a timer of ten seconds, wherever it is, is found so', async (context) => {
  const stock = await stockNode()
  const folder = await temporaryFolder(context)
  const added = join(folder, 'added.cjs')
  writeFileSync(added, "require('node:timers').setInterval(() => {}, 10_000)\n")
  const { node, clock } = await phoneOn(context, { ...stock, args: ['--require', added] })
  node.send({ kind: 'conditions', ...home })
  await clock.idle(600, 1000)
  const wakes = await clock.idle(HOUR, MOST_WAKES_AN_HOUR)
  assert.ok(wakes.length > MOST_WAKES_AN_HOUR)
  assert.ok((wakes.at(-1) as number) < HOUR / 4)
})
