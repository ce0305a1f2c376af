import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { PASSWORD, TestAdmin } from '../testing/test-admin.ts'

const open: TestAdmin[] = []
async function ready() {
  const made = await TestAdmin.ready()
  open.push(made.admin)
  return made
}
after(async () => {
  for (const admin of open) await admin.close()
})

function refused(response: LightMyRequestResponse, status: number, code: string): void {
  assert.equal(response.statusCode, status, response.body)
  assert.equal(response.json().code, code)
  assert.equal(typeof response.json().message, 'string')
  assert.equal(typeof response.json().data, 'object')
}

test('signs in with the password, out again, and keeps only hashes', async () => {
  const { admin, browser } = await ready()
  const stranger = admin.browser()
  refused(await stranger.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  assert.deepEqual((await stranger.get('/api/session')).json(), { state: 'signed-out', setUpFinished: true, others: false })
  refused(await stranger.post('/api/session', { password: 'not the password' }), 401, 'SIGN_IN_FAILED')

  const response = await stranger.post('/api/session', { password: PASSWORD })
  assert.equal(response.statusCode, 204)
  for (const cookie of response.cookies) {
    assert.equal(cookie.httpOnly, true)
    assert.equal(cookie.sameSite, 'Strict')
    assert.equal(cookie.path, '/')
  }
  assert.equal((await stranger.get('/api/files?path=/')).statusCode, 200)
  const stored = await readFile(join(admin.folder, 'web', 'sessions.json'), 'utf8')
  for (const value of [...stranger.cookies.values(), ...browser.cookies.values()]) assert.ok(!stored.includes(value))
  const owner = await readFile(join(admin.folder, 'web', 'owner.json'), 'utf8')
  assert.ok(!owner.includes(PASSWORD))
  assert.equal((await stat(join(admin.folder, 'web', 'owner.json'))).mode & 0o777, 0o600)

  const token = new Map(stranger.cookies)
  assert.equal((await stranger.send({ method: 'DELETE', url: '/api/session' })).statusCode, 204)
  refused(await stranger.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  for (const [name, value] of token) stranger.cookies.set(name, value)
  refused(await stranger.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  assert.equal((await browser.get('/api/files?path=/')).statusCode, 200, 'other sessions stay')
})

test('refuses a cookie that was tampered with, and the device cookie as a session', async () => {
  const { admin, browser } = await ready()
  const session = [...browser.cookies].find(([name]) => name.startsWith('holt-session-')) as [string, string]
  const device = [...browser.cookies].find(([name]) => name.startsWith('holt-device-')) as [string, string]
  for (const value of [`${session[1]}A`, session[1].slice(1), '', '%00', 'x'.repeat(10_000), device[1]]) {
    const thief = admin.browser()
    thief.cookies.set(session[0], value)
    refused(await thief.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  }
})

test('sessions outlive a restart and end when idle', async () => {
  const { admin, browser } = await ready()
  const again = await TestAdmin.start({ node: admin.node, folder: admin.folder })
  const later = again.browser()
  for (const [name, value] of browser.cookies) later.cookies.set(name, value)
  assert.deepEqual((await later.get('/api/session')).json(), {
    state: 'signed-in',
    setUpFinished: true,
    others: false,
    person: { id: 'owner', name: '', role: 'owner', home: null, given: [] },
  })
  assert.equal(again.admin.setupCode, null)
  again.nowMs += 15 * 86_400_000
  assert.equal((await later.get('/api/session')).json().state, 'signed-out')
  await again.admin.app.close()
})

test('slows down guessing, but neither the owner on a known browser nor one at a new address', async () => {
  const { admin, browser } = await ready()
  const signedOut = await browser.send({ method: 'DELETE', url: '/api/session' })
  assert.equal(signedOut.headers['clear-site-data'], '"cache"', 'what was looked at does not stay in the browser')
  const far = { host: '192.0.2.4:4658', origin: 'http://192.0.2.4:4658' }
  const plain = await admin.browser().send({ method: 'DELETE', url: '/api/session', headers: far })
  assert.deepEqual([plain.statusCode, plain.headers['clear-site-data']], [204, undefined], 'browsers heed it over HTTPS only')
  const guesser = admin.browser('192.0.2.7')
  for (let i = 0; i < 5; i++) refused(await guesser.post('/api/session', { password: `guess number ${i}` }), 401, 'SIGN_IN_FAILED')
  const slowed = await guesser.post('/api/session', { password: PASSWORD })
  refused(slowed, 429, 'TOO_MANY_TRIES')
  assert.ok(Number(slowed.headers['retry-after']) >= 1)
  assert.equal((await browser.post('/api/session', { password: PASSWORD })).statusCode, 204, 'a known browser')
  assert.equal((await admin.browser('198.51.100.9').post('/api/session', { password: PASSWORD })).statusCode, 204, 'a new address')

  for (let i = 0; i < 30; i++) {
    admin.nowMs += 61_000
    refused(await guesser.post('/api/session', { password: `more ${i}` }), 401, 'SIGN_IN_FAILED')
  }
  admin.nowMs += 61_000
  assert.equal((await guesser.post('/api/session', { password: PASSWORD })).statusCode, 204, 'never locked out for good')
})

test('counts many tries at once as many tries', async () => {
  const { admin } = await ready()
  const guesser = admin.browser('192.0.2.8')
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => guesser.post('/api/session', { password: `guess number ${i}` })))
  assert.ok(answers.filter((answer) => answer.statusCode === 401).length <= 5)
})

test('guesses from one IPv6 network count together', async () => {
  const { admin } = await ready()
  for (let i = 0; i < 5; i++) await admin.browser(`2001:db8:1:2::${i}`).post('/api/session', { password: `guess number ${i}` })
  refused(await admin.browser('2001:db8:1:2:ffff::1').post('/api/session', { password: PASSWORD }), 429, 'TOO_MANY_TRIES')
  assert.equal((await admin.browser('2001:db8:1:3::1').post('/api/session', { password: PASSWORD })).statusCode, 204)
})

test('changing the password needs the old one and signs out everywhere else', async () => {
  const { admin, browser } = await ready()
  const other = admin.browser()
  await other.post('/api/session', { password: PASSWORD })
  const change = (password: string, newPassword: string) =>
    browser.send({ method: 'PUT', url: '/api/session/password', payload: { password, newPassword } })
  refused(await change('not the password', 'another good password'), 401, 'SIGN_IN_FAILED')
  refused(await change(PASSWORD, 'short'), 400, 'PASSPHRASE_TOO_WEAK')
  for (const weak of ['1234567890', 'passwort2024', 'HoltFamilie1', 'hello-hello-hello'])
    refused(await change(PASSWORD, weak), 400, 'PASSPHRASE_TOO_WEAK')
  assert.equal((await change(PASSWORD, 'another good password')).statusCode, 204)
  assert.equal((await browser.get('/api/session')).json().state, 'signed-in')
  assert.equal((await other.get('/api/session')).json().state, 'signed-out')
  refused(await other.post('/api/session', { password: PASSWORD }), 401, 'SIGN_IN_FAILED')
})

test('refuses a damaged state file rather than opening the set-up to anybody', async () => {
  const { admin } = await ready()
  const { writeFile } = await import('node:fs/promises')
  await writeFile(join(admin.folder, 'web', 'owner.json'), '{"v":1,"id"')
  await assert.rejects(TestAdmin.start({ folder: admin.folder }), { code: 'MALFORMED' })
})
