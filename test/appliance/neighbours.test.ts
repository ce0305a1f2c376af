import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from './lab.ts'
import { Neighbours } from './neighbours.ts'

/** Real nodes on a network of their own, with nothing but mDNS to find each other by. */

let street: Neighbours
before(async () => {
  street = await Neighbours.open()
  await street.settle('anna', '10.9.0.1/24')
  await street.settle('ben', '10.9.0.2/24')
})
after(() => street.close())

const sees = (name: string, peer: string) =>
  until(`${name} finds the other`, async () => (await street.peers(name)).peers.find((one) => one.peer === peer) ?? null, 60)

test('two nodes on one network find each other by mDNS, and one that comes back after kill -9 is the same', async () => {
  await street.start('anna')
  await street.start('ben')
  const [anna, ben] = [await street.peers('anna'), await street.peers('ben')]
  assert.ok(anna.self && ben.self && anna.self !== ben.self)
  assert.deepEqual(anna.addresses, [`/ip4/10.9.0.1/tcp/4660/p2p/${anna.self}`])
  assert.deepEqual((await sees('anna', ben.self)).addresses, ['/ip4/10.9.0.2/tcp/4660'])
  assert.equal((await sees('ben', anna.self)).nearby, true)

  await street.kill('ben')
  await street.start('ben')
  assert.equal((await street.peers('ben')).self, ben.self)
  await sees('ben', anna.self)
})

test('they pair by a short code alone, and each learns where the other is', async () => {
  const { code } = await street.node('anna').call('peers.showCode', { relation: 'friend', name: 'Anna' })
  const made = await street.node('ben').call('peers.pair', { code, relation: 'friend', name: 'Ben' })
  assert.equal(made.name, 'Anna')
  const met = await until(
    'anna meets ben',
    async () => (await street.peers('anna')).peers.find((one) => one.name === 'Ben' && one.seen !== null) ?? null,
    60,
  )
  assert.equal(met.connected, true)
})

test('a node listens on the addresses that its machine has, and follows when they change', async () => {
  await street.lab.must('ip', ['address', 'flush', 'dev', 'eth0'], 'ben')
  await street.lab.must('ip', ['address', 'add', '10.9.0.77/24', 'dev', 'eth0'], 'ben')
  await street.lab.must('ip', ['address', 'add', '203.0.113.9/24', 'dev', 'eth0'], 'ben')
  const { self } = await street.peers('ben')
  const moved = await until('ben listens there', async () => {
    const { addresses } = await street.peers('ben')
    return addresses.length === 1 && addresses[0]?.startsWith('/ip4/10.9.0.77/tcp/') ? addresses : null
  })
  const listening = await street.lab.must('ss', ['-Hltn'], 'ben')
  assert.match(listening, /10\.9\.0\.77:4660/)
  assert.doesNotMatch(listening, /203\.0\.113\.9|(0\.0\.0\.0|\*|10\.9\.0\.2):4660/, 'nothing listens on a public address')
  const found = await until(
    'anna finds ben where he went',
    async () => {
      const one = (await street.peers('anna')).peers.find(({ peer }) => peer === self)
      return one?.addresses.includes('/ip4/10.9.0.77/tcp/4660') ? one : null
    },
    60,
  )
  assert.deepEqual(moved, [`${found.addresses[0]}/p2p/${self}`])
})

test('other programs with libp2p find the node by its mDNS, and it finds them', async () => {
  await street.lab.must('ip', ['route', 'add', 'default', 'dev', 'eth0'], 'anna')
  const program = join(import.meta.dirname, 'other-libp2p.ts')
  const said = street.lab.start(process.execPath, ['--import', import.meta.resolve('tsx'), program, '10.9.0.1'], 'anna')
  const { self } = await street.peers('ben')
  await until('the other finds ben', async () => said().includes(`found ${self} /ip4/10.9.0.77/tcp/4660`), 60)
  await sees('ben', /I am (\w+)/.exec(said())?.[1] as string)
})

test('who wants nothing of others neither listens nor is found', async () => {
  await street.node('ben').call('peers.set', { on: false })
  assert.equal((await street.peers('ben')).running, false)
  assert.doesNotMatch(await street.lab.must('ss', ['-Hltnu'], 'ben'), /4660|5353/)
  await street.node('ben').call('peers.set', { on: true })
  assert.equal((await street.peers('ben')).running, true)
})
