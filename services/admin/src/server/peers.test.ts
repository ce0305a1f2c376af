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

test('the owner shows a code, sees who took it, and takes one; a wrong one says how many tries are left', async () => {
  const wanted = { relation: 'friend', name: 'Home' }
  const shown = await owner.post('/api/peers/code', wanted)
  assert.equal(shown.statusCode, 201, shown.body)
  assert.equal((await owner.get('/api/peers/code')).json().shown.paired, null)
  const ben = node.peers.join('Ben', 'friend')
  assert.equal((await owner.get('/api/peers/code')).json().shown.paired, ben.peer)
  assert.equal((await owner.send({ method: 'DELETE', url: '/api/peers/code' })).statusCode, 204)
  assert.equal((await owner.get('/api/peers/code')).json().shown, null)
  const wrong = await owner.post('/api/peers/pair', { ...wanted, code: 'K7M2-0000' })
  assert.equal(wrong.statusCode, 403)
  assert.deepEqual([wrong.json().code, wrong.json().data.triesLeft], ['PAIRING_FAILED', 2])
  const anna = await owner.post('/api/peers/pair', { ...wanted, code: 'K7M2-9XPQ' })
  assert.equal(anna.statusCode, 201, anna.body)
  assert.deepEqual(
    (await owner.get('/api/peers')).json().peers.map(({ name }: { name: string }) => name),
    ['Ben', "Anna's box"],
  )
  const url = `/api/peers/relations/${anna.json().relation.id}/share`
  const put = (body: object) =>
    owner.send({ method: 'PUT', url, payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const share = await put({ give: true, mostBytes: 5 << 20 })
  assert.deepEqual([share.statusCode, share.json().give, share.json().mostBytes], [200, true, 5 << 20])
  for (const body of [{ give: 1, mostBytes: null }, { give: true, mostBytes: -1 }, { give: true }, { give: true, mostBytes: 1, more: 1 }])
    assert.equal((await put(body)).statusCode, 400)
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/peers/relations/${anna.json().relation.id}` })).statusCode, 204)
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/peers/relations/${anna.json().relation.id}` })).statusCode, 404)
})

test('how safe everything is, what is wished, and where friends are are read and set; what means nothing is refused', async () => {
  const put = (url: string, body: object) =>
    owner.send({ method: 'PUT', url, payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const berta = node.peers.join('Berta', 'friend')
  const before = (await owner.get('/api/peers/outlook')).json()
  assert.equal(before.here, null)
  assert.equal((await put('/api/peers/places', { of: null, place: 'Home' })).statusCode, 204)
  assert.equal((await put('/api/peers/places', { of: berta.peer, place: 'Mill' })).statusCode, 204)
  assert.equal((await owner.get('/api/peers/outlook')).json().here, 'Home')
  assert.equal((await owner.get('/api/peers')).json().peers.find(({ name }: { name: string }) => name === 'Berta').place, 'Mill')
  assert.equal((await put('/api/peers/repair', { goneAfterSeconds: 86_400 })).json().goneAfterSeconds, 86_400)
  assert.equal((await put('/api/peers/wishes/standard', { nines: 9 })).statusCode, 200)
  assert.deepEqual(node.calls.at(-1)?.params, { redundancyClass: 'standard', nines: 9 })
  for (const [url, body] of [
    ['/api/peers/places', { of: null, place: 'x'.repeat(65) }],
    ['/api/peers/places', { of: null, place: '' }],
    ['/api/peers/places', { place: 'x' }],
    ['/api/peers/repair', { goneAfterSeconds: 60 }],
    ['/api/peers/repair', { rate: 1 }],
    ['/api/peers/wishes/standard', { nines: 16 }],
    ['/api/peers/wishes/standard', { nines: 1.5 }],
    ['/api/peers/wishes/standard', {}],
  ] as const)
    assert.equal((await put(url, body)).statusCode, 400, JSON.stringify(body))
  node.peers.peers = []
})

test('what does not fit is refused before it reaches the node; other nodes are turned off and on', async () => {
  const before = node.calls.length
  for (const body of [{}, { relation: 'enemy', name: 'x' }, { relation: 'friend', name: '' }, { relation: 'friend', name: 'x'.repeat(33) }])
    assert.equal((await owner.post('/api/peers/code', body)).statusCode, 400)
  assert.equal((await owner.post('/api/peers/pair', { relation: 'friend', name: 'x', code: 'y'.repeat(3000) })).statusCode, 400)
  assert.equal(node.calls.length, before)
  for (const on of [false, true]) {
    const answer = await owner.send({
      method: 'PUT',
      url: '/api/peers',
      payload: JSON.stringify({ on }),
      headers: { 'content-type': 'application/json' },
    })
    assert.deepEqual([answer.statusCode, answer.json().on, answer.json().running], [200, on, on])
  }
})
