import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyRequest, LightMyRequestResponse } from 'fastify'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'
import { checkHost } from './guard.ts'

let admin: TestAdmin
let browser: TestBrowser
before(async () => {
  ;({ admin, browser } = await TestAdmin.ready())
})
after(() => admin.close())

function refused(response: LightMyRequestResponse, status: number, code: string): void {
  assert.equal(response.statusCode, status, response.body)
  assert.equal(response.json().code, code)
}

test('answers under addresses and localhost only, page and API alike', async () => {
  for (const host of ['127.0.0.1', '127.0.0.1:4658', 'localhost:1', 'LOCALHOST', '[::1]:4658', '192.168.1.20:80']) {
    assert.equal((await browser.get('/api/session', { host })).statusCode, 200, host)
    assert.equal((await browser.get('/', { host })).statusCode, 200, host)
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:4658',
    'a b',
    '127.0.0.1@evil.example',
    '127.1.1.1:99999999',
    '[::1',
  ]) {
    refused(await browser.get('/api/session', { host }), 403, 'NOT_AUTHORIZED')
    refused(await browser.get('/', { host }), 403, 'NOT_AUTHORIZED')
    refused(await browser.get('/no/such/page', { host }), 403, 'NOT_AUTHORIZED')
  }
})

test('refuses a request that names no host', () => {
  for (const host of [undefined, ''])
    assert.throws(() => checkHost({ headers: { host } } as FastifyRequest, []), { code: 'NOT_AUTHORIZED' })
})

test('answers under names the owner allowed', async () => {
  const named = await TestAdmin.start({ with: { allowedHosts: ['Box.local'] } })
  assert.equal((await named.browser().get('/', { host: 'box.LOCAL:80' })).statusCode, 200)
  refused(await named.browser().get('/', { host: 'other.local' }), 403, 'NOT_AUTHORIZED')
  await named.close()
})

test('refuses what another site makes the browser send', async () => {
  const body = { path: '/crossed' }
  const send = (headers: Record<string, string>) =>
    browser.send({
      method: 'POST',
      url: '/api/files/directories',
      payload: body,
      headers: { 'content-type': 'application/json', ...headers },
    })
  for (const site of ['cross-site', 'same-site', 'none', 'nonsense']) refused(await send({ 'sec-fetch-site': site }), 403, 'NOT_AUTHORIZED')
  for (const origin of ['http://evil.example', 'http://127.0.0.1:9999', 'http://localhost:4658', 'null', 'nonsense'])
    refused(await send({ origin }), 403, 'NOT_AUTHORIZED')
  for (const site of ['cross-site', 'same-site'])
    refused(await browser.get('/api/files/content?path=/&view', { 'sec-fetch-site': site }), 403, 'NOT_AUTHORIZED')
  assert.equal((await browser.get('/', { 'sec-fetch-site': 'cross-site' })).statusCode, 200, 'a link to the page works')
  refused(await browser.get('/api/files/entry?path=/crossed'), 404, 'NOT_FOUND')
})

test('needs the header no form can send, on every route that changes something', async () => {
  const plain = admin.browser()
  for (const [name, value] of browser.cookies) plain.cookies.set(name, value)
  delete plain.headers['x-holt']
  const document = (await browser.get('/api')).json() as { paths: Record<string, Record<string, unknown>> }
  let checked = 0
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      if (method === 'get' || method === 'head' || method === 'options') continue
      refused(
        await plain.send({ method: method.toUpperCase() as 'POST', url: path.replace('{id}', 'x').replace('{name}', 'x') }),
        403,
        'NOT_AUTHORIZED',
      )
      checked++
    }
  }
  assert.ok(checked >= 15)
})

const open = new Set([
  '/api/session',
  '/api/authority',
  '/api/authority/trusted',
  '/authority.crt',
  '/api/invited',
  '/api/invited/look',
  '/api/passkeys/options',
  '/api/passkeys/sign-in',
  '/api/shared/{id}',
  '/api/shared/{id}/blocks/{cid}',
])

test('nothing but session, set-up, the authority and the API document answers without a session', async () => {
  const stranger = admin.browser()
  const document = (await stranger.get('/api')).json() as { paths: Record<string, Record<string, unknown>> }
  let checked = 0
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      if (open.has(path)) continue
      const url = path.replace('{id}', 'x').replace('{name}', 'x')
      const answer = await stranger.send({ method: method.toUpperCase() as 'GET', url })
      assert.equal(answer.statusCode, 401, `${method} ${path}: ${answer.body}`)
      checked++
    }
  }
  assert.ok(checked >= 25)
})

test('the page comes with a strict policy', async () => {
  const { headers } = await browser.get('/')
  const policy = String(headers['content-security-policy']).split(/;\s*/)
  assert.ok(policy.includes("default-src 'none'"))
  assert.ok(policy.includes("frame-ancestors 'none'"))
  assert.ok(policy.includes("script-src 'self'"))
  assert.ok(policy.includes("img-src 'self' blob:"))
  assert.doesNotMatch(policy.join(), /unsafe|https?:|\*/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['cache-control'], 'no-cache')
  assert.match(String((await browser.get('/assets/main-1234.js')).headers['cache-control']), /immutable/)
})

test('gives out only what is in the folder of the page', async () => {
  for (const url of [
    '/../web/owner.json',
    '/..%2fweb/owner.json',
    '/%2e%2e/web/owner.json',
    '/assets/..%2f..%2fweb%2fowner.json',
    '/..%5cweb%5cowner.json',
    '/web/owner.json',
    '/assets/',
    '/%00',
    '/.env',
  ]) {
    const answer = await browser.get(url)
    assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${url}: ${answer.statusCode}`)
    assert.doesNotMatch(answer.body, /scrypt/)
  }
})

test('a stranger who asks too much is told to wait; the owner is not', async () => {
  const { admin: busy, browser: owner } = await TestAdmin.ready()
  const stranger = busy.browser()
  let last = 200
  for (let i = 0; i < 700 && last === 200; i++) last = (await stranger.get('/api/session')).statusCode
  assert.equal(last, 429)
  assert.equal((await owner.get('/api/session')).statusCode, 200)
  await busy.close()
})
