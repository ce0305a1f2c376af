import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { hostileInputs } from '@holt/core/decoder-cases.ts'
import type { Link } from '../links.ts'
import { echoProtocol, SimulatedWorld } from '../testing/simulated-world.ts'
import { Caller } from './caller.ts'
import { encodeFrame, type Frame, type FrameOut } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { Guests } from './guests.ts'
import { MemoryBudget } from './memory-budget.ts'
import { RateLimit } from './rate-limit.ts'
import { serve } from './responder.ts'
import { defaultTiming } from './timing.ts'

const pad = new Uint8Array(100)

function pair(seed = 1) {
  const world = new SimulatedWorld(seed)
  const server = world.echoNode()
  const me = world.network.node(world.principal())
  const caller = new Caller(me, server.links.self, echoProtocol, { clock: world.clock })
  return { world, server, me, caller }
}

/** A stream to the server on which anything can be said. */
async function raw({ world, me, server }: ReturnType<typeof pair>): Promise<{ link: Link; next: () => Promise<Frame | null | string> }> {
  const link = await world.clock.until(me.open(server.links.self, echoProtocol.id))
  const reader = new FrameReader(link, { clock: world.clock, maxFrameBytes: 16_384, timing: { ...defaultTiming, frameMs: 10 ** 9 } })
  return { link, next: () => world.clock.until(world.outcome(reader.next(10 ** 9))) }
}
const request = (id: number, body: unknown = { number: id, waitMs: 0, pad }, within = 30_000): FrameOut => ({
  kind: 'request',
  id,
  method: 'echo',
  within,
  body,
})
const bytesOf = (frame: FrameOut) => encodeFrame(frame, 16_384)

test('many requests share one stream, each gets its own answer', async () => {
  const { world, server, caller } = pair()
  const asked = Array.from({ length: 50 }, (_, number) => caller.call('echo', { number, waitMs: (number * 37) % 100, pad }))
  assert.deepEqual(
    (await world.clock.until(Promise.all(asked))).map(({ number }) => number),
    asked.map((_, number) => number),
  )
  assert.equal(server.guests.usedBytes, 0)
})

test('an error comes with its code, one of the inside without its words; the stream goes on', async () => {
  const { world, caller } = pair()
  const error = await world.clock.until(caller.call('fail', { number: 1 }).catch((reason: unknown) => reason as Error & { code: string }))
  assert.ok(error instanceof Error)
  assert.equal(error.code, 'PEER_FAILED')
  assert.doesNotMatch(error.message, /secret/)
  assert.equal((await world.clock.until(caller.call('echo', { number: 2, waitMs: 0, pad }))).number, 2)
})

test('a deadline ends the call here and the work there', async () => {
  const { world, server, caller } = pair()
  const late = world.outcome(caller.call('echo', { number: 1, waitMs: 100_000, pad }, { withinMs: 1000 }))
  assert.equal(await world.clock.until(late, 1100), 'TIMED_OUT')
  await world.clock.pass(200)
  assert.equal(server.guests.usedBytes, 0, 'the work there has ended')
  assert.equal((await world.clock.until(caller.call('echo', { number: 2, waitMs: 0, pad }))).number, 2)
})

test('a cancelled call ends at once, and its work soon', async () => {
  const { world, server, caller } = pair()
  const abort = new AbortController()
  const cancelled = world.outcome(caller.call('echo', { number: 1, waitMs: 20_000, pad }, { signal: abort.signal }))
  await world.clock.pass(100)
  assert.ok(server.guests.usedBytes > 0)
  abort.abort()
  assert.equal(await world.clock.until(cancelled, 0), 'CANCELLED')
  await world.clock.pass(100)
  assert.equal(server.guests.usedBytes, 0)
})

test('a broken stream fails what is open, and the next call opens another', async () => {
  const { world, server, me, caller } = pair()
  const open = world.outcome(caller.call('echo', { number: 1, waitMs: 10_000, pad }))
  await world.clock.pass(100)
  world.network.reset(me.self, server.links.self)
  assert.equal(await world.clock.until(open, 100), 'PEER_UNREACHABLE')
  assert.equal((await world.clock.until(caller.call('echo', { number: 2, waitMs: 0, pad }))).number, 2)
})

test('an idle stream is given up by the caller and opened again', async () => {
  const { world, caller } = pair()
  for (const number of [1, 2]) {
    assert.equal((await world.clock.until(caller.call('echo', { number, waitMs: 0, pad }))).number, number)
    await world.clock.pass(30 * 60_000)
  }
  assert.equal(world.network.heldBytes, 0)
})

test('a peer without the protocol, away, or stopping says so', async () => {
  const { world, server, me, caller } = pair()
  const other = world.network.node(world.principal())
  const ask = (peer: Uint8Array) =>
    world.clock.until(world.outcome(new Caller(me, peer, echoProtocol, { clock: world.clock }).call('fail', { number: 1 })))
  assert.equal(await ask(other.self), 'UNSUPPORTED_VERSION')
  assert.equal(await ask(world.principal()), 'PEER_UNREACHABLE')
  const open = world.outcome(caller.call('echo', { number: 1, waitMs: 10_000, pad }))
  await world.clock.pass(100)
  server.stop()
  assert.equal(await world.clock.until(open, 1000), 'NODE_STOPPING')
})

test('whoever breaks the rules is told the code and loses the stream; others do not notice', async () => {
  const long = new Uint8Array(4)
  new DataView(long.buffer).setUint32(0, 16_385)
  const attacks: [string, string, Uint8Array[]][] = [
    ['a frame that is too long', 'TOO_LARGE', [long]],
    ['an empty frame', 'MALFORMED', [new Uint8Array(4)]],
    ['another version', 'UNSUPPORTED_VERSION', [Uint8Array.of(0, 0, 0, 4, ...encode({ v: 2 }))]],
    ['no CBOR', 'MALFORMED', [Uint8Array.of(0, 0, 0, 1, 0xff)]],
    ['a request sent again', 'MALFORMED', [bytesOf(request(1)), bytesOf(request(1))]],
    ['an older request', 'MALFORMED', [bytesOf(request(5)), bytesOf(request(4))]],
    ['an answer', 'MALFORMED', [bytesOf({ kind: 'answer', id: 1, body: null })]],
    ['cancelling what never came', 'MALFORMED', [bytesOf({ kind: 'cancel', id: 3 })]],
    ['an unknown request', 'UNKNOWN_METHOD', [bytesOf({ kind: 'request', id: 1, method: 'toString', within: 1, body: null })]],
    ['a body that does not fit', 'MALFORMED', [bytesOf(request(1, { number: 1 }))]],
    ['too many at once', 'TOO_LARGE', Array.from({ length: 9 }, (_, i) => bytesOf(request(i + 1, { number: 1, waitMs: 1000, pad })))],
    ['half a frame and silence', 'TIMED_OUT', [bytesOf(request(1)).subarray(0, 20)]],
    ['two bytes of a length', 'TIMED_OUT', [new Uint8Array(2)]],
    ['silence', 'TIMED_OUT', []],
  ]
  for (const [what, code, pieces] of attacks) {
    const setup = pair()
    const honest = setup.world.echoNode().links
    const bystander = new Caller(honest, setup.server.links.self, echoProtocol, { clock: setup.world.clock })
    const open = bystander.call('echo', { number: 77, waitMs: 20_000, pad })
    const { link, next } = await raw(setup)
    for (const piece of pieces) await link.write(piece)
    let last = await next()
    while (typeof last === 'object' && last !== null && last.kind !== 'end') last = await next()
    const told = typeof last === 'object' && last?.kind === 'end' ? last.code : last
    assert.equal(told, code, what)
    assert.equal((await setup.world.clock.until(open)).number, 77, what)
    assert.equal(setup.server.guests.usedBytes, 0, what)
  }
})

test('hostile bytes of every kind end their stream and nothing else', async () => {
  const samples = [request(1), { kind: 'cancel', id: 1 } as const].map((frame) => bytesOf(frame))
  const setup = pair()
  let tried = 0
  for (const { what, bytes } of hostileInputs(samples, { runs: 100 })) {
    if (++tried % 7 !== 0) continue
    const link = await setup.world.clock.until(setup.me.open(setup.server.links.self, echoProtocol.id))
    await setup.world.clock.until(setup.world.outcome(link.write(bytes.subarray(0, 40_000)).then(() => link.close())))
    await setup.world.clock.pass(100)
    link.abort(new Error('done'))
    await setup.world.clock.pass(100)
    assert.equal(setup.server.guests.usedBytes, 0, what)
  }
  assert.ok(tried > 1000)
  assert.equal((await setup.world.clock.until(setup.caller.call('echo', { number: 5, waitMs: 0, pad }))).number, 5)
})

test('a caller does not believe a peer that answers wrongly', async () => {
  const answers: [string, string, FrameOut[]][] = [
    ['an answer that was not asked for', 'MALFORMED', [{ kind: 'answer', id: 9, body: null }]],
    [
      'two answers',
      'MALFORMED',
      [
        { kind: 'answer', id: 1, body: { number: 1, pad } },
        { kind: 'answer', id: 1, body: { number: 1, pad } },
      ],
    ],
    ['another shape', 'MALFORMED', [{ kind: 'answer', id: 1, body: { number: 'one' } }]],
    ['a request', 'MALFORMED', [request(1)]],
    ['an end', 'TOO_MANY_TRIES', [{ kind: 'end', code: 'TOO_MANY_TRIES', message: '', data: {} }]],
    ['a code of its inside', 'PEER_FAILED', [{ kind: 'error', id: 1, code: 'STORE_FAILED', message: '', data: {} }]],
  ]
  for (const [what, code, frames] of answers) {
    const world = new SimulatedWorld(3)
    const liar = world.network.node(world.principal())
    liar.handle(echoProtocol.id, (link) => {
      void link.read().then(async () => {
        for (const frame of frames) await link.write(bytesOf(frame))
      })
    })
    const caller = new Caller(world.network.node(world.principal()), liar.self, echoProtocol, { clock: world.clock })
    const [first, second] = [1, 2].map((number) => world.outcome(caller.call('echo', { number, waitMs: 0, pad })))
    if (what !== 'two answers') assert.equal(await world.clock.until(first as Promise<unknown>), code, what)
    if (frames.length === 1 && code === 'PEER_FAILED') continue
    assert.equal(await world.clock.until(second as Promise<unknown>), code, what)
  }
})

test('a peer that never answers costs the caller its time, and then the stream', async () => {
  const world = new SimulatedWorld(4)
  const silent = world.network.node(world.principal())
  let opened = 0
  silent.handle(echoProtocol.id, () => void opened++)
  const caller = new Caller(world.network.node(world.principal()), silent.self, echoProtocol, { clock: world.clock })
  const ask = () =>
    Promise.all(
      Array.from({ length: 12 }, (_, number) => world.outcome(caller.call('echo', { number, waitMs: 0, pad }, { withinMs: 1000 }))),
    )
  assert.deepEqual(
    await world.clock.until(ask()),
    Array.from({ length: 12 }, () => 'TIMED_OUT'),
  )
  await world.clock.pass(40_000)
  await world.clock.until(ask())
  assert.equal(opened, 2)
})

test('what a peer may hold is bounded over all its streams, and who reads no answers gets no more in', async () => {
  const world = new SimulatedWorld(5)
  const links = world.network.node(world.principal())
  const limits = { memoryBytes: 100_000, framesPerSecond: 1e6, burst: 1e6, streams: 3, allMemoryBytes: 150_000 }
  const guests = new Guests(world.clock, { kindOf: () => 'paired', limits: { paired: limits, stranger: limits } })
  let [working, most] = [0, 0]
  const echo = async (_peer: Uint8Array, { number }: { number: number }, { signal }: { signal: AbortSignal }) => {
    most = Math.max(most, ++working)
    await world.sleep(100, signal).finally(() => working--)
    return { number, pad: new Uint8Array(8192) }
  }
  serve(links, echoProtocol, { echo, fail: () => new Uint8Array(0) }, { clock: world.clock, guests })
  const greedy = world.network.node(world.principal())
  const streams = await world.clock.until(Promise.all([1, 2, 3, 4].map(() => greedy.open(links.self, echoProtocol.id))))
  const flood = async (link: Link): Promise<void> => {
    for (let id = 1; id <= 200; id++) await link.write(bytesOf(request(id, { number: id, waitMs: 0, pad: new Uint8Array(8000) })))
  }
  const floods = Promise.all(streams.map((link) => world.outcome(flood(link))))
  const honest = new Caller(world.network.node(world.principal()), links.self, echoProtocol, { clock: world.clock })
  for (let number = 0; number < 20; number++) {
    assert.ok(guests.usedBytes <= 150_000)
    assert.equal((await world.clock.until(honest.call('echo', { number, waitMs: 0, pad }))).number, number)
  }
  assert.ok(most <= 7, `${most} were worked on at once`)
  assert.deepEqual(
    await world.clock.until(floods),
    Array.from({ length: 4 }, () => 'PEER_UNREACHABLE'),
  )
  await world.clock.pass(120_000)
  assert.equal(guests.usedBytes, 0)
})

test('memory is given in the order in which it was asked for, and not to who has gone', async () => {
  const budget = new MemoryBudget(10)
  await budget.take(8)
  const order: string[] = []
  const gone = new AbortController()
  const waits = [
    budget.take(5, gone.signal).then(
      () => order.push('gone'),
      () => order.push('left'),
    ),
    budget.take(9).then(() => order.push('nine')),
    budget.take(1).then(() => order.push('one')),
  ]
  gone.abort()
  await waits[0]
  budget.release(8)
  await Promise.all(waits)
  assert.deepEqual(order, ['left', 'nine', 'one'])
  assert.equal(budget.usedBytes, 10)
  await assert.rejects(budget.take(11), { code: 'TOO_LARGE' })
})

test('a rate lets a burst through and then so many a second', async () => {
  const { clock } = new SimulatedWorld(1)
  const rate = new RateLimit(clock, { perSecond: 10, burst: 5 })
  const began = clock.nowMs()
  await clock.until(Promise.all(Array.from({ length: 5 }, () => rate.take())), 0)
  await clock.until(Promise.all(Array.from({ length: 20 }, () => rate.take())))
  assert.equal(clock.nowMs() - began, 2000)
})
