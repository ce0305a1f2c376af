import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { invited } from '../testing/invite.ts'
import { MemoryNode } from '../testing/memory-node.ts'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

let admin: TestAdmin
let owner: TestBrowser
const node = new MemoryNode()
before(async () => {
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
})
after(() => admin.close())

const webp = Buffer.from('RIFF\0\0\0\0WEBPVP8 small').toString('base64')

function file(path: string): string {
  return String(node.tree.write(path, Buffer.from(path)).content)
}

const look = (browser: TestBrowser, path: string, content: string) =>
  browser.get(`/api/files/thumbnail?path=${encodeURIComponent(path)}&content=${content}`)

const keep = (browser: TestBrowser, body: unknown) =>
  browser.send({
    method: 'PUT',
    url: '/api/files/thumbnail',
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
const clear = { method: 'DELETE', url: '/api/files/thumbnails' } as const

test('a small picture is served as a picture and can be nothing else', async () => {
  const content = file('/a.jpg')
  assert.equal((await look(owner, '/a.jpg', content)).statusCode, 204)
  assert.equal((await keep(owner, { path: '/a.jpg', content, base64: webp })).statusCode, 204)
  const { statusCode, headers, body } = await look(owner, '/a.jpg', content)
  assert.equal(statusCode, 200)
  assert.equal(headers['content-type'], 'image/webp')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox; frame-ancestors 'none'")
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(body, /^RIFF/)
  assert.equal((await look(owner, '/a.jpg', 'memory-other')).statusCode, 204, 'not of a file that was')
  const script = Buffer.from('<svg onload="alert(1)"/>').toString('base64')
  assert.equal((await keep(owner, { path: '/a.jpg', content, base64: script })).statusCode, 400)
  assert.equal((await keep(owner, { path: '/a.jpg', content: 'memory-0', base64: webp })).statusCode, 409)
  assert.equal((await keep(owner, { path: '/a.jpg', content, base64: 'A'.repeat(60_000) })).statusCode, 400)
  assert.equal((await owner.send(clear)).statusCode, 204)
  assert.equal((await look(owner, '/a.jpg', content)).statusCode, 204)
})

test('who may only read sees them and keeps none; who may do neither learns nothing', async () => {
  for (const path of ['/shown', '/secret']) node.tree.makeDirectory(path)
  const shown = file('/shown/a.jpg')
  const secret = file('/secret/a.jpg')
  for (const [path, content] of [
    ['/shown/a.jpg', shown],
    ['/secret/a.jpg', secret],
  ])
    assert.equal((await keep(owner, { path, content, base64: webp })).statusCode, 204)
  const { browser: guest } = await invited(admin, owner, { name: 'Ben', role: 'guest', given: [{ path: '/shown', write: false }] })
  assert.equal((await look(guest, '/shown/a.jpg', shown)).statusCode, 200)
  assert.equal((await keep(guest, { path: '/shown/a.jpg', content: shown, base64: webp })).statusCode, 403)
  assert.equal((await look(guest, '/secret/a.jpg', secret)).statusCode, 403)
  assert.equal((await guest.send(clear)).statusCode, 403)
  assert.equal((await look(admin.browser('192.0.2.9'), '/shown/a.jpg', shown)).statusCode, 401)
})
