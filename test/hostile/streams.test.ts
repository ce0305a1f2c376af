import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { type LineTimes, lineTimes } from '@holt/platform-nodejs/programs/page-line.ts'
import { listenPage } from '@holt/platform-nodejs/programs/listen-page.ts'
import { until } from '../peers/harness.ts'
import { cagedWorld, Relay } from '../peers/relays.ts'
import { Reading, Talking } from '../peers/stream-clients.ts'
import { frame, RawWebSocket } from './raw-web-socket.ts'

const power = 'site'
const bytesOf = (text: string) => new TextEncoder().encode(text)
const chat = { status: 101, headers: [], open: { tag: 'all' } }
const events = { status: 200, headers: [['content-type', 'text/event-stream']], open: { tag: 'all' } }

async function started(t: TestContext, times: Partial<LineTimes> = {}) {
  const listen: typeof listenPage = (options) => listenPage({ ...options, times: { ...lineTimes, ...times } })
  const world = await cagedWorld(t, { platform: { listenPage: listen } })
  const relay = await Relay.install(world, 'wasm', { powers: [], grants: [] })
  const closed = (code: number) =>
    until(`a stream closed with ${code}`, async () => (await relay.delivered('stream.closed'))?.head['code'] === code)
  const open = async () => ((await relay.done('streams.list', { power })).head['streams'] as unknown[]).length
  return { world, relay, closed, open }
}

test('frames that are none, too large, or too many end the WebSocket with a code, and nothing of them reaches the program', async (t) => {
  const { world, relay } = await started(t)
  await relay.answerWith(chat)
  const long = new Uint8Array(200 << 10)
  const cases: [string, Buffer[], number][] = [
    ['not masked', [frame(bytesOf('x'), { opcode: 'text', masked: false })], 1002],
    ['an opcode that is none', [frame(bytesOf('x'), { opcode: 'reserved' })], 1002],
    ['bits of no extension', [frame(bytesOf('x'), { opcode: 'text', reserved: 0x40 })], 1002],
    ['the middle of no message', [frame(bytesOf('x'), { opcode: 'continuation' })], 1002],
    ['a message within a message', [frame(bytesOf('x'), { opcode: 'text', final: false }), frame(bytesOf('y'), { opcode: 'text' })], 1002],
    ['a ping in pieces', [frame(bytesOf('x'), { opcode: 'ping', final: false })], 1002],
    ['a long ping', [frame(new Uint8Array(126), { opcode: 'ping' })], 1002],
    ['text that is none', [frame(Uint8Array.of(0xff, 0xfe), { opcode: 'text' })], 1007],
    ['a close with a code that nobody may send', [frame(Uint8Array.of(0x03, 0xee), { opcode: 'close' })], 1002],
    ['a message of 256 KiB and one', [frame(new Uint8Array((256 << 10) + 1), { opcode: 'binary' })], 1009],
    ['a head that promises a tebibyte', [frame(bytesOf('x'), { opcode: 'binary', length: 2 ** 40 })], 1009],
    [
      'pieces that are too large together',
      [frame(long, { opcode: 'binary', final: false }), frame(long, { opcode: 'continuation' })],
      1009,
    ],
    ['a hundred thousand messages at once', Array.from({ length: 100_000 }, () => frame(new Uint8Array(0), { opcode: 'binary' })), 1008],
  ]
  for (const [what, frames, code] of cases) {
    const { raw, status } = await RawWebSocket.open(t, relay.port)
    assert.equal(status, 101)
    raw.send(...frames)
    assert.equal(await raw.ends(), code, what)
  }
  // of the last the first ones came before there were too many
  assert.deepEqual((await relay.delivered('stream.message'))?.body ?? new Uint8Array(0), new Uint8Array(0))
  // the program knows of the end of all
  await until('the end of all', async () => (await world.call('programs.list', {})).programs[0]?.totals?.streams === 0)
  const closedBefore = (await relay.delivered('stream.closed'))?.head['stream']
  // pings beyond measure, whose answers nobody reads
  const { raw } = await RawWebSocket.open(t, relay.port)
  raw.socket.pause()
  raw.send(...Array.from({ length: 1000 }, () => frame(new Uint8Array(125), { opcode: 'ping' })))
  const end = await until('the end of who only pings', async () => {
    const delivered = await relay.delivered('stream.closed')
    return delivered !== null && delivered.head['stream'] !== closedBefore ? delivered.head : null
  })
  assert.deepEqual([end['code'], end['reason']], [1008, 'too much at once'])
  // in pieces as they may be it is a message
  const good = await RawWebSocket.open(t, relay.port)
  good.raw.send(
    frame(bytesOf('he'), { opcode: 'text', final: false }),
    frame(bytesOf('ping'), { opcode: 'ping' }),
    frame(bytesOf('llo'), { opcode: 'continuation' }),
  )
  await until('the message', async () => new TextDecoder().decode((await relay.delivered('stream.message'))?.body) === 'hello')
})

test('pages of another origin and what is no handshake open nothing, and the program is not even asked', async (t) => {
  const { world, relay } = await started(t)
  await relay.answerWith(chat)
  const deliveries = async () => (await world.call('programs.list', {})).programs.find(({ id }) => id === relay.id)?.totals?.deliveries
  const before = await deliveries()
  const own = `http://127.0.0.1:${relay.port}`
  for (const [headers, refused] of [
    [{ Origin: 'http://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ Origin: `http://127.0.0.1:${relay.port + 1}` }, 403],
    [{ Origin: `http://localhost:${relay.port}` }, 403],
    [{ Origin: `https://127.0.0.1:${relay.port}` }, 403],
    [{ Origin: `${own}.evil.example` }, 403],
    [{ Host: 'evil.example', Origin: 'http://evil.example' }, 421],
    [{ 'Sec-WebSocket-Version': '8' }, 400],
    [{ 'Sec-WebSocket-Key': 'short' }, 400],
    [{ Upgrade: 'h2c' }, 400],
  ] as [Record<string, string>, number][])
    assert.equal((await RawWebSocket.open(t, relay.port, headers)).status, refused, JSON.stringify(headers))
  assert.equal(await deliveries(), before)
  assert.equal((await RawWebSocket.open(t, relay.port, { Origin: own })).status, 101)
})

test('who does not read is cut off, and the program is refused more meanwhile', async (t) => {
  const { relay } = await started(t, { lookMs: 100, slowMs: 1000 })
  const lines = new TextEncoder().encode(`${':'.repeat(250 << 10)}\n`)
  for (const answer of [events, chat]) {
    await relay.answerWith(answer)
    const deaf = answer === chat ? (await RawWebSocket.open(t, relay.port)).raw.socket : connect({ host: '127.0.0.1', port: relay.port })
    t.after(() => deaf.destroy())
    if (answer === events) deaf.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${relay.port}\r\n\r\n`)
    deaf.pause()
    const [stream] = await until('its stream', async () => {
      const streams = (await relay.done('streams.list', { power })).head['streams'] as { stream: string; tag: string }[]
      return streams.length > 0 ? streams : null
    })
    // what the kernel takes for it is much, and still bounded
    const refusal = await until('a refusal', async () => {
      const sent = await relay.use('streams.send', { power, stream: stream?.stream }, lines)
      return typeof sent === 'string' ? sent : null
    })
    assert.ok(['LIMIT_REACHED', 'NOT_FOUND'].includes(refusal), refusal)
    const end = await until('its end', async () => {
      const delivered = await relay.delivered('stream.closed')
      return delivered?.head['stream'] === stream?.stream ? (delivered?.head ?? null) : null
    })
    // who reads nothing answers no ping of a WebSocket, either
    assert.ok(end['code'] === 1008 || (answer === chat && end['code'] === 1006), JSON.stringify(end))
    deaf.destroy()
  }
})

test('a stream of events is kept alive between its lines, a WebSocket by pings; who does not answer, and a body on which nothing comes, are ended', async (t) => {
  const { relay, closed } = await started(t, { lookMs: 200, idleMs: 500 })
  await relay.answerWith(events)
  const [one, other] = [await Reading.open(t, relay.port), await Reading.open(t, relay.port)]
  await one.has(':\n:\n')
  const streams = (await relay.done('streams.list', { power })).head['streams'] as { stream: string }[]
  await relay.done('streams.send', { power, stream: streams[0]?.stream }, bytesOf('data: ha'))
  const looks = other.text.length
  await until('some looks', async () => other.text.length >= looks + 6)
  await relay.done('streams.send', { power, stream: streams[0]?.stream }, bytesOf('lf\n\n'))
  await one.has('data: half\n\n')

  await relay.answerWith(chat)
  const dead = await Talking.open(t, relay.port, { autoPong: false })
  assert.equal((await dead.ends()).code, 1006)
  await closed(1006)
  await relay.answerWith({ status: 200, headers: [], open: {} }, bytesOf('begin'))
  const idle = await Reading.open(t, relay.port)
  await idle.has('begin')
  await idle.ends()
  await closed(1000)
})

test('ten thousand opens leave as many open as there may be, the page answers, and the node goes on', async (t) => {
  const { world, relay, open } = await started(t)
  await relay.answerWith(chat)
  const held: Talking[] = []
  for (let i = 0; i < 100; i += 10) held.push(...(await Promise.all(Array.from({ length: 10 }, () => Talking.open(t, relay.port)))))
  assert.ok(held.every(({ isOpen }) => isOpen))
  assert.equal(await open(), 100)
  let refused = 0
  const tryOpens = async (count: number) => {
    const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${relay.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
    for (let i = 0; i < count; i++) {
      const socket = connect({ host: '127.0.0.1', port: relay.port }).on('error', () => {})
      socket.write(request)
      socket.once('data', (bytes: Buffer) => {
        if (bytes.toString('latin1').startsWith('HTTP/1.1 503 ')) refused++
      })
      await once(socket, 'close')
    }
  }
  await Promise.all(Array.from({ length: 20 }, () => tryOpens(500)))
  assert.equal(refused, 10_000)
  assert.equal(await open(), 100)
  // there is room again when some have gone
  for (const { socket } of held.splice(0, 50)) socket.close()
  await until('room', async () => (await open()) === 50)
  // each counts until the program knows that it is gone
  await until('one more', async () => (await Talking.open(t, relay.port)).isOpen)
  assert.deepEqual((await relay.done('streams.send', { power, tag: 'all' }, bytesOf('to all'))).head, { sent: 51, full: [] })
  assert.equal((await world.call('programs.list', {})).programs[0]?.running, true)
})
