import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Caller } from './rpc/caller.ts'
import { eachSeed, echoProtocol, SimulatedWorld } from './testing/simulated-world.ts'

const FILE = 'services/network/src/simulation.test.ts'
const SEEDS = Number(process.env['HOLT_SEEDS'] ?? 2000)
/** What may befall a request between nodes that keep the rules. */
const mayBefall = new Set(['PEER_UNREACHABLE', 'TIMED_OUT', 'CANCELLED'])

/** Three nodes ask each other while links are cut, joined and reset, and requests are cancelled. */
async function askEachOther(seed: number): Promise<string[]> {
  const world = new SimulatedWorld(seed, { latencyMs: [0, 1 + Math.floor((seed % 7) * 40)], windowBytes: seed % 3 === 0 ? 2000 : 65_536 })
  const nodes = [world.echoNode(), world.echoNode(), world.echoNode()]
  const callers = nodes.flatMap((from) =>
    nodes.filter((to) => to !== from).map((to) => new Caller(from.links, to.links.self, echoProtocol, { clock: world.clock })),
  )
  const asked = Array.from({ length: 30 }, async (_, number) => {
    await world.clock.sleep(world.below(3000))
    const caller = callers[world.below(callers.length)] as (typeof callers)[number]
    const abort = new AbortController()
    if (world.random() < 0.2) world.clock.after(world.below(500), () => abort.abort())
    const request = { number, waitMs: world.below(400), pad: new Uint8Array(world.below(4000)).fill(number) }
    const outcome = await world.outcome(caller.call('echo', request, { signal: abort.signal, withinMs: 200 + world.below(5000) }))
    world.note(`${number} ${typeof outcome === 'string' ? outcome : 'answered'}`)
    if (typeof outcome === 'string') assert.ok(mayBefall.has(outcome), `${number}: ${outcome}`)
    else assert.deepEqual(outcome, { number, pad: request.pad })
  })
  const faults = Array.from({ length: world.below(6) }, async () => {
    await world.clock.sleep(world.below(3000))
    const [a, b] = [nodes[world.below(3)], nodes[world.below(3)]].map((node) => (node as (typeof nodes)[number]).links.self) as [
      Uint8Array,
      Uint8Array,
    ]
    if (world.random() < 0.4) return world.network.reset(a, b)
    world.network.cut(a, b)
    await world.clock.sleep(world.below(2000))
    world.network.join(a, b)
  })
  await world.clock.until(Promise.all([...asked, ...faults]))
  for (const { handled } of nodes) assert.equal(new Set(handled).size, handled.length, 'a request was done twice')
  for (const caller of callers) caller.close()
  await world.clock.pass(60_000)
  for (const { guests } of nodes) assert.equal(guests.usedBytes, 0, 'memory is still held')
  assert.equal(world.network.heldBytes, 0, 'a stream is still open')
  return world.history
}

test(`requests over links that are cut, slow and reset, with ${SEEDS} seeds`, () =>
  eachSeed(FILE, SEEDS, async (seed) => void (await askEachOther(seed))))

test('the same seed gives the same history, another seed another', async () => {
  const [one, again, other] = [await askEachOther(7), await askEachOther(7), await askEachOther(8)]
  assert.deepEqual(one, again)
  assert.notDeepEqual(one, other)
  assert.ok(one.length === 30)
})

test('a seed that fails is named, with the command that runs it again', async () => {
  const failing = eachSeed('FILE', 3, async (seed) => assert.notEqual(seed, 2), '')
  await assert.rejects(failing, /seed 2: .*HOLT_SEED=2 node --import tsx --test FILE/s)
})
