import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defaultNetworkSettings as usual } from '@holt/control/box/network-settings.ts'
import type { MemoryBox } from '../testing/memory-box.ts'
import { MemoryNode } from '../testing/memory-node.ts'
import { PASSWORD, TestAdmin } from '../testing/test-admin.ts'

const open: TestAdmin[] = []
async function ready(box: boolean) {
  const made = await TestAdmin.ready(new MemoryNode({ box }))
  open.push(made.admin)
  return made
}
after(async () => {
  for (const admin of open) await admin.close()
})

test('a node elsewhere says that it runs on no box', async () => {
  const { browser } = await ready(false)
  const response = await browser.get('/api/network')
  assert.equal(response.statusCode, 404)
  assert.equal(response.json().code, 'NOT_A_BOX')
  assert.equal((await browser.get('/api/status')).json().box, undefined)
})

test('settings are tried, confirmed or taken back; a stale confirmation is refused', async () => {
  const { browser, admin } = await ready(true)
  assert.equal((await browser.get('/api/status')).json().box, true)
  const put = (settings: unknown) => browser.send({ method: 'PUT', url: '/api/network', payload: { settings } })
  const changed = { ...usual, dns: { upstream: ['9.9.9.9'], refuseRebinding: true } }
  const trial = (await put(changed)).json()
  assert.ok(trial.remainingMs > 50_000)
  assert.equal((await browser.get('/api/network')).json().state.trial.id, trial.id)
  assert.equal((await browser.post('/api/network/roll-back')).statusCode, 204)
  assert.equal((await browser.post('/api/network/confirm', { id: trial.id })).statusCode, 409)
  const second = (await put(changed)).json()
  assert.equal((await browser.post('/api/network/confirm', { id: second.id })).statusCode, 204)
  assert.deepEqual(admin.node.box?.settings, changed)
})

test('a field that does not fit is named', async () => {
  const { browser } = await ready(true)
  const put = async (settings: unknown) => (await browser.send({ method: 'PUT', url: '/api/network', payload: { settings } })).json()
  assert.deepEqual((await put({ ...usual, lan: { ...usual.lan, address: 'nonsense' } })).data, {
    part: 'body',
    field: 'settings.lan.address',
  })
  assert.equal((await put({ ...usual, lan: { ...usual.lan, address: '8.8.8.8' } })).data.field, 'lan.address')
  assert.equal((await put({ ...usual, colour: 'red' })).code, 'INPUT_INVALID')
})

test('phones are let in and shut out; strangers and other sites are not', async () => {
  const { browser, admin } = await ready(true)
  const added = await browser.post('/api/network/phones', { name: 'Phone', everything: true })
  assert.equal(added.statusCode, 201)
  assert.match(added.json().configuration, /PrivateKey/)
  assert.equal(added.headers['cache-control'], 'no-store')
  assert.equal((await browser.post('/api/network/phones', { name: 'a\nb', everything: true })).statusCode, 400)
  assert.equal((await browser.send({ method: 'DELETE', url: '/api/network/phones/Phone' })).statusCode, 204)
  const stranger = admin.browser()
  for (const response of [
    await stranger.get('/api/network'),
    await stranger.post('/api/network/phones', { name: 'Phone', everything: true }),
  ])
    assert.equal(response.statusCode, 401)
  const forged = await browser.send({
    method: 'PUT',
    url: '/api/network',
    payload: { settings: usual },
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(forged.statusCode, 403)
})

test('on a box the password is that of the account; should nobody answer for it, the page knows it too', async () => {
  const { browser, admin } = await ready(true)
  const box = admin.node.box as MemoryBox
  assert.equal(box.accountPassword, PASSWORD)
  const signIn = async (password: string) => (await admin.browser().post('/api/session', { password })).statusCode
  assert.equal(await signIn(PASSWORD), 204)
  box.helperIsGone = true
  assert.equal(await signIn(PASSWORD), 204)
  assert.equal(await signIn('another long password'), 401)
  box.helperIsGone = false
  box.accountPassword = 'changed by other means'
  assert.equal(await signIn('changed by other means'), 204)
  assert.equal(await signIn(PASSWORD), 401, 'the account is who is asked')
  const change = { password: 'changed by other means', newPassword: 'one more long password' }
  assert.equal((await browser.send({ method: 'PUT', url: '/api/session/password', payload: change })).statusCode, 204)
  assert.equal(box.accountPassword, 'one more long password')
  assert.equal(await signIn('one more long password'), 204)
})

test('an account with a password that nobody here knows stays as it is, and the page has its own', async () => {
  const node = new MemoryNode({ box: true })
  ;(node.box as MemoryBox).accountPassword = 'from an earlier set-up'
  const { admin } = await TestAdmin.ready(node)
  open.push(admin)
  assert.equal((node.box as MemoryBox).accountPassword, 'from an earlier set-up')
  assert.equal((await admin.browser().post('/api/session', { password: PASSWORD })).statusCode, 204)
})
