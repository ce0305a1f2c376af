import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { invited, THEIR_PASSWORD } from '../testing/invite.ts'
import { SoftAuthenticator } from '../testing/soft-authenticator.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

const ORIGIN = 'http://localhost:4658'
let admin: TestAdmin
let owner: TestBrowser
before(async () => {
  ;({ admin, browser: owner } = await TestAdmin.ready())
  atLocalhost(owner)
})
after(() => admin.close())

function atLocalhost(browser: TestBrowser): TestBrowser {
  Object.assign(browser.headers, { host: 'localhost:4658', origin: ORIGIN })
  return browser
}

async function added(browser: TestBrowser, device: SoftAuthenticator, name = 'phone') {
  const options = (await browser.post('/api/passkeys/new')).json() as { challenge: string; page: string }
  return browser.post('/api/passkeys', { name, ...device.make({ ...options, origin: ORIGIN }) })
}

async function assertion(browser: TestBrowser, device: SoftAuthenticator, purpose = 'sign-in', origin = ORIGIN) {
  const { challenge, page } = (await browser.post('/api/passkeys/options', { purpose })).json() as { challenge: string; page: string }
  return device.use({ challenge, page, origin })
}

test('a passkey is added, signs in without a name, and is removed', async () => {
  for (const kind of ['ec', 'ed25519'] as const) {
    const device = new SoftAuthenticator(kind)
    assert.equal((await added(owner, device)).statusCode, 201)
    const stranger = atLocalhost(admin.browser('198.51.100.9'))
    const answer = await stranger.post('/api/passkeys/sign-in', await assertion(stranger, device))
    assert.equal(answer.statusCode, 204, answer.body)
    assert.equal((await stranger.get('/api/session')).json().person.role, 'owner')
    const id = device.id.toString('base64url')
    assert.equal((await owner.send({ method: 'DELETE', url: `/api/passkeys/${id}` })).statusCode, 204)
    assert.equal((await stranger.post('/api/passkeys/sign-in', await assertion(stranger, device))).statusCode, 401)
    assert.ok(!(await readFile(join(admin.folder, 'web', 'passkeys.json'), 'utf8')).includes(id))
  }
})

test('refuses what is replayed, altered, of another page, without a check of who is there, or from a copy', async () => {
  const device = new SoftAuthenticator()
  await added(owner, device)
  let address = 0
  const stranger = () => atLocalhost(admin.browser(`198.51.100.${20 + address++}`))
  const refused = async (body: unknown, browser = stranger()) => {
    const answer = await browser.post('/api/passkeys/sign-in', body)
    assert.equal(answer.statusCode, 401, answer.body)
    assert.equal((await browser.get('/api/session')).json().state, 'signed-out')
  }
  const good = await assertion(owner, device)
  assert.equal((await stranger().post('/api/passkeys/sign-in', good)).statusCode, 204)
  await refused(good)
  await refused(await assertion(owner, device, 'sign-in', 'https://evil.example'))
  await refused(await assertion(owner, device, 'confirm'))
  for (const field of ['clientData', 'authenticatorData', 'signature'] as const) {
    const altered = await assertion(owner, device)
    const bytes = Buffer.from(altered[field], 'base64url')
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1
    await refused({ ...altered, [field]: bytes.toString('base64url') })
    await refused({ ...(await assertion(owner, device)), [field]: '' })
  }
  device.flags = 0x01
  await refused(await assertion(owner, device))
  device.flags = 0x05
  device.counter = 0
  await refused(await assertion(owner, device))
  device.counter = 100
  assert.equal((await stranger().post('/api/passkeys/sign-in', await assertion(owner, device))).statusCode, 204)
  const other = new SoftAuthenticator()
  await refused({ ...(await assertion(owner, other)), id: device.id.toString('base64url') })
})

test('a passkey confirms its own person only, and a challenge is for who asked', async () => {
  const { browser: anna } = await invited(admin, owner)
  atLocalhost(anna)
  const [hers, owners] = [new SoftAuthenticator(), new SoftAuthenticator()]
  await anna.post('/api/session/confirm', { password: THEIR_PASSWORD })
  assert.equal((await added(anna, hers)).statusCode, 201)
  await owner.post('/api/session/confirm', { password: PASSWORD })
  assert.equal((await added(owner, owners)).statusCode, 201)
  admin.nowMs += 6 * 60_000
  const confirm = async (browser: TestBrowser, device: SoftAuthenticator) =>
    (await browser.post('/api/session/confirm/passkey', await assertion(browser, device, 'confirm'))).statusCode
  assert.equal((await owner.post('/api/passkeys/new')).statusCode, 403, 'not confirmed')
  assert.equal(await confirm(owner, hers), 401)
  assert.equal((await owner.post('/api/session/confirm/passkey', await assertion(anna, owners, 'confirm'))).statusCode, 401)
  assert.equal(await confirm(owner, owners), 204)
  assert.equal((await owner.post('/api/passkeys/new')).statusCode, 200)
  const list = (await anna.get('/api/passkeys')).json() as { passkeys: { id: string }[] }
  assert.deepEqual(
    list.passkeys.map(({ id }) => id),
    [hers.id.toString('base64url')],
  )
  await anna.post('/api/session/confirm', { password: THEIR_PASSWORD })
  assert.equal((await anna.send({ method: 'DELETE', url: `/api/passkeys/${owners.id.toString('base64url')}` })).statusCode, 404)
})

test('says where passkeys cannot work', async () => {
  for (const [host, origin] of [
    ['127.0.0.1:4658', 'http://127.0.0.1:4658'],
    ['127.0.0.1:4658', 'https://127.0.0.1:4658'],
  ] as const) {
    const answer = await owner.send({ method: 'POST', url: '/api/passkeys/new', headers: { host, origin } })
    assert.equal(answer.statusCode, 403)
    assert.equal(answer.json().data.passkeys, false)
  }
})

test('refuses keys that do not fit their algorithm', async () => {
  await owner.post('/api/session/confirm', { password: PASSWORD })
  const device = new SoftAuthenticator()
  for (const wrong of [{ algorithm: -8 }, { algorithm: 0 }, { publicKey: 'AAAA' }, { publicKey: '' }, { authenticatorData: '' }]) {
    const options = (await owner.post('/api/passkeys/new')).json() as { challenge: string; page: string }
    const answer = await owner.post('/api/passkeys', { name: 'x', ...device.make({ ...options, origin: ORIGIN }), ...wrong })
    assert.ok(answer.statusCode === 400 || answer.statusCode === 401, answer.body)
  }
})
