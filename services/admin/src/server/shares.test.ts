import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ShareInfo } from '@holt/control/shares.ts'
import { TestAdmin } from '../testing/test-admin.ts'

async function sharing(t: TestContext) {
  const { admin, browser } = await TestAdmin.ready()
  t.after(() => admin.close())
  const made = await browser.post('/api/shares', { path: '/photos', label: 'June', expires: admin.node.shared.now + 60 })
  assert.equal(made.statusCode, 201)
  return { admin, browser, share: made.json() as ShareInfo, stranger: admin.browser('10.0.0.9') }
}

test('the owner makes a link, sees it, and takes it back', async (t) => {
  const { browser, share } = await sharing(t)
  assert.deepEqual([share.path, share.label], ['/photos', 'June'])
  assert.deepEqual((await browser.get('/api/shares')).json(), { shares: [share] })
  assert.equal((await browser.send({ method: 'DELETE', url: `/api/shares/${share.id}` })).statusCode, 204)
  assert.deepEqual((await browser.get('/api/shares')).json(), { shares: [] })
})

test('nobody else may', async (t) => {
  const { admin, share, stranger } = await sharing(t)
  assert.equal((await stranger.get('/api/shares')).statusCode, 401)
  assert.equal((await stranger.post('/api/shares', { path: '/photos' })).statusCode, 401)
  assert.equal((await stranger.send({ method: 'DELETE', url: `/api/shares/${share.id}` })).statusCode, 401)
  assert.equal(admin.node.shared.shares.length, 1)
})

test('who has the link gets the sealed bytes, unchanged, and no cookie', async (t) => {
  const { admin, share, stranger } = await sharing(t)
  const bytes = Buffer.from([0, 255, 13, 10, 1])
  admin.node.shared.documents.set(share.id, bytes)
  admin.node.shared.blocks.set('bafy', bytes)
  for (const path of ['', '/blocks/bafy']) {
    const answer = await stranger.get(`/api/shared/${share.id}${path}`)
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.rawPayload, bytes)
    assert.equal(answer.headers['content-type'], 'application/octet-stream')
    assert.equal(answer.cookies.length, 0)
  }
  assert.equal((await stranger.get(`/api/shared/${share.id}`)).headers['cache-control'], 'no-store')
  assert.equal((await stranger.get(`/api/shared/${share.id}/blocks/other`)).json().code, 'BLOCK_NOT_FOUND')
})

test('a link that expired or was taken back opens nothing', async (t) => {
  const { admin, browser, share, stranger } = await sharing(t)
  admin.node.shared.now += 61
  assert.deepEqual([(await stranger.get(`/api/shared/${share.id}`)).json().code], ['CAP_EXPIRED'])
  await browser.send({ method: 'DELETE', url: `/api/shares/${share.id}` })
  assert.equal((await stranger.get(`/api/shared/${share.id}`)).json().code, 'NOT_FOUND')
  assert.equal((await stranger.get('/api/shared/xyz')).json().code, 'INPUT_INVALID')
})

test('guessing links is limited, reading by a good one is not', async (t) => {
  const { share, stranger } = await sharing(t)
  for (let i = 0; i < 700; i++) await stranger.get(`/api/shared/${'0'.repeat(32)}`)
  assert.equal((await stranger.get(`/api/shared/${'0'.repeat(32)}`)).statusCode, 429)
  assert.equal((await stranger.get(`/api/shared/${share.id}`)).statusCode, 200)
})

test('another site can neither make links nor read by them', async (t) => {
  const { browser, share } = await sharing(t)
  const foreign = { 'sec-fetch-site': 'cross-site' }
  assert.equal((await browser.get(`/api/shared/${share.id}`, foreign)).statusCode, 403)
  const made = await browser.send({
    method: 'POST',
    url: '/api/shares',
    payload: '{}',
    headers: { ...foreign, 'content-type': 'application/json' },
  })
  assert.equal(made.statusCode, 403)
})
