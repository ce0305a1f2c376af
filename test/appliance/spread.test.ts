import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from './lab.ts'
import { Neighbours } from './neighbours.ts'

/** A friend's node on lines as within a city: some milliseconds, and a packet lost now and then. */
const line = { delayMs: 4, jitterMs: 4, lossPercent: 0.05 }
const PATIENT_S = 240
/** More than a pack, so that one is sealed and given. */
const FILE_BYTES = 66 << 20

let street: Neighbours
before(async () => {
  street = await Neighbours.open()
  await street.settle('anna', '10.9.0.1/24', line)
  await street.settle('ben', '10.9.0.2/24', line)
})
after(() => street.close())

test('what is given to a friend over slow lines comes back from there when the drive has lost it', async () => {
  await street.start('anna')
  await street.start('ben')
  const [anna, ben] = [street.node('anna'), street.node('ben')]
  const { code } = await ben.call('peers.showCode', { relation: 'friend', name: 'Ben' })
  const { self } = await street.peers('ben')
  await until('anna finds ben', async () => (await street.peers('anna')).peers.some(({ peer }) => peer === self), PATIENT_S)
  const { relation } = await anna.call('peers.pair', { code, relation: 'friend', name: 'Anna' })
  await anna.call('peers.share', { id: relation?.id as string, give: true, mostBytes: null })
  const film = randomBytes(FILE_BYTES)
  await street.put('anna', '/film', film)
  await anna.call('store.settle', {})
  const pack = (await anna.call('packs.list', {})).packs.find(({ state }) => state === 'spread')
  assert.ok(pack)
  await until(
    'the fragment at the friend',
    async () => (await anna.call('packs.show', { id: pack.id })).friends?.some(({ state }) => state === 'good') === true,
    PATIENT_S,
  )
  await street.put('anna', '/note', 'written last')
  const written = Math.floor(Date.now() / 1000)
  await until(
    'the newest state at the friend',
    async () => (await street.peers('anna')).peers.some((peer) => (peer.relation?.share?.newest ?? 0) > written),
    PATIENT_S,
  )
  const { drives } = await anna.call('drives.list', {})
  const folder = join(drives[0]?.folder as string, 'fragments', pack.id.slice(0, 2))
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  const got = await street.get('anna', '/film')
  assert.ok(got !== null && film.equals(got))
})
