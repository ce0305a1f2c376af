import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MemoryNode } from '../testing/memory-node.ts'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

let admin: TestAdmin
let node: MemoryNode
let owner: TestBrowser
before(async () => {
  node = new MemoryNode()
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
})
after(() => admin.close())

const json = { 'content-type': 'application/json' }

test('a program takes a lease, and what it changes with the header Holt-Lease is changed under it', async () => {
  const put = (url: string, body: object) => owner.send({ method: 'PUT', url, payload: JSON.stringify(body), headers: json })
  const wanted = { path: '/accounts', seconds: 10 }
  assert.equal((await put('/api/cluster/lease', wanted)).json().code, 'CONFLICT', 'nobody leads')
  const laptop = node.cluster.join('Laptop')
  assert.equal((await put('/api/cluster/voters', { nodes: [laptop] })).json().leader, laptop)
  const lease = (await put('/api/cluster/lease', wanted)).json()
  assert.deepEqual(lease, { ...wanted, token: { term: 1, number: 1 } })
  const made = (headers: Record<string, string>) =>
    owner.send({
      method: 'POST',
      url: '/api/files/directories',
      payload: JSON.stringify({ path: '/accounts' }),
      headers: { ...json, ...headers },
    })
  assert.equal((await made({ 'holt-lease': '1.1' })).statusCode, 204)
  assert.deepEqual(node.calls.at(-1)?.params, { path: '/accounts', parents: undefined, token: lease.token })
  assert.deepEqual([(await made({ 'holt-lease': 'one' })).statusCode, (await made({ 'holt-lease': '1.0' })).statusCode], [400, 400])
  const release = { path: '/accounts', token: lease.token }
  assert.equal((await owner.post('/api/cluster/lease/release', release)).statusCode, 204)
  assert.deepEqual((await owner.get('/api/cluster')).json().leases, [])
  for (const body of [{ path: '/x', seconds: 11 }, { path: '/x' }, { seconds: 1 }])
    assert.equal((await put('/api/cluster/lease', body)).statusCode, 400)
})

test('a new node is invited by a code, until it has joined or the code is ended', async () => {
  const shown = await owner.post('/api/cluster/invitation', {})
  assert.equal(shown.statusCode, 201, shown.body)
  const peer = node.cluster.join('Attic')
  assert.equal((await owner.get('/api/cluster/invitation')).json().shown.joined, peer)
  assert.equal((await owner.send({ method: 'DELETE', url: '/api/cluster/invitation' })).statusCode, 204)
  assert.equal((await owner.get('/api/cluster/invitation')).json().shown, null)
})
