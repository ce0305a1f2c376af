import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { afterwards, freePort, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { DavWorld, lockBody } from './world.ts'

test("a lock keeps another of the owner's nodes from what is locked, as long as it is", async (context) => {
  const below = await temporaryFolder(context)
  const port = await freePort()
  const nodes: TestNode[] = []
  for (const name of ['one', 'other']) {
    const peers = ['--peer-port', String(await freePort()), '--peer-interface', 'lo']
    const node = new TestNode(join(below, name), { page: name === 'one', port, peers })
    afterwards(context, () => node.kill())
    await node.start()
    nodes.push(node)
  }
  const [one, other] = nodes as [TestNode, TestNode]
  const among = (node: TestNode) => until('a node among others', async () => (await node.call('peers.list', {})).running)
  await one.call('node.init', {})
  await among(one)
  const { link } = await one.call('cluster.invite', {})
  await other.call('node.join', { code: link })
  await among(other)
  await one.call('files.mkdir', { path: '/letters' })
  await until('the folder on both', () => other.call('files.stat', { path: '/letters' }).catch(() => null))
  const { self } = await one.call('cluster.show', {})
  await one.call('cluster.setVoters', { nodes: [self as string] })

  const world = new DavWorld(one, `http://127.0.0.1:${port}/dav/`, below)
  const password = await world.password()
  const lock = () => world.request('LOCK', 'letters', { password, body: lockBody, headers: { depth: 'infinity' } })
  // who leads first waits until nothing that was granted before it can hold
  const taken = await until('a lease', async () => {
    const answer = await lock()
    await answer.text()
    const { leases } = await one.call('cluster.show', {})
    if (answer.status === 200 && leases.some(({ path }) => path === '/letters')) return answer
    const token = answer.headers.get('lock-token')
    if (token !== null) await world.request('UNLOCK', 'letters', { password, headers: { 'lock-token': token } })
    return null
  })
  const token = taken.headers.get('lock-token') as string
  const write = (name: string) => other.call('files.mkdir', { path: `/letters/${name}` })
  await until('the other node to hear of it', () =>
    write('early').then(
      () => other.call('files.remove', { paths: ['/letters/early'] }).then(() => null),
      (error: unknown) => isHoltError(error, 'CONFLICT'),
    ),
  )
  const put = (name: string, headers: Record<string, string>) => world.request('PUT', `letters/${name}`, { password, body: 'x', headers })
  assert.equal((await put('mine', {})).status, 423)
  assert.equal((await put('mine', { if: `</dav/letters> (${token})` })).status, 201)
  await assert.rejects(write('theirs'), { code: 'CONFLICT' })
  assert.equal((await world.request('UNLOCK', 'letters', { password, headers: { 'lock-token': token } })).status, 204)
  await until('that the other may write', () =>
    write('theirs').then(
      () => true,
      () => false,
    ),
  )
})
