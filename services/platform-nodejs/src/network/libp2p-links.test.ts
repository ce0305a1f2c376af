import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fromHex } from '@holt/core/bytes.ts'
import { bytes, record, uint } from '@holt/core/shape.ts'
import { Caller } from '@holt/network/rpc/caller.ts'
import { Guests } from '@holt/network/rpc/guests.ts'
import { defineProtocol } from '@holt/network/rpc/protocol.ts'
import { serve } from '@holt/network/rpc/responder.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import { type Libp2pLinks, startLibp2pLinks } from './libp2p-links.ts'

const protocol = defineProtocol({
  id: '/holt/echo/1',
  methods: {
    echo: {
      request: record({ number: uint(), pad: bytes({ max: 1 << 20 }) }),
      answer: record({ number: uint(), pad: bytes({ max: 1 << 20 }) }),
    },
    wait: { request: uint(), answer: uint() },
  },
  maxFrameBytes: (1 << 20) + 4096,
  maxOpenRequests: 8,
})
const started: Libp2pLinks[] = []
after(() => Promise.all(started.map((links) => links.stop())))

async function start(number: number): Promise<Libp2pLinks> {
  const links = await startLibp2pLinks({ seed: new Uint8Array(32).fill(number), listen: ['/ip4/127.0.0.1/tcp/0'] })
  started.push(links)
  return links
}

function answer(links: Libp2pLinks) {
  const guests = new Guests(clock, { kindOf: () => 'paired' })
  const seen = { cancelled: 0 }
  const wait = (_peer: Uint8Array, _request: number, { signal }: { signal: AbortSignal }) =>
    new Promise<number>((_, reject) => signal.addEventListener('abort', () => reject((seen.cancelled++, signal.reason as Error))))
  const stop = serve(links, protocol, { echo: (_peer, request) => request, wait }, { clock, guests })
  return { guests, seen, stop }
}

async function eventually(what: string, isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isTrue(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(isTrue(), what)
}

test('two hosts ask each other over TCP, large messages many at once', async () => {
  const [server, client] = [await start(1), await start(2)]
  const { guests, stop } = answer(server)
  await client.learn(server.self, server.addresses())
  const caller = new Caller(client, server.self, protocol, { clock })
  const asked = Array.from({ length: 24 }, (_, number) => caller.call('echo', { number, pad: new Uint8Array(1 << 20).fill(number) }))
  for (const [number, reply] of (await Promise.all(asked)).entries()) {
    assert.equal(reply.number, number)
    assert.ok(reply.pad.length === 1 << 20 && reply.pad.every((byte) => byte === number))
  }
  await eventually('no memory is held', () => guests.usedBytes === 0)
  caller.close()
  stop()
})

test('cancelling and going away end the work at the peer; who is not there, or speaks no Holt, is told from the other', async () => {
  const [server, client] = [await start(3), await start(4)]
  const { guests, seen, stop } = answer(server)
  await client.learn(server.self, server.addresses())
  const caller = new Caller(client, server.self, protocol, { clock })
  const abort = new AbortController()
  const waiting = caller.call('wait', 1, { signal: abort.signal })
  await eventually('it is worked on', () => guests.usedBytes > 0)
  abort.abort()
  await assert.rejects(waiting, { code: 'CANCELLED' })
  await eventually('the peer stopped', () => seen.cancelled === 1)
  const left = caller.call('wait', 2)
  left.catch(() => {})
  await eventually('it is worked on', () => guests.usedBytes > 0)
  await client.stop()
  await assert.rejects(left)
  await eventually('the peer stopped again', () => seen.cancelled === 2)

  const other = await start(5)
  await other.learn(server.self, server.addresses())
  await assert.rejects(other.open(server.self, '/holt/other/1'), { code: 'UNSUPPORTED_VERSION' })
  stop()
  await server.stop()
  await assert.rejects(new Caller(other, server.self, protocol, { clock }).call('wait', 1), { code: 'PEER_UNREACHABLE' })
})

test('a peer that is another one than was asked for is not spoken to', async () => {
  const [server, client, wanted] = [await start(6), await start(7), await start(8)]
  answer(server)
  await client.learn(
    wanted.self,
    server.addresses().map((address) => address.replace(/\/p2p\/.*/, '')),
  )
  await wanted.stop()
  await assert.rejects(client.open(wanted.self, protocol.id), { code: 'PEER_UNREACHABLE' })
  await assert.rejects(client.learn(wanted.self, ['not an address']), { code: 'MALFORMED' })
})

test('bytes that are no libp2p end their connection and disturb nobody', async () => {
  const [server, client] = [await start(9), await start(10)]
  const { stop } = answer(server)
  const port = Number(/tcp\/(\d+)/.exec(server.addresses()[0] as string)?.[1])
  for (const garbage of ['GET / HTTP/1.0\r\n\r\n', '\u0013/multistream/1.0.0\n\u0007/noise\n' + 'x'.repeat(70_000)]) {
    const socket = createConnection(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(garbage)
    socket.resume()
    await new Promise((resolve) => socket.on('close', resolve))
  }
  await client.learn(server.self, server.addresses())
  const caller = new Caller(client, server.self, protocol, { clock })
  assert.equal((await caller.call('echo', { number: 1, pad: new Uint8Array(0) })).number, 1)
  stop()
})

test('a node in another process is reached, and its end is noticed', async () => {
  const program = fileURLToPath(new URL('./testing/echo-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const { self, addresses } = JSON.parse(line) as { self: string; addresses: string[] }
    const client = await start(11)
    const peer = fromHex(self) as Uint8Array
    await client.learn(peer, addresses)
    const caller = new Caller(client, peer, protocol, { clock })
    assert.equal((await caller.call('echo', { number: 7, pad: new Uint8Array(300_000) })).number, 7)
    const open = caller.call('wait', 1)
    open.catch(() => {})
    child.kill('SIGKILL')
    await assert.rejects(open, { code: 'PEER_UNREACHABLE' })
  } finally {
    child.kill('SIGKILL')
  }
})
