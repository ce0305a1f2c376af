import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './lab.ts'
import { Neighbours } from './neighbours.ts'

/** Real nodes on a network that is slow, loses every fiftieth packet of each line, and falls apart. */
const line = { delayMs: 40, jitterMs: 20, lossPercent: 2 }
/** Lost packets and growing pauses add up. */
const PATIENT_S = 150

let street: Neighbours
before(async () => {
  street = await Neighbours.open()
  await street.settle('anna', '10.9.0.1/24', line)
  await street.settle('ben', '10.9.0.2/24', line)
})
after(() => street.close())

const met = (name: string, other: string, isWell: (addresses: readonly string[]) => boolean = () => true) =>
  until(
    `${name} meets ${other}`,
    async () =>
      (await street.peers(name)).peers.some(
        (peer) => peer.name === other && peer.problem === null && peer.seen !== null && isWell(peer.addresses),
      ),
    PATIENT_S,
  )

test('the line is as bad as it should be', async () => {
  const said = await street.lab.run('ping', ['-c', '20', '-i', '0.2', '-W', '2', '10.9.0.2'], 'anna')
  const [, received] = /(\d+) received/.exec(said.stdout) ?? []
  const [, fastest] = /= ([\d.]+)\//.exec(said.stdout) ?? []
  assert.ok(Number(received) >= 10 && Number(fastest) >= 4 * line.delayMs, said.stdout)
})

test('two nodes find each other by mDNS and pair by a code, on slow lines that lose packets', async () => {
  await street.start('anna')
  await street.start('ben')
  const { self } = await street.peers('anna')
  await until(
    'ben finds anna',
    async () => (await street.peers('ben')).peers.some(({ peer, nearby }) => peer === self && nearby),
    PATIENT_S,
  )
  const { code } = await street.node('anna').call('peers.showCode', { relation: 'friend', name: 'Anna' })
  assert.equal((await street.node('ben').call('peers.pair', { code, relation: 'friend', name: 'Ben' })).name, 'Anna')
  await met('anna', 'Ben')
})

test('a network that was cut in two is whole again by itself, also when an address has changed meanwhile', async () => {
  await street.cut('ben', true)
  await street.move('ben', '10.9.0.2/24', '10.9.0.55/24')
  await until(
    'ben notices that he is alone',
    async () => (await street.peers('ben')).peers.some(({ name, problem }) => name === 'Anna' && problem !== null),
    PATIENT_S,
  )
  await street.cut('ben', false)
  await met('ben', 'Anna')
  await met('anna', 'Ben', (addresses) => addresses.some((one) => one.startsWith('/ip4/10.9.0.55/')))
})
