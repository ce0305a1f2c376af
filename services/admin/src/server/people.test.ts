import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { invited, THEIR_PASSWORD } from '../testing/invite.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

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
}

test('who is invited comes in with the code once, has a home, and signs in by name', async () => {
  const { admin, browser: owner } = await ready()
  const { browser, code } = await invited(admin, owner, { name: '  Anna   Lind ' })
  assert.match(code, /^[234679ACDEFGHJKMNPQRTWXY]{25}$/, '114 bits')
  const state = (await browser.get('/api/session')).json()
  assert.deepEqual(
    { name: state.person.name, role: state.person.role, home: state.person.home },
    { name: 'Anna Lind', role: 'member', home: '/people/Anna Lind' },
  )
  refused(await admin.browser().post('/api/invited', { code, password: THEIR_PASSWORD }), 404, 'NOT_FOUND')
  const later = admin.browser('198.51.100.8')
  refused(await later.post('/api/session', { name: 'Anna Lind', password: PASSWORD }), 401, 'SIGN_IN_FAILED')
  refused(await later.post('/api/session', { name: 'Nobody', password: THEIR_PASSWORD }), 401, 'SIGN_IN_FAILED')
  refused(await later.post('/api/session', { password: THEIR_PASSWORD }), 401, 'SIGN_IN_FAILED')
  assert.equal((await later.post('/api/session', { name: 'anna LIND', password: THEIR_PASSWORD })).statusCode, 204)
  const stored = await readFile(join(admin.folder, 'web', 'people.json'), 'utf8')
  assert.ok(!stored.includes(code) && !stored.includes(THEIR_PASSWORD))
})

test('an invitation expires, can be taken back, needs a good password, and may be typed loosely', async () => {
  const { admin, browser: owner } = await ready()
  const invite = async (name: string) =>
    (await owner.post('/api/people/invitations', { name, role: 'guest', given: [], hours: 1 })).json() as { id: string; code: string }
  const stranger = admin.browser('192.0.2.5')
  const first = await invite('First')
  refused(await stranger.post('/api/invited', { code: first.code, password: 'short' }), 400, 'PASSPHRASE_TOO_WEAK')
  const loose = `${first.code.slice(0, 8).toLowerCase()} - ${first.code.slice(8)}`
  assert.equal((await stranger.post('/api/invited/look', { code: loose })).json().name, 'First')
  await owner.send({ method: 'DELETE', url: `/api/people/invitations/${first.id}` })
  refused(await stranger.post('/api/invited', { code: first.code, password: THEIR_PASSWORD }), 404, 'NOT_FOUND')
  const second = await invite('Second')
  admin.nowMs += 2 * 3_600_000
  refused(await stranger.post('/api/invited', { code: second.code, password: THEIR_PASSWORD }), 404, 'NOT_FOUND')
})

test('guessing invitations is slow', async () => {
  const { admin } = await ready()
  const guesser = admin.browser('192.0.2.6')
  for (let i = 0; i < 5; i++) refused(await guesser.post('/api/invited/look', { code: `GUESS${i}` }), 404, 'NOT_FOUND')
  refused(await guesser.post('/api/invited/look', { code: 'ANOTHER' }), 429, 'TOO_MANY_TRIES')
})

test('names are taken once, however they are written, and are seen', async () => {
  const { admin, browser: owner } = await ready()
  await invited(admin, owner, { name: 'Zoë' })
  const invite = (name: string) => owner.post('/api/people/invitations', { name, role: 'guest', given: [], hours: 1 })
  for (const name of ['zoë', 'Zoe\u0308', ' ZOË ', 'owner', 'Owner']) refused(await invite(name), 409, 'ALREADY_EXISTS')
  for (const name of ['   ', '\u200b', 'a\u202eb', 'a\u0000b', 'a\nb\u0007']) refused(await invite(name), 400, 'NAME_INVALID')
})

test('a home never was a folder of somebody before', async () => {
  const { admin, browser: owner } = await ready()
  const { tree } = admin.node
  const { id } = await invited(admin, owner, { name: 'Dora' })
  tree.write('/people/Dora/diary', new Uint8Array(3))
  await owner.post('/api/session/confirm', { password: PASSWORD })
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/people/${id}` })).statusCode, 204)
  tree.remove(['/people/Dora'], true)
  const { browser } = await invited(admin, owner, { name: 'Dora' })
  assert.equal((await browser.get('/api/session')).json().person.home, '/people/Dora 2')
  refused(await browser.get(`/api/files/entry?path=/people/Dora/diary&at=${tree.sequence - 2}`), 403, 'NOT_AUTHORIZED')
  const { browser: odd } = await invited(admin, owner, { name: '../..' })
  assert.equal((await odd.get('/api/session')).json().person.home, '/people/-..')
})

test('who was removed is out at once, with sessions and tokens', async () => {
  const { admin, browser: owner } = await ready()
  const { browser, id } = await invited(admin, owner)
  await browser.post('/api/session/confirm', { password: THEIR_PASSWORD })
  const { token } = (await browser.post('/api/tokens', { name: 'p', write: true, calls: ['files'], paths: null, hours: null })).json() as {
    token: string
  }
  const program = admin.browser()
  program.headers['authorization'] = `Bearer ${token}`
  assert.equal((await program.get('/api/files?path=/people/Anna')).statusCode, 200)
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/people/${id}` })).statusCode, 204)
  refused(await browser.get('/api/files?path=/people/Anna'), 401, 'NOT_SIGNED_IN')
  refused(await program.get('/api/files?path=/people/Anna'), 401, 'NOT_SIGNED_IN')
  assert.equal(admin.node.tree.stat('/people/Anna').type, 'directory', 'the folder stays')
})

test('what is shared changes at once', async () => {
  const { admin, browser: owner } = await ready()
  admin.node.tree.makeDirectory('/photos')
  const { browser, id } = await invited(admin, owner, { role: 'guest' })
  refused(await browser.get('/api/files?path=/photos'), 403, 'NOT_AUTHORIZED')
  const share = (given: unknown[]) => owner.send({ method: 'PUT', url: `/api/people/${id}`, payload: { given } })
  assert.equal((await share([{ path: '/photos', write: true }])).statusCode, 204)
  assert.equal((await browser.get('/api/files?path=/photos')).statusCode, 200)
  assert.equal((await browser.put('/photos/x', 'x')).statusCode, 403, 'a guest reads only')
  await share([])
  refused(await browser.get('/api/files?path=/photos'), 403, 'NOT_AUTHORIZED')
})

test('dangerous acts need the password again after a while', async () => {
  const { admin, browser: owner } = await ready()
  const invite = () => owner.post('/api/people/invitations', { name: `p${admin.nowMs}`, role: 'guest', given: [], hours: 1 })
  assert.equal((await invite()).statusCode, 201, 'just signed in')
  admin.nowMs += 6 * 60_000
  const answer = await invite()
  refused(answer, 403, 'NOT_AUTHORIZED')
  assert.equal(answer.json().data.confirm, true)
  refused(await owner.post('/api/session/confirm', { password: 'not the password' }), 401, 'SIGN_IN_FAILED')
  refused(await invite(), 403, 'NOT_AUTHORIZED')
  await owner.post('/api/session/confirm', { password: PASSWORD })
  assert.equal((await invite()).statusCode, 201)
})

test('sessions are listed with their devices and ended one by one or all others; never those of somebody else', async () => {
  const { admin, browser: owner } = await ready()
  const { browser: anna } = await invited(admin, owner)
  const phone = admin.browser('198.51.100.3')
  phone.headers['user-agent'] = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Mobile Safari/604.1'
  await phone.post('/api/session', { password: PASSWORD })
  const list = async () =>
    ((await owner.get('/api/sessions')).json() as { sessions: { id: string; device: string; address: string; current: boolean }[] })
      .sessions
  const found = await list()
  assert.equal(found.length, 2)
  const ofPhone = found.find(({ current }) => !current)
  assert.deepEqual({ device: ofPhone?.device, address: ofPhone?.address }, { device: 'Safari · iPhone', address: '198.51.100.3' })
  refused(await anna.send({ method: 'DELETE', url: `/api/sessions/${ofPhone?.id}` }), 404, 'NOT_FOUND')
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/sessions/${ofPhone?.id}` })).statusCode, 204)
  refused(await phone.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  await phone.post('/api/session', { password: PASSWORD })
  assert.equal((await owner.send({ method: 'DELETE', url: '/api/sessions' })).statusCode, 204)
  assert.equal((await list()).length, 1)
  refused(await phone.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  assert.equal((await anna.get('/api/sessions')).statusCode, 200, 'other people stay signed in')
})

test('a member changes the own password, which ends the other sessions and tokens', async () => {
  const { admin, browser: owner } = await ready()
  const { browser } = await invited(admin, owner)
  const other = admin.browser()
  await other.post('/api/session', { name: 'Anna', password: THEIR_PASSWORD })
  const change = await browser.send({
    method: 'PUT',
    url: '/api/session/password',
    payload: { password: THEIR_PASSWORD, newPassword: 'hares and more hares' },
  })
  assert.equal(change.statusCode, 204)
  refused(await other.get('/api/files?path=/people/Anna'), 401, 'NOT_SIGNED_IN')
  assert.equal((await browser.get('/api/files?path=/people/Anna')).statusCode, 200)
  assert.equal((await owner.get('/api/files?path=/')).statusCode, 200)
})

test('signing in gives a new session in place of the old', async () => {
  const { admin, browser } = await ready()
  const before = new Map(browser.cookies)
  await browser.post('/api/session', { password: PASSWORD })
  const thief = admin.browser()
  for (const [name, value] of before) thief.cookies.set(name, value)
  refused(await thief.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
})

test('the owner signs somebody out on all devices; they come back with their password, and nobody else is touched', async () => {
  const { admin, browser: owner } = await ready()
  const { browser: theirs, id } = await invited(admin, owner, { name: 'Lena' })
  assert.equal((await theirs.get('/api/session')).json().state, 'signed-in')
  const signOut = (by: TestBrowser) => by.send({ method: 'DELETE', url: `/api/people/${id}/sessions` })
  refused(await signOut(theirs), 403, 'NOT_AUTHORIZED')
  assert.equal((await signOut(owner)).statusCode, 204)
  assert.equal((await theirs.get('/api/session')).json().state, 'signed-out')
  assert.equal((await owner.get('/api/session')).json().state, 'signed-in')
  assert.equal((await theirs.post('/api/session', { name: 'Lena', password: THEIR_PASSWORD })).statusCode, 204)
  refused(await owner.send({ method: 'DELETE', url: '/api/people/000000000000/sessions' }), 404, 'NOT_FOUND')
})
