import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { directoryKey } from '@holt/network/endpoints/directory-record.ts'
import type { Reach } from '@holt/network/host.ts'
import { signEndpoints, encodeEndpoints } from '@holt/network/endpoints/endpoint-record.ts'
import { peerProtocol } from '@holt/network/peers/peer-protocol.ts'
import { Key } from 'interface-datastore/key'
import { nodejsCrypto as crypto } from '../nodejs-crypto.ts'
import { BoundedDatastore } from './bounded-datastore.ts'
import { selectRecord, validateRecord } from './endpoint-directory.ts'
import { type Libp2pLinks, startLibp2pLinks } from './libp2p-links.ts'
import { people } from './testing/people.ts'

const nothing: Reach = { start: [], announce: [], relay: false, mapPort: false }
const started: Libp2pLinks[] = []
after(() => Promise.all(started.map((links) => links.stop())))

async function start(
  number: number,
  { listen = [] as string[], reach = nothing, isPaired = true, closed = false } = {},
): Promise<Libp2pLinks> {
  const kindOf = () => (isPaired ? ('paired' as const) : ('stranger' as const))
  const links = await startLibp2pLinks({ seed: new Uint8Array(32).fill(number), listen, reach, kindOf, closed })
  started.push(links)
  return links
}

async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 1500; tries++) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(what)
}

const TCP = '/ip4/127.0.0.1/tcp/0'

/** Takes streams of a protocol, and says what it reads back. */
function echo(links: Libp2pLinks): void {
  links.handle(peerProtocol.id, (link) => {
    void (async () => {
      for (let bytes = await link.read(); bytes !== null; bytes = await link.read()) await link.write(bytes)
      await link.close()
    })().catch(() => {})
  })
}

async function echoes(from: Libp2pLinks, to: Libp2pLinks): Promise<void> {
  const link = await from.open(to.self, peerProtocol.id)
  const said = crypto.randomBytes(300_000)
  void link.write(said).then(() => link.close())
  const heard: Uint8Array[] = []
  for (let bytes = await link.read(); bytes !== null; bytes = await link.read()) heard.push(bytes)
  assert.deepEqual(Buffer.concat(heard), Buffer.from(said))
}

test('nodes speak over WebSocket as over TCP', async () => {
  const [server, client] = [await start(1, { listen: [`${TCP}/ws`] }), await start(2)]
  echo(server)
  await client.learn(server.self, server.addresses())
  await echoes(client, server)
  assert.match(client.connections()[0]?.address ?? '', /\/ws/)
})

test('who is paired with a relay is reached by it; its size has no bound of minutes and kilobytes', async () => {
  const relay = await start(3, { listen: [TCP], reach: { ...nothing, relay: true } })
  const hidden = await start(4, { reach: { ...nothing, start: relay.addresses() } })
  echo(hidden)
  const looking = setInterval(() => void hidden.takePart(), 100)
  const address = await eventually('a place at the relay', () => hidden.addresses().find((one) => one.includes('/p2p-circuit')))
  clearInterval(looking)
  const other = await start(5)
  await other.learn(hidden.self, [address])
  await echoes(other, hidden)
  assert.match(other.connections().find(({ address: at }) => at.includes('p2p-circuit'))?.address ?? '', /p2p-circuit/)
})

test('a relay carries nobody who is not paired with its owner', async () => {
  const relay = await start(6, { listen: [TCP], reach: { ...nothing, relay: true }, isPaired: false })
  const hidden = await start(7, { reach: { ...nothing, start: relay.addresses() } })
  await hidden.takePart()
  await eventually('they are connected', () => hidden.connections()[0])
  for (let tries = 0; tries < 10; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    await hidden.takePart()
  }
  assert.deepEqual(hidden.addresses(), [])
})

test('a record is found in the directory when who put it there has gone, and nobody can put another in its place', async () => {
  const keeper = await start(8, { listen: [TCP], isPaired: false, closed: true })
  const reach = { ...nothing, start: keeper.addresses() }
  const [giver, asker, enemy] = [
    await start(9, { listen: [TCP], reach, isPaired: false, closed: true }),
    await start(10, { listen: [TCP], reach, isPaired: false, closed: true }),
    await start(11, { listen: [TCP], reach, isPaired: false, closed: true }),
  ]
  for (const links of [keeper, giver, asker, enemy]) await links.takePart()
  const node = people.friend.node.publicKey
  const expires = Math.floor(Date.now() / 1000) + 1000
  const record = (seq: number) => encodeEndpoints(signEndpoints(crypto, { seq, expires, addresses: ['/ip4/5.5.5.5/tcp/1'] }, people.friend))
  await published(giver, node, record(7))
  await giver.stop()
  assert.deepEqual(await found(asker, node), record(7))
  const forged = encodeEndpoints({ ...signEndpoints(crypto, { seq: 9, expires, addresses: [] }, people.hostile), node })
  await assert.rejects(enemy.directory?.publish(node, forged) as Promise<void>)
  assert.deepEqual(await found(asker, node), record(7))
  assert.equal(await asker.directory?.find(people.stranger.node.publicKey), null)
})

/** Soon after a start nobody is in the table yet. */
async function published(links: Libp2pLinks, node: Uint8Array, record: Uint8Array): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await links.directory?.publish(node, record)
    } catch (error) {
      if (tries === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
}

async function found(links: Libp2pLinks, node: Uint8Array): Promise<Uint8Array | null> {
  for (let tries = 0; tries < 20; tries++) {
    const record = (await links.directory?.find(node)) ?? null
    if (record !== null) return record
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  return null
}

test('the directory takes records that are signed, in their time, and under their own key, and prefers the newest', () => {
  const now = Math.floor(Date.now() / 1000)
  const record = (seq: number, expires = now + 1000, who = people.friend) => signEndpoints(crypto, { seq, expires, addresses: [] }, who)
  const key = directoryKey(people.friend.node.publicKey)
  validateRecord(key, encodeEndpoints(record(1)))
  const wrong: [string, Uint8Array, string][] = [
    ['of another', encodeEndpoints(record(1, now + 1000, people.hostile)), 'MALFORMED'],
    ['over', encodeEndpoints(record(1, now - 1)), 'CAP_EXPIRED'],
    ['for ever', encodeEndpoints(record(1, now + 365 * 24 * 3600)), 'MALFORMED'],
    ['changed', encodeEndpoints({ ...record(1), seq: 2 }), 'SIGNATURE_INVALID'],
    ['no record', new Uint8Array(9), 'MALFORMED'],
    ['too long', new Uint8Array(9000), 'TOO_LARGE'],
  ]
  for (const [what, bytes, code] of wrong) assert.throws(() => validateRecord(key, bytes), { code }, what)
  assert.equal(selectRecord(key, [record(3), record(9), record(4)].map(encodeEndpoints)), 1)
  assert.equal(selectRecord(key, [new Uint8Array(2), encodeEndpoints(record(4))]), 1)
})

test('what others bring is bounded, and what is ours stays', async () => {
  const store = new BoundedDatastore()
  await store.put(new Key('/peers/ours'), new Uint8Array(1))
  for (let i = 0; i < 5000; i++) await store.put(new Key(`/dht/record/${i}`), new Uint8Array(10))
  assert.equal(store.records, 2000)
  assert.equal(await store.has(new Key('/dht/record/100')), false)
  assert.equal(await store.has(new Key('/dht/record/4999')), true)
  assert.equal(await store.has(new Key('/peers/ours')), true)
  assert.throws(() => store.put(new Key('/dht/record/large'), new Uint8Array(20 << 10)), RangeError)
})
