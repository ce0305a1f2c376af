import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { again, alike, among, newProcess, type OwnNode, twoNodes } from './cluster-world.ts'
import { temporaryFolder, until } from './harness.ts'
import { seededRandom } from './random.ts'

const seed = Number(process.env['HOLT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const kills = Number(process.env['HOLT_KILLS'] ?? 6)

test('a node that joins by the code another shows has its files; what either changes is on the other, and neither is a stranger', async (context) => {
  const folder = await temporaryFolder(context)
  const one = await newProcess(context, folder, 'one')
  await one.node.call('node.init', {})
  await among(one)
  await one.put('/before', 'of one')
  const other = await newProcess(context, folder, 'other')
  const shows = one.holt('cluster', 'invite', '--json')
  const { link } = await until('a code', async () => (await one.node.call('cluster.invitation', {})).shown)
  const joins = await other.holt('cluster', 'join', link)
  assert.deepEqual([joins.exitCode, joins.stderr], [0, ''])
  await among(other)
  const { self } = await other.node.call('peers.list', {})
  const shown = await shows
  assert.deepEqual([shown.exitCode, JSON.parse(shown.stdout)], [0, { peer: self }])
  await alike([other], new Map([['/before', 'of one']]))
  await other.put('/after', 'of other')
  await one.put('/before', 'again of one')
  await alike(
    [one, other],
    new Map([
      ['/after', 'of other'],
      ['/before', 'again of one'],
    ]),
  )
  for (const own of [one, other]) {
    const { peers } = await own.node.call('peers.list', {})
    assert.deepEqual(
      peers.map((peer) => [peer.own, peer.relation]),
      [[true, null]],
      own.name,
    )
    const said = await own.holt('cluster')
    assert.match(said.stdout, /has the same/)
    assert.match((await own.holt('peers')).stdout, /mine +12D3Koo/)
  }
})

test('what both changed while apart is merged; `holt versions` has the content that does not stand, and the owner is told', async (context) => {
  const folder = await temporaryFolder(context)
  const [one, other] = await twoNodes(context, folder)
  await one.put('/both', 'base')
  await alike([other], new Map([['/both', 'base']]))
  await one.node.kill()
  await other.put('/both', 'of other')
  await other.put('/only other', '2')
  await other.node.kill()
  await again(one)
  await one.put('/both', 'of one, later')
  await one.put('/only one', '1')
  await again(other)
  const merged = new Map([
    ['/both', 'of one, later'],
    ['/only one', '1'],
    ['/only other', '2'],
  ])
  await alike([one, other], merged)
  for (const own of [one, other]) {
    const listed = await own.holt('versions', '/both', '--json')
    const { versions } = JSON.parse(listed.stdout) as { versions: { sequence: number; entry: unknown }[] }
    const there = versions.filter(({ entry }) => entry !== null)
    const texts = await Promise.all(there.map(({ sequence }) => own.read('/both', sequence)))
    for (const text of ['base', 'of other', 'of one, later']) assert.ok(texts.includes(text), `${text} is in ${texts.join()}`)
  }
  const told = await Promise.all([one, other].map(async ({ node }) => (await node.call('cluster.show', {})).merged))
  assert.ok(told.flat().some(({ path }) => path === '/both'))
  const says = await Promise.all([one, other].map(async (own) => (await own.holt('cluster')).stdout))
  assert.match(says.join(''), /\/both/)
})

test(`whoever is killed at whatever moment, nothing acknowledged is lost and both have the same, seed ${seed}`, async (context) => {
  const folder = await temporaryFolder(context)
  const random = seededRandom(seed)
  const nodes = await twoNodes(context, folder)
  const said = new Map<string, string>()
  let made = 0
  const writing = async ({ name, put }: OwnNode, isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      const [path, text] = [`/${name} ${made++}`, String(random.fraction())]
      try {
        await put(path, text)
        said.set(path, text)
      } catch (error) {
        if (!isHoltError(error)) throw error
        return
      }
    }
  }
  for (let i = 0; i < kills; i++) {
    const victim = nodes[i % 2] as OwnNode
    let isOver = false
    const all = nodes.map((own) => writing(own, () => isOver))
    await sleep(random.integer(1, 1500))
    await victim.node.kill()
    await sleep(random.integer(0, 300))
    isOver = true
    await Promise.all(all)
    await again(victim)
  }
  assert.ok(said.size > kills, `${said.size} written`)
  await alike(nodes, said)
  await until('both stand alike', async () => (await nodes[0].node.call('cluster.show', {})).nodes[0]?.standing === 'alike')
})

test('a new node that is killed while it joins joins after all, with the next code at the latest', async (context) => {
  const folder = await temporaryFolder(context)
  const one = await newProcess(context, folder, 'one')
  await one.node.call('node.init', {})
  await among(one)
  for (let i = 0; i < 40; i++) await one.put(`/file ${i}`, String(i))
  const random = seededRandom(seed)
  const other = await newProcess(context, folder, 'other')
  for (const most of [50, 500, 2000]) {
    const { link } = await one.node.call('cluster.invite', {})
    const joined = other.node.call('node.join', { code: link }).catch((error: unknown) => error)
    await sleep(random.integer(0, most))
    await other.node.kill()
    await joined
    if ((await other.node.start()).state !== 'new') break
  }
  if ((await other.node.call('node.status', {})).state === 'new') {
    const { link } = await one.node.call('cluster.invite', {})
    await other.node.call('node.join', { code: link })
  }
  await among(other)
  await alike([other], new Map(Array.from({ length: 40 }, (_, i) => [`/file ${i}`, String(i)])))
})
