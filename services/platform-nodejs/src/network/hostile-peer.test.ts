import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { after, before, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { concatBytes, fromHex, utf8 } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { encodeEndpoints, type EndpointRecord, signEndpoints } from '@holt/network/endpoints/endpoint-record.ts'
import { peerProtocol } from '@holt/network/peers/peer-protocol.ts'
import { Caller } from '@holt/network/rpc/caller.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import { nodejsCrypto as crypto } from '../nodejs-crypto.ts'
import { type Libp2pLinks, startLibp2pLinks } from './libp2p-links.ts'
import { type Heard, HostilePeer, listen } from './testing/hostile-peer.ts'
import { type Person, people } from './testing/people.ts'

/** A node in a process of its own, attacked over real sockets by somebody whom it trusts as a friend, and by strangers. */
interface Attacked {
  process: ChildProcess
  self: Uint8Array
  addresses: string[]
}

const MiB = 1 << 20
/** What an attack may cost at most, whatever it sends. */
const MOST_GROWTH = 160 * MiB
const stops: (() => unknown)[] = []
after(async () => {
  for (const stop of stops.reverse()) await stop()
})

async function startAttacked(faster = 1): Promise<Attacked> {
  const program = fileURLToPath(new URL('./testing/attacked-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(faster)], { stdio: ['pipe', 'pipe', 'inherit'] })
  stops.push(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { self, addresses } = JSON.parse(line) as { self: string; addresses: string[] }
  return { process: child, self: fromHex(self) as Uint8Array, addresses }
}

async function hostile(context: TestContext, target: Attacked, who: Person = people.hostile): Promise<HostilePeer> {
  const peer = await HostilePeer.start(who.node.seed, target)
  context.after(() => peer.stop())
  return peer
}

/** Somebody honest, whom nobody else's attack may touch. */
async function friendOf(target: Attacked) {
  const links: Libp2pLinks = await startLibp2pLinks({ seed: people.friend.node.seed, listen: [], kindOf: () => 'paired' })
  stops.push(() => links.stop())
  await links.learn(target.self, target.addresses)
  // who comes too often from one place has to wait, and all of these come from one
  for (let tries = 0; tries < 20; tries++) {
    const link = await links.open(target.self, peerProtocol.id).catch(() => null)
    link?.abort(new Error('only a try'))
    if (link) break
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const caller = new Caller(links, target.self, peerProtocol, { clock })
  return {
    caller,
    isAnswered: async () => void (await caller.call('hello', { relations: [], records: [] }, { withinMs: 20_000 })),
    recordsOf: async (owner: Uint8Array) => (await caller.call('resolve', { owner })).records,
  }
}

function residentBytes({ process: { pid } }: Attacked): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096
}

const framed = (body: Uint8Array): Uint8Array => {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, body.length)
  return concatBytes([length, body])
}
const frame = (value: object): Uint8Array => framed(encode(value))
const request = (change: object = {}) => frame({ v: 1, kind: 'request', id: 1, method: 'none', within: 1000, body: null, ...change })
const codeOf = ({ frames }: Heard): unknown => frames.at(-1)?.['code']

let attacked: Attacked
let friend: Awaited<ReturnType<typeof friendOf>>
before(async () => {
  attacked = await startAttacked()
  friend = await friendOf(attacked)
  await friend.isAnswered()
})

test('whatever is wrong with a message, on any protocol, ends its stream with a code, and nothing else', async (context) => {
  const enemy = await hostile(context, attacked)
  const protocols = (await enemy.protocols()).filter((one) => one.startsWith('/holt/'))
  for (const known of ['/holt/fragments/1', '/holt/newest/1', '/holt/pair/1', '/holt/peer/1']) assert.ok(protocols.includes(known), known)
  const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)])
  const wrong: [string, Uint8Array[], string][] = [
    ['nothing in it', [new Uint8Array(4)], 'MALFORMED'],
    ['4 GiB', [new Uint8Array([255, 255, 255, 255])], 'TOO_LARGE'],
    ['more than the protocol takes', [new Uint8Array([0, 64, 0, 0])], 'TOO_LARGE'],
    ['no CBOR', [framed(utf8('GET / HTTP/1.1\r\n\r\n'))], 'MALFORMED'],
    ['CBOR of no fixed length', [framed(new Uint8Array([0xbf, 0xff]))], 'MALFORMED'],
    ['more than one value', [framed(concatBytes([encode({ v: 1 }), encode(1)]))], 'MALFORMED'],
    ['too deep', [request({ body: nested(20) })], 'MALFORMED'],
    ['a map that claims to be huge', [framed(new Uint8Array([0xbb, 0, 0, 0, 255, 255, 255, 255, 255]))], 'MALFORMED'],
    ['a version that is not there', [request({ v: 2 })], 'UNSUPPORTED_VERSION'],
    ['no version', [frame({ kind: 'cancel', id: 1 })], 'MALFORMED'],
    ['another kind', [frame({ v: 1, kind: 'command', id: 1 })], 'MALFORMED'],
    ['an answer to nothing', [frame({ v: 1, kind: 'answer', id: 1, body: null })], 'MALFORMED'],
    ['a request that is not there', [request()], 'UNKNOWN_METHOD'],
    ['a name of the language', [request({ method: 'constructor' })], 'UNKNOWN_METHOD'],
    ['the number 0', [request({ id: 0 })], 'MALFORMED'],
    ['no time', [request({ within: 0 })], 'MALFORMED'],
    ['all the time', [request({ within: 2 ** 50 })], 'MALFORMED'],
    ['a field more', [request({ root: true })], 'MALFORMED'],
    ['calling off what never came', [frame({ v: 1, kind: 'cancel', id: 7 })], 'MALFORMED'],
  ]
  for (const protocol of protocols)
    for (const [what, parts, code] of wrong) assert.equal(codeOf(await enemy.say(protocol, parts)), code, `${what}, on ${protocol}`)
  for (const protocol of protocols)
    assert.equal(
      codeOf(await enemy.say(protocol, [request().subarray(0, 20)], { finish: true })),
      'MALFORMED',
      `half of one, on ${protocol}`,
    )
  assert.ok(enemy.connected, 'a wrong message ends its stream, not what else the two have to do with each other')
  await friend.isAnswered()
})

test('a request that is sent again is not done again', async (context) => {
  const enemy = await hostile(context, attacked)
  const hello = request({ method: 'hello', body: { relations: [], records: [] } })
  const heard = await enemy.say('/holt/peer/1', [hello, hello])
  assert.equal(codeOf(heard), 'MALFORMED')
  assert.ok(heard.frames.filter(({ kind }) => kind === 'answer').length <= 1)
})

test('records of addresses that are forged, unsigned, over, or of others change nothing', async (context) => {
  const enemy = await hostile(context, attacked)
  const now = Math.floor(Date.now() / 1000)
  const own = { seq: Date.now(), expires: now + 3600, addresses: ['/ip4/10.1.1.1/tcp/1'] }
  const good = signEndpoints(crypto, own, people.friend)
  await friend.caller.call('hello', { relations: [], records: [encodeEndpoints(good)] })
  const higher = { ...own, seq: own.seq + 5, addresses: ['/ip4/6.6.6.6/tcp/6'] }
  const forged: EndpointRecord[] = [
    signEndpoints(crypto, higher, { owner: people.hostile.owner, node: people.friend.node }),
    { ...signEndpoints(crypto, higher, people.hostile), owner: people.friend.owner.publicKey, node: people.friend.node.publicKey },
    { ...good, seq: good.seq + 1 },
    { ...good, addresses: higher.addresses, seq: good.seq + 1 },
    { ...good, signatures: { owner: new Uint8Array(64), node: new Uint8Array(64) }, seq: good.seq + 1 },
    signEndpoints(crypto, { ...higher, expires: now - 1 }, people.friend),
    signEndpoints(crypto, { ...higher, expires: now + 10 * 365 * 24 * 3600 }, people.friend),
    signEndpoints(crypto, { ...own, seq: own.seq - 1 }, people.friend),
    signEndpoints(crypto, higher, people.stranger),
    { ...signEndpoints(crypto, higher, people.hostile), owner: people.attacked.owner.publicKey },
  ]
  const records = forged.map(encodeEndpoints)
  const body = (some: Uint8Array[]) => ({ relations: [], records: some })
  const heard = await enemy.say(
    '/holt/peer/1',
    [
      request({ method: 'hello', body: body(records.slice(0, 5)) }),
      request({ id: 2, method: 'hello', body: body(records.slice(5)) }),
      request({ id: 3, method: 'hello', body: body([utf8('no record'), encode({ v: 9 }), new Uint8Array(0)]) }),
    ],
    { frames: 3 },
  )
  assert.equal(heard.frames.length, 3)
  assert.ok(heard.frames.every(({ kind }) => kind !== 'end'))
  const known = await friend.recordsOf(people.friend.owner.publicKey)
  assert.deepEqual(
    known.map((one) => Buffer.from(one).toString('hex')),
    [Buffer.from(encodeEndpoints(good)).toString('hex')],
  )
  assert.deepEqual(await friend.recordsOf(people.stranger.owner.publicKey), [])
})

test('who is not paired is told nothing, and cannot claim to be somebody else', async (context) => {
  const stranger = await hostile(context, attacked, people.stranger)
  const ask = (change: object) => stranger.say('/holt/peer/1', [request(change)], { frames: 1 })
  assert.equal(codeOf(await ask({ method: 'resolve', body: { owner: people.friend.owner.publicKey } })), 'NOT_AUTHORIZED')
  const claim = signEndpoints(crypto, { seq: 1, expires: Math.floor(Date.now() / 1000) + 60, addresses: [] }, people.stranger)
  assert.equal(codeOf(await ask({ method: 'hello', body: { relations: [], records: [encodeEndpoints(claim)] } })), 'NOT_AUTHORIZED')
})

test('thousands of streams cost their sender the connection, and nobody else anything', async (context) => {
  const before = residentBytes(attacked)
  for (const who of [people.hostile, people.stranger]) {
    const enemy = await hostile(context, attacked, who)
    const connection = await enemy.connect()
    const pad = new Uint8Array(200 << 10)
    let opened = 0
    for (let i = 0; i < 3000 && connection.status === 'open'; i++) {
      const open = connection.newStream('/holt/pair/1', { maxOutboundStreams: 100_000 })
      open
        .then((stream) => stream.send(pad))
        .then(
          () => opened++,
          () => {},
        )
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await eventually('the connection is closed', () => connection.status !== 'open')
    assert.ok(opened < 500, `${opened} streams were taken`)
    await friend.isAnswered()
  }
  assert.ok(residentBytes(attacked) - before < MOST_GROWTH)
})

test('streams that are never given a purpose are few', async (context) => {
  const enemy = await hostile(context, attacked, people.stranger)
  const connection = await enemy.connect()
  const muxer = muxerOf(connection)
  const streams: Awaited<ReturnType<Muxer['createStream']>>[] = []
  for (let i = 0; i < 30; i++) streams.push(await muxer.createStream())
  for (const stream of streams) if (stream.status === 'open') stream.send(utf8('\u0013/multistr'))
  await eventually('most are refused', () => streams.filter(({ status }) => status === 'open').length <= 8)
  await friend.isAnswered()
})

test('who sends pings without end and takes no answers is cut off', async (context) => {
  const before = residentBytes(attacked)
  const enemy = await hostile(context, attacked)
  const connection = await enemy.connect({ another: true })
  const socket = socketOf(connection)
  socket.pause()
  const muxer = muxerOf(connection)
  let most = 0
  for (let i = 0; i < 3_000_000 && socket.writable; i++) {
    muxer.sendFrame({ type: 2, flag: 1, streamID: 0, length: i })
    if (i % 2000 === 0) await new Promise((resolve) => setImmediate(resolve))
    if (i % 20_000 === 0) most = Math.max(most, residentBytes(attacked) - before)
  }
  await eventually('it is cut off', () => socket.destroyed || !socket.writable)
  assert.ok(most < MOST_GROWTH, `${most / MiB} MiB`)
  await friend.isAnswered()
})

test('connections that do not say who they are keep nobody out', async () => {
  const [, port] = /tcp\/(\d+)/.exec(attacked.addresses[0] as string) ?? []
  const sockets: Socket[] = []
  stops.push(() => sockets.forEach((socket) => socket.destroy()))
  const arrive = (): void => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.9' })
    socket.on('error', () => {})
    socket.write('\u0013/multistream/1.0.0\n')
    socket.resume()
    sockets.push(socket)
  }
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 10; i++) arrive()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const another = await friendOf(attacked)
  await another.isAnswered()
  const open = sockets.filter(({ destroyed }) => !destroyed).length
  assert.ok(open <= 8, `${open} of one place wait`)
})

test('who begins a message and does not go on, or takes no answers, loses the stream', async (context) => {
  const fast = await startAttacked(20)
  const enemy = await hostile(context, fast)
  const slow = await enemy.say('/holt/peer/1', [request().subarray(0, 10)])
  assert.equal(codeOf(slow), 'TIMED_OUT')

  const before = residentBytes(fast)
  const deaf = await enemy.connect({ another: true })
  const stream = await deaf.newStream('/holt/peer/1')
  const socket = socketOf(deaf)
  const ended = listen(stream)
  ended.catch(() => {})
  socket.pause()
  const hello = (id: number) => request({ id, method: 'hello', body: { relations: [], records: [] } })
  for (let id = 1; id < 4000 && stream.status === 'open'; id++) {
    stream.send(hello(id))
    if (id % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await new Promise((resolve) => setTimeout(resolve, 3000))
  socket.resume()
  await eventually('the stream is ended', () => stream.status !== 'open' || stream.remoteWriteStatus === 'closed')
  assert.ok(residentBytes(fast) - before < MOST_GROWTH)
  const other = await friendOf(fast)
  await other.isAnswered()
})

/** Below libp2p's interface: what a hostile program would have written itself. */
interface Muxer {
  sendFrame(header: { type: number; flag: number; streamID: number; length: number }): boolean
  createStream(): Promise<{ status: string; send(bytes: Uint8Array): boolean }>
}
const muxerOf = (connection: object): Muxer => (connection as { muxer: Muxer }).muxer
const socketOf = (connection: object): Socket => (connection as { maConn: { socket: Socket } }).maConn.socket

async function eventually(what: string, isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !isTrue(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(isTrue(), what)
}
