import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { bodyOf, textOf } from '../node-world.ts'
import { startLanNode, until, worldFolder } from './lan-world.ts'

/** New, of the same owner as another by its words, or joined by the link that another shows. */
async function startNode(t: TestContext, folder: string, name: string, from: { words?: string; link?: string } = {}) {
  const { node, call, words } = await startLanNode(t, folder, name, async (begin, drives) => {
    if (from.link === undefined)
      return (await begin('node.init', { drives, ...(from.words === undefined ? {} : { words: from.words }) })).words
    await begin('node.join', { code: from.link, drives })
    return ''
  })
  const { signal } = new AbortController()
  const write = (path: string, text: string, token?: { term: number; number: number }) =>
    node.files.write(path, bodyOf(text), { signal, replace: true, ...(token === undefined ? {} : { token }) })
  const read = async (path: string, at?: number) =>
    textOf((await node.files.read(path, { signal, ...(at === undefined ? {} : { at }) })).body)
  return { call, words, write, read }
}

type TestNode = Awaited<ReturnType<typeof startNode>>

const has = (node: TestNode, path: string, text: string) =>
  until(`${path} with ${text}`, async () => ((await node.read(path).catch(() => null)) === text ? true : null))

async function twoNodes(t: TestContext) {
  const folder = worldFolder(t)
  const one = await startNode(t, folder, 'one')
  const other = await startNode(t, folder, 'other', one)
  await one.write('/first', 'was there')
  await other.write('/of-other', 'was there too')
  const { code } = await one.call('peers.showCode', { relation: 'mine', name: 'One' })
  const at = (await one.call('peers.list', {})).addresses
  await other.call('peers.pair', { code, relation: 'mine', name: 'Other', at })
  return { one, other }
}

test('nodes of one owner have the same files: what is changed on one is read on the other', async (t) => {
  const { one, other } = await twoNodes(t)
  await has(other, '/first', 'was there')
  await has(one, '/of-other', 'was there too')
  await one.write('/new', 'of one')
  await has(other, '/new', 'of one')
  await other.write('/new', 'of the other')
  await has(one, '/new', 'of the other')
  await one.call('files.remove', { paths: ['/first'] })
  await until('it is gone', async () => ((await other.read('/first').catch(() => null)) === null ? true : null))
})

test('what both changed while apart is merged; the content that does not stand is among the versions, and told', async (t) => {
  const { one, other } = await twoNodes(t)
  await one.write('/both', 'base')
  await has(other, '/both', 'base')
  await has(one, '/of-other', 'was there too')
  await other.call('peers.set', { on: false })
  await one.write('/both', 'of one')
  await one.write('/only-one', '1')
  await other.write('/both', 'of the other')
  await other.write('/only-other', '2')
  await other.call('files.remove', { paths: ['/first'] })
  await other.call('peers.set', { on: true })
  for (const node of [one, other]) {
    await has(node, '/only-one', '1')
    await has(node, '/only-other', '2')
    await has(node, '/both', 'of the other')
    await until('it is gone', async () => ((await node.read('/first').catch(() => null)) === null ? true : null))
    const { versions } = await node.call('files.versions', { path: '/both' })
    const texts = await Promise.all(versions.filter(({ entry }) => entry !== null).map(({ sequence }) => node.read('/both', sequence)))
    for (const text of ['base', 'of one', 'of the other']) assert.ok(texts.includes(text), `${text} is in ${texts.join()}`)
  }
  for (const { call } of [one, other])
    await until('it is told on both', async () => {
      const { events } = await call('events.next', { after: 1, waitMs: 10 })
      const { merged } = await call('cluster.show', {})
      return events.some(({ kind, path }) => kind === 'conflict' && path === '/both') && merged.some(({ path }) => path === '/both')
    })
})

test('a new node becomes one of the owner by a code that another shows, and has all files; one that is set up refuses', async (t) => {
  const folder = worldFolder(t)
  const one = await startNode(t, folder, 'one')
  await one.write('/first', 'was there')
  const stranger = await startNode(t, folder, 'stranger')
  const { link, code } = await one.call('cluster.invite', {})
  await assert.rejects(stranger.call('node.join', { code: link }), { code: 'ALREADY_INITIALIZED' })
  await assert.rejects(startNode(t, folder, 'guesser', { link: link.replace(code.slice(5), '0000') }), { code: 'PAIRING_FAILED' })
  assert.equal((await one.call('cluster.invitation', {})).shown?.triesLeft, 2)

  const other = await startNode(t, folder, 'other', { link })
  assert.equal((await one.call('cluster.invitation', {})).shown?.joined, (await other.call('peers.list', {})).self)
  assert.equal((await other.call('node.status', {})).principal, (await one.call('node.status', {})).principal)
  await has(other, '/first', 'was there')
  await other.write('/second', 'of the other')
  await has(one, '/second', 'of the other')
  await assert.rejects(startNode(t, folder, 'third', { link }), { code: 'PAIRING_FAILED' })

  const { nodes, running } = await one.call('cluster.show', {})
  assert.deepEqual([running, nodes.length, nodes[0]?.problem], [true, 1, null])
  await assert.rejects(one.call('cluster.lease', { path: '/x', seconds: 5 }), { code: 'CONFLICT' })
  const self = (await one.call('cluster.show', {})).self as string
  assert.deepEqual((await one.call('cluster.setVoters', { nodes: [self] })).voters, [self])
  await assert.rejects(one.call('cluster.setVoters', { nodes: [(await stranger.call('peers.list', {})).self as string] }), {
    code: 'NOT_FOUND',
  })
  await until('the other knows who leads', async () => ((await other.call('cluster.show', {})).leader === self ? true : null))
})

test('what is changed under a lease is refused when it is over, and other nodes change nothing there meanwhile', async (t) => {
  const { one, other } = await twoNodes(t)
  const self = (await one.call('cluster.show', {})).self as string
  await one.call('cluster.setName', { name: 'One' })
  await one.call('cluster.setVoters', { nodes: [self] })
  const take = (node: TestNode) => node.call('cluster.lease', { path: '/dir', seconds: 10 }).catch(() => null)
  const { token } = await until('a lease', () => take(other))
  await until('the leader knows it', async () => (await one.call('cluster.show', {})).leases.length === 1)
  await assert.rejects(one.call('files.mkdir', { path: '/dir' }), { code: 'CONFLICT' })
  await assert.rejects(one.call('files.mkdir', { path: '/dir', token }), { code: 'CONFLICT' }, 'it is the other’s')
  await other.call('files.mkdir', { path: '/dir', token })
  await assert.rejects(other.call('files.mkdir', { path: '/beside', token }), { code: 'CONFLICT' }, 'not below its path')
  await other.write('/dir/file', 'of the other', token)
  await other.call('trash.put', { paths: ['/dir/file'], token })
  await other.call('cluster.release', { path: '/dir', token })
  await assert.rejects(other.call('files.mkdir', { path: '/dir/late', token }), { code: 'CONFLICT' })
  await assert.rejects(other.write('/dir/late', 'late', token), { code: 'CONFLICT' })
  await until('the leader lets others change it', () => one.call('files.mkdir', { path: '/dir/of one', parents: true }).catch(() => null))
  assert.equal((await other.call('cluster.show', {})).nodes[0]?.name, 'One')
})
