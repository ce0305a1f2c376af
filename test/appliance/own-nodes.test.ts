import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './lab.ts'
import { Neighbours } from './neighbours.ts'

/** Two nodes of one owner, the clock of one a day ahead, on lines that are slow and lose every fiftieth packet. */
const line = { delayMs: 40, jitterMs: 20, lossPercent: 2 }
const PATIENT_S = 150
const DAY_MS = 24 * 3_600_000

let street: Neighbours
before(async () => {
  street = await Neighbours.open()
  await street.settle('anna', '10.9.0.1/24', line)
  await street.settle('ben', '10.9.0.2/24', line)
})
after(() => street.close())

const has = (name: string, path: string, text: string) =>
  until(`${path} at ${name}`, async () => (await street.get(name, path))?.toString() === text, PATIENT_S)

test('a new node finds the other by mDNS and joins it by a code; what either changes is on the other', async () => {
  await street.start('anna')
  await street.put('anna', '/before', 'of anna')
  const { code } = await street.node('anna').call('cluster.invite', {})
  await street.start('ben', { clockAheadMs: DAY_MS, begin: (node) => node.call('node.join', { code, name: 'Ben' }) })
  await has('ben', '/before', 'of anna')
  await street.put('ben', '/after', 'of ben')
  await has('anna', '/after', 'of ben')
  const { nodes } = await street.node('anna').call('cluster.show', {})
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ['Ben'],
  )
})

test('where the network is cut both go on; whole again, both have all of it, and nothing is lost', async () => {
  await street.put('anna', '/both', 'base')
  await has('ben', '/both', 'base')
  await street.cut('ben', true)
  await street.put('anna', '/both', 'of anna')
  await street.put('anna', '/only anna', '1')
  await street.put('ben', '/both', 'of ben')
  await street.put('ben', '/only ben', '2')
  await until(
    'anna misses ben',
    async () => (await street.node('anna').call('cluster.show', {})).nodes.some(({ problem }) => problem !== null),
    PATIENT_S,
  )
  await street.cut('ben', false)
  const stands = 'of ben'
  for (const name of ['anna', 'ben']) {
    await has(name, '/only anna', '1')
    await has(name, '/only ben', '2')
    await has(name, '/both', stands)
    const { versions } = await street.node(name).call('files.versions', { path: '/both' })
    const there = versions.filter(({ entry }) => entry !== null)
    const texts = await Promise.all(there.map(async ({ sequence }) => (await street.get(name, '/both', sequence))?.toString()))
    for (const text of ['base', 'of anna', 'of ben']) assert.ok(texts.includes(text), `${text} is in ${texts.join()}`)
    await until(
      `${name} tells what was merged`,
      async () => (await street.node(name).call('cluster.show', {})).merged.some(({ path }) => path === '/both'),
      PATIENT_S,
    )
  }
})
