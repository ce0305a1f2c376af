import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { PeerInfo } from '@holt/control/peers.ts'
import { afterwards, distFolder, run, temporaryFolder, TestNode, until } from './harness.ts'

/** Real nodes that reach each other over loopback only: nothing of the machine's networks is in these tests. */
async function started(context: TestContext, folder: string, name: string): Promise<TestNode> {
  const node = new TestNode(join(folder, name), { peers: ['--peer-port', '0', '--peer-interface', 'lo'] })
  afterwards(context, () => node.kill())
  if ((await node.start()).state === 'new') await node.call('node.init', {})
  await among(node)
  return node
}

const among = (node: TestNode) => until('a node among others', async () => (await node.call('peers.list', {})).running)
const addressesOf = async (node: TestNode) => (await node.call('peers.list', {})).addresses
const peersOf = async (node: TestNode) => (await node.call('peers.list', {})).peers
const paired = (node: TestNode, isWell: (peer: PeerInfo) => boolean) =>
  until('a peer as it should be', async () => (await peersOf(node)).find((peer) => peer.relation !== null && isWell(peer)) ?? null)

test('two nodes pair by a code, and find each other by a third after kill -9 of both, when both are elsewhere', async (context) => {
  const folder = await temporaryFolder(context)
  const cleo = await started(context, folder, 'cleo')
  const [anna, ben] = [await started(context, folder, 'anna'), await started(context, folder, 'ben')]
  const { code } = await anna.call('peers.showCode', { relation: 'friend', name: 'Anna' })
  const pair = (typed: string, at: string[]) => ben.call('peers.pair', { code: typed, relation: 'friend', name: 'Ben', at })
  const at = await addressesOf(anna)
  await assert.rejects(pair(`${code.slice(0, 5)}0000`, at), { code: 'PAIRING_FAILED' })
  assert.equal((await anna.call('peers.code', {})).shown?.triesLeft, 2)
  const made = await pair(code.toLowerCase(), at)
  assert.equal(made.name, 'Anna')
  assert.equal(made.relation?.owner, (await anna.call('node.status', {})).principal)
  assert.equal((await anna.call('peers.code', {})).shown?.paired, (await ben.call('peers.list', {})).self)
  const before = await addressesOf(ben)
  const known = await paired(anna, ({ problem, addresses }) => problem === null && addresses.length > 0)
  assert.equal(known.name, 'Ben')
  assert.deepEqual(
    known.addresses,
    before.map((address) => address.replace(/\/p2p\/.*/, '')),
  )

  for (const node of [anna, ben]) {
    const shown = await cleo.call('peers.showCode', { relation: 'friend', name: 'Cleo' })
    await node.call('peers.pair', { code: shown.link, relation: 'friend', name: 'x' })
  }

  await Promise.all([anna.kill(), ben.kill()])
  for (const node of [anna, ben]) {
    await node.start()
    await among(node)
  }
  for (const [one, other, name] of [
    [anna, ben, 'Ben'],
    [ben, anna, 'Anna'],
  ] as const) {
    const there = (await addressesOf(other)).map((address) => address.replace(/\/p2p\/.*/, ''))
    const found = (peer: PeerInfo) =>
      peer.name === name && peer.connected && peer.problem === null && peer.addresses.join() === there.join()
    await paired(one, found)
  }
  assert.notDeepEqual(await addressesOf(anna), at)
  assert.notDeepEqual(await addressesOf(ben), before)
})

test('`holt pair` on one node shows a code, and on the other takes it; `holt unpair` ends it for both', async (context) => {
  const folder = await temporaryFolder(context)
  const [anna, ben] = [await started(context, folder, 'anna'), await started(context, folder, 'ben')]
  const holt = (node: TestNode, args: string[]) => run(process.execPath, [join(distFolder, 'cli.mjs'), '--data', node.dataFolder, ...args])
  const shows = holt(anna, ['pair', '--name', "Anna's box", '--json'])
  const { link } = await until('a code', async () => (await anna.call('peers.code', {})).shown)
  const wrong = await holt(ben, ['pair', 'K7M2-9XPQ'])
  assert.notEqual(wrong.exitCode, 0)
  assert.match(wrong.stderr, /no node that can be meant is nearby/)
  const takes = await holt(ben, ['pair', link, '--name', 'Ben'])
  assert.deepEqual([takes.exitCode, takes.stdout + takes.stderr], [0, "Paired with Anna's box.\n"])
  const shown = await shows
  assert.equal(shown.exitCode, 0, shown.stderr)
  assert.equal((JSON.parse(shown.stdout) as PeerInfo).name, 'Ben')
  assert.match(shown.stderr, /Code: [0-9A-Z]{4}-[0-9A-Z]{4}\n/)
  assert.match((await holt(ben, ['peers'])).stdout, /friend +Anna's box +12D3Koo/)
  assert.equal((await holt(ben, ['unpair', 'Anna'])).exitCode, 0)
  for (const node of [ben, anna]) {
    await node.restart()
    await among(node)
  }
  assert.deepEqual(
    (await peersOf(ben)).filter(({ relation }) => relation !== null),
    [],
  )
  await paired(anna, ({ problem }) => problem === 'CAP_REVOKED' || problem === 'PEER_UNREACHABLE')
})
