import assert from 'node:assert/strict'
import test from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { pack, unpack } from '@holt/sandbox/parcel.ts'
import type { PageLine, PageLineEvents } from '../../platform.ts'
import { MAX_WAITING_BYTES, MAX_WAITING_OF_ALL_BYTES, MOST_STREAMS, ProgramStreams } from './program-streams.ts'

/** A line that keeps what it is sent until the test takes it. */
class FakeLine implements PageLine {
  waitingBytes = 0
  readonly sent: string[] = []
  end: { code: number; reason: string } | null = null
  paused = false
  events!: PageLineEvents

  send(bytes: Uint8Array): void {
    this.sent.push(bytes.length > 40 ? `${bytes.length} bytes` : new TextDecoder().decode(bytes))
    this.waitingBytes += bytes.length
  }

  close(code: number, reason: string): void {
    this.end = { code, reason }
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  drain(): void {
    this.waitingBytes = 0
    this.events.drained()
  }
}

const sleep = () => new Promise((resolve) => setImmediate(resolve))
const bytesOf = (text: string) => new TextEncoder().encode(text)
const message = (text: string) => ({ what: 'send' as const, bytes: bytesOf(text), text: true })
const large = { what: 'send' as const, bytes: new Uint8Array(250 << 10), text: false }

class World {
  told: string[] = []
  gate: Promise<void> | null = null
  fails = false
  readonly warned: string[] = []
  #ids = 0
  readonly streams = new ProgramStreams({
    most: MOST_STREAMS,
    newId: () => `s${this.#ids++}`,
    warn: (line) => void this.warned.push(line),
    deliver: async (name, body) => {
      const { head, body: bytes } = unpack(body)
      this.told.push(
        [name, head['stream'], head['code'], new TextDecoder().decode(bytes)].filter((part) => part !== undefined && part !== '').join(' '),
      )
      await this.gate
      if (this.fails) throw new HoltError('PROGRAM_FAILED', 'thrown')
      return new Uint8Array(0)
    },
  })

  /** One turn: what is done in it, and how it ends. */
  turn(work: () => void, ends: 'kept' | 'not kept' | 'failed' = 'kept', answer = pack({})): void {
    this.streams.begin()
    work()
    if (ends === 'failed') return this.streams.drop()
    const { done, undone } = this.streams.take(answer)
    if (ends === 'kept') done()
    else undone()
  }

  open(tag = 'a', work: (id: string) => void = () => {}): FakeLine {
    const stream = this.streams.offer(true)
    const answer = pack({ status: 101, headers: [], open: { tag } })
    this.turn(
      () => {
        this.streams.answering(stream)
        work(stream.id)
      },
      'kept',
      answer,
    )
    const line = new FakeLine()
    line.events = this.streams.open(stream)(line)
    return line
  }
}

test('what a delivery sends goes when it is kept, in order, and not at all when it fails or is not kept', () => {
  const world = new World()
  const line = world.open('a', (id) => world.streams.ask({ stream: id }, message('with the answer')))
  world.turn(() => world.streams.ask({ stream: 's0' }, message('failed')), 'failed')
  world.turn(() => world.streams.ask({ stream: 's0' }, message('not kept')), 'not kept')
  world.streams.begin()
  world.streams.ask({ tag: 'a' }, message('first'))
  const first = world.streams.take(pack({}))
  world.turn(() => world.streams.ask({ tag: 'a' }, message('second')), 'not kept')
  assert.deepEqual(line.sent, ['with the answer'])
  first.done()
  world.turn(() => world.streams.ask({ stream: 's0' }, { what: 'close', code: 1000, reason: 'done' }), 'failed')
  assert.deepEqual([line.sent, line.end], [['with the answer', 'first'], null])
  world.turn(() => {
    world.streams.ask({ stream: 's0' }, message('last'))
    world.streams.ask({ stream: 's0' }, { what: 'close', code: 1000, reason: 'done' })
    assert.throws(() => world.streams.ask({ stream: 's0' }, message('after the last')), { code: 'NOT_FOUND' })
  })
  assert.deepEqual([line.sent.at(-1), line.end], ['last', { code: 1000, reason: 'done' }])
  assert.throws(() => world.streams.ask({ stream: 's0' }, message('between')), { code: 'NOT_AUTHORIZED' })
})

test('a delivery that comes after one that opens a stream finds it, also before that is kept', () => {
  const { streams } = new World()
  const stream = streams.offer(false)
  streams.begin()
  streams.answering(stream)
  const opening = streams.take(pack({ status: 200, headers: [], open: { tag: 'a' } }))
  streams.begin()
  assert.equal(streams.ask({ tag: 'a' }, message('early')).sent, 1)
  const sending = streams.take(pack({}))
  opening.done()
  sending.done()
  const line = new FakeLine()
  streams.open(stream)(line)
  assert.deepEqual(line.sent, ['early'])
})

test('what waits is bounded for each stream and for all, is refused with a code, and the program is told when there is room', async () => {
  const world = new World()
  const slow = world.open('slow')
  world.turn(() => {
    for (let bytes = 0; bytes + large.bytes.length < MAX_WAITING_BYTES; bytes += large.bytes.length)
      world.streams.ask({ tag: 'slow' }, large)
    assert.throws(() => world.streams.ask({ stream: 's0' }, large), { code: 'LIMIT_REACHED' })
    assert.deepEqual(world.streams.ask({ tag: 'slow' }, large), { sent: 0, full: ['s0'] })
  })
  await sleep()
  assert.equal(world.told.length, 0)
  slow.drain()
  await sleep()
  assert.deepEqual(world.told, ['stream.drained s0'])

  const lines = Array.from({ length: 20 }, () => world.open('many'))
  let sent = 0
  for (let i = 0; i < 4; i++) world.turn(() => void (sent += world.streams.ask({ tag: 'many' }, large).sent))
  assert.equal(sent, Math.floor(MAX_WAITING_OF_ALL_BYTES / (large.bytes.length + 64)))
  for (const line of lines) line.drain()
  await sleep()
  assert.ok(world.told.includes('stream.drained s20'), 'who was refused for the sake of all is told, too')
  // what a delivery that failed was refused is no reason to tell anything, or it would fail for ever
  world.told = []
  const fails = () =>
    world.turn(() => {
      for (let i = 0; i < 4; i++) world.streams.ask({ stream: 's0' }, large)
      assert.throws(() => world.streams.ask({ stream: 's0' }, large), { code: 'LIMIT_REACHED' })
    }, 'failed')
  fails()
  fails()
  await sleep()
  assert.deepEqual(world.told, [])
})

test('empty messages take room as well', () => {
  const world = new World()
  world.open('slow')
  let count = 0
  const sends = () => {
    for (let i = 0; i < 50_000; i++) count += world.streams.ask({ tag: 'slow' }, message('')).sent
  }
  world.turn(sends, 'not kept')
  assert.equal(count, MAX_WAITING_BYTES / 64)
  // what was not kept waits no more
  world.turn(sends)
  assert.equal(count, (2 * MAX_WAITING_BYTES) / 64)
})

test('messages of a stream are delivered one after the other; a program that fails at one, and who sends too many at once, are cut off', async () => {
  const world = new World()
  const line = world.open()
  let go = (): void => {}
  world.gate = new Promise<void>((resolve) => (go = resolve))
  for (const text of ['1', '2', '3']) line.events.message(bytesOf(text), true)
  await sleep()
  assert.deepEqual([world.told, line.paused], [['stream.message s0 1'], true], 'and it is not read from meanwhile')
  go()
  await sleep()
  assert.deepEqual([world.told.slice(1), line.paused], [['stream.message s0 2', 'stream.message s0 3'], false])
  // what came before the end is delivered before it
  line.events.message(bytesOf('4'), true)
  line.events.closed(1001, 'gone')
  await sleep()
  assert.deepEqual(world.told.slice(3), ['stream.message s0 4', 'stream.closed s0 1001'])
  assert.equal(world.streams.openCount, 0)

  const failing = world.open()
  world.fails = true
  for (const text of ['5', '6']) failing.events.message(bytesOf(text), true)
  await sleep()
  assert.deepEqual([failing.end?.code, world.told.at(-1), world.warned.length], [1011, 'stream.message s1 5', 1])
  world.fails = false
  const flooding = world.open()
  for (let i = 0; i < 2000; i++) flooding.events.message(new Uint8Array(0), true)
  assert.equal(flooding.end?.code, 1008)
})

test('only so many streams are open, counted until the program knows that one is gone', async () => {
  const world = new World()
  const lines = Array.from({ length: MOST_STREAMS }, () => world.open())
  assert.throws(() => world.streams.offer(true), { code: 'LIMIT_REACHED' })
  const stream = world.streams.offer(false)
  world.turn(() => world.streams.answering(stream), 'kept', pack({ open: {} }))
  assert.throws(() => world.streams.open(stream), { code: 'LIMIT_REACHED' })
  await sleep()
  assert.deepEqual(world.told, [`stream.closed ${stream.id} 1013`])
  let go = (): void => {}
  world.gate = new Promise<void>((resolve) => (go = resolve))
  lines[0]?.events.closed(1001, '')
  await sleep()
  assert.throws(() => world.streams.offer(true), { code: 'LIMIT_REACHED' })
  go()
  await sleep()
  world.open()
  // of a program that is stopped nothing is told
  world.streams.stop()
  world.told = []
  for (const line of lines.slice(1)) line.events.closed(1001, '')
  await sleep()
  assert.deepEqual(world.told, [])
})

test('a request that is answered whole leaves nothing', () => {
  const { streams } = new World()
  const stream = streams.offer(false)
  streams.begin()
  streams.answering(stream)
  streams.ask({ stream: stream.id }, message('to nobody'))
  streams.take(pack({ status: 200, headers: [] })).done()
  streams.withdraw(stream)
  assert.deepEqual([streams.openCount, streams.list(null)], [0, []])
  streams.begin()
  assert.throws(() => streams.ask({ stream: stream.id }, message('x')), { code: 'NOT_FOUND' })
})
