import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Reach } from '@holt/control/peers.ts'
import { until } from './lab.ts'
import { Neighbours } from './neighbours.ts'

/** Real nodes on an internet of public addresses, some of them behind routers of their own. */
const PATIENT_S = 150

let world: Neighbours
before(async () => {
  world = await Neighbours.open()
  await world.settle('cleo', '5.5.0.3/24')
  await world.settle('dora', '5.5.0.4/24')
  await world.settle('emil', '5.5.0.5/24')
  await world.settleBehindRouter('anna', '5.5.0.11/24')
  await world.settleBehindRouter('ben', '5.5.0.12/24')
})
after(() => world.close())

const nothing: Reach = { start: [], announce: [], relay: false, mapPort: false }
const addressesOf = async (name: string) => (await world.peers(name)).addresses
const peerOf = async (name: string, other: string) => (await world.peers(name)).peers.find((peer) => peer.name === other) ?? null

async function reach(name: string, how: Partial<Reach>): Promise<void> {
  await world.node(name).call('peers.reach', { reach: { ...nothing, ...how } })
}

/** `guest` types the code that `host` shows, and knows nothing but one address. */
async function pair(guest: string, host: string, at: string): Promise<void> {
  const { code } = await world.node(host).call('peers.showCode', { relation: 'friend', name: host })
  await world.node(guest).call('peers.pair', { code, relation: 'friend', name: guest, at: [at] })
}

test('a node is on its local networks only, until its owner wants more', async () => {
  await world.start('cleo')
  assert.doesNotMatch(await world.lab.must('ss', ['-Hltn'], 'cleo'), /466\d/)
  await reach('cleo', { relay: true })
  const { self } = await world.peers('cleo')
  assert.deepEqual((await addressesOf('cleo')).sort(), [`/ip4/5.5.0.3/tcp/4660/p2p/${self}`, `/ip4/5.5.0.3/tcp/4661/ws/p2p/${self}`])
})

test('two nodes behind routers that let nobody in meet by a third that both are paired with', async () => {
  const [cleo = ''] = await addressesOf('cleo')
  for (const name of ['anna', 'ben']) {
    await world.start(name)
    await pair(name, 'cleo', cleo)
    await reach(name, { start: [cleo] })
  }
  const relayed = await until(
    'anna has a place at cleo',
    async () => (await addressesOf('anna')).find((address) => address.includes('/p2p-circuit')) ?? null,
    PATIENT_S,
  )
  await pair('ben', 'anna', relayed)
  for (const [name, other] of [
    ['ben', 'anna'],
    ['anna', 'ben'],
  ] as const)
    await until(`${name} meets ${other}`, async () => (await peerOf(name, other))?.seen ?? null, PATIENT_S)
  assert.match((await peerOf('ben', 'anna'))?.addresses.join(' ') ?? '', /p2p-circuit/)
})

test('a node whose address has changed is found by the directory when nobody else knows it', async () => {
  const [cleo = ''] = await addressesOf('cleo')
  for (const name of ['dora', 'emil']) {
    await world.start(name)
    await reach(name, { start: [cleo] })
  }
  await pair('emil', 'dora', (await addressesOf('dora'))[0] ?? '')
  await until('emil meets dora', async () => (await peerOf('emil', 'dora'))?.seen ?? null, PATIENT_S)
  await world.kill('emil')
  await world.move('dora', '5.5.0.4/24', '5.5.0.44/24')
  await until('dora is elsewhere', async () => (await addressesOf('dora')).some((one) => one.includes('5.5.0.44')), PATIENT_S)
  // dora must not find emil: it is emil who looks
  await world.lab.must('nft', ['-f', world.lab.write('still.nft', still)], 'dora')
  await world.start('emil')
  await until(
    'emil finds dora',
    async () => {
      const peer = await peerOf('emil', 'dora')
      return peer?.problem === null && peer.addresses.some((one) => one.includes('5.5.0.44'))
    },
    PATIENT_S,
  )
})

test('who is behind a router calls a node that can be reached directly, though the two met by a relay', async () => {
  const relayed = (await addressesOf('anna')).find((address) => address.includes('/p2p-circuit')) ?? ''
  await pair('emil', 'anna', relayed)
  await until('emil meets anna', async () => (await peerOf('emil', 'anna'))?.seen ?? null, PATIENT_S)
  await until(
    'anna calls emil',
    async () => (await world.lab.must('ss', ['-Htn', 'state', 'established'], 'emil')).includes('5.5.0.11:'),
    PATIENT_S,
  )
})

const still = `
table inet still {
  chain out { type filter hook output priority 0
    ip daddr 5.5.0.5 tcp flags & (syn|ack) == syn drop
  }
}
`
