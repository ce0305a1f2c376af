import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defaultNetworkSettings } from '@holt/control/box/network-settings.ts'
import type { MemoryBox } from '../../testing/memory-box.ts'
import { MemoryNode } from '../../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'
import { askedRoutes } from './confirm-table.ts'

const AFTER_MS = 6 * 60_000
const open: TestAdmin[] = []
async function ready() {
  const made = await TestAdmin.ready(new MemoryNode({ box: true }))
  open.push(made.admin)
  return made
}
after(async () => {
  for (const admin of open) await admin.close()
})

const rules = { keepAllHours: 24, hourlyDays: 7, dailyDays: 30, trashDays: 30 }
const plan = { automatic: true, fromHour: 2, hours: 3, spreadDays: 3, treeFolder: '/updates' }
const bytes = 'AAAA'
/** What each route takes, so that nothing but the question is in the way. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/people/invitations': { name: 'Anna', role: 'guest', given: [], hours: 1 },
  'PUT /api/people/:id': { given: [] },
  'POST /api/tokens': { name: 'p', write: true, calls: ['files'], paths: null, hours: 1 },
  'POST /api/app-passwords': { name: 'p', path: '/', write: false },
  'POST /api/passkeys': { name: 'p', clientData: bytes, authenticatorData: bytes, publicKey: bytes, algorithm: -7 },
  'POST /api/drives': { folder: '/mnt/new' },
  'POST /api/jobs': { kind: 'remove-drive', drive: '/mnt/new' },
  'PUT /api/classes/:name': { dataFragments: 1, totalFragments: 3 },
  'PUT /api/retention': rules,
  'PUT /api/peers': { on: true },
  'POST /api/cluster/invitation': {},
  'PUT /api/cluster/voters': { nodes: ['12D3KooWMemoryOwnNodeMemoryOwnNodeMemoryOwnNodeMemo'] },
  'POST /api/peers/code': { relation: 'friend', name: 'me' },
  'POST /api/peers/pair': { code: '123456', relation: 'friend', name: 'me' },
  'PUT /api/peers/relations/:id/share': { give: true, mostBytes: null },
  'PUT /api/peers/wishes/:name': { nines: 9 },
  'PUT /api/peers/repair': { goneAfterSeconds: 86_400 },
  'POST /api/programs': { stage: '0'.repeat(16), grants: [] },
  'PUT /api/programs/:id/powers': { grant: { kind: 'clock', name: 'time' } },
  'PUT /api/network': { settings: defaultNetworkSettings },
  'POST /api/network/phones': { name: 'Phone', everything: true },
  'PUT /api/box/updates/plan': { plan },
  'POST /api/box/updates/install': { path: '/data/holt/updates/given.raucb' },
  'POST /api/box/disks/prepare': { device: '/dev/sda', consent: 'erase' },
  'PUT /api/box/time': { now: 1_800_000_000 },
}

function send(browser: TestBrowser, route: string) {
  const [method = '', url = ''] = route.split(' ')
  const body = bodies[route]
  const payload = body === undefined ? {} : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  return browser.send({
    method: method as 'POST',
    url: url.replace(':name', 'photos').replace(':id', 'abcdef0123456789'.repeat(2)),
    ...payload,
  })
}

/** What was asked of the node, but for the account that knows the password. */
function reached({ node }: TestAdmin): string[] {
  return node.calls.map(({ name }) => name).filter((name) => !name.startsWith('box.accounts.'))
}

test('the table names routes that there are', async () => {
  const { browser } = await ready()
  const { paths } = (await browser.get('/api')).json() as { paths: Record<string, Record<string, unknown>> }
  for (const route of askedRoutes) {
    const [method = '', url = ''] = route.split(' ')
    assert.ok(paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()], `${route} is asked for and not there`)
  }
})

test('a browser that was left open does none of it, and asks the node for nothing; with the password it goes on', async () => {
  const { admin, browser } = await ready()
  for (const route of askedRoutes) {
    admin.nowMs += AFTER_MS
    const before = admin.node.calls.length
    const asked = await send(browser, route)
    assert.equal(asked.statusCode, 403, `${route}: ${asked.body}`)
    assert.deepEqual([asked.json().code, asked.json().data.confirm], ['NOT_AUTHORIZED', true], route)
    assert.equal(admin.node.calls.length, before, `${route} reached the node`)
    assert.equal((await browser.post('/api/session/confirm', { password: PASSWORD })).statusCode, 204)
    const again = await send(browser, route)
    assert.notEqual((again.body === '' ? {} : again.json()).data?.confirm, true, `${route}: ${again.body}`)
  }
})

test('what closes a door, and what goes on every day, is not asked', async () => {
  const { admin, browser } = await ready()
  await browser.post('/api/network/phones', { name: 'Phone', everything: true })
  admin.nowMs += AFTER_MS
  assert.equal((await browser.send({ method: 'DELETE', url: '/api/network/phones/Phone' })).statusCode, 204)
  assert.equal((await browser.send({ method: 'DELETE', url: '/api/peers/code' })).statusCode, 204)
  assert.equal((await browser.post('/api/files/directories', { path: '/photos' })).statusCode, 204)
  assert.equal((await browser.post('/api/jobs', { kind: 'verify' })).statusCode, 202)
  assert.equal((await browser.send({ method: 'DELETE', url: '/api/session' })).statusCode, 204)
})

test('the password of one form counts for those after it, and without either nothing of a form is done', async () => {
  const { admin, browser } = await ready()
  const { machine } = admin.node.box as MemoryBox
  const ssh = (more: object) => browser.send({ method: 'PUT', url: '/api/box/ssh', payload: { enabled: false, keys: [], ...more } })
  const forms = [
    ssh,
    (more: object) => browser.post('/api/box/recovery-key', more),
    (more: object) => browser.post('/api/key/backup', { passphrase: 'a long passphrase', ...more }),
  ]
  for (const form of forms) {
    admin.nowMs += AFTER_MS
    const before = reached(admin)
    assert.equal((await form({})).json().data.confirm, true)
    assert.equal((await form({ password: 'not the password' })).statusCode, 401)
    assert.equal((await form({})).json().data.confirm, true, 'a wrong one counts for nothing')
    assert.deepEqual(reached(admin), before)
    const given = await form({ password: PASSWORD })
    assert.ok(given.statusCode < 300, given.body)
    for (const next of forms) assert.ok((await next({})).statusCode < 300)
    assert.equal((await browser.post('/api/drives', { folder: `/mnt/${admin.nowMs}` })).statusCode, 201)
  }
  assert.equal(
    (await browser.post('/api/box/reset', { consent: 'erase everything' })).statusCode,
    400,
    'erasing everything is always asked',
  )
  assert.deepEqual(machine.power, [])
})

test('a token does what it was made for without, but nothing that takes the password of a form', async () => {
  const { admin, browser } = await ready()
  const made = await browser.post('/api/tokens', { name: 'p', write: true, calls: ['storage', 'box'], paths: null, hours: 1 })
  const program = admin.browser()
  for (const name of ['sec-fetch-site', 'origin', 'x-holt']) delete program.headers[name]
  program.headers['authorization'] = `Bearer ${(made.json() as { token: string }).token}`
  admin.nowMs += AFTER_MS
  assert.equal((await program.post('/api/drives', { folder: '/mnt/a' })).statusCode, 201)
  const ssh = (more: object) => program.send({ method: 'PUT', url: '/api/box/ssh', payload: { enabled: false, keys: [], ...more } })
  assert.equal((await ssh({})).statusCode, 403)
  assert.equal((await ssh({ password: PASSWORD })).statusCode, 204)
  assert.equal((await ssh({})).statusCode, 403, 'a token has no session that it could be remembered in')
})

test('during the set-up nobody is asked: who has its code may do everything', async () => {
  const admin = await TestAdmin.start({ node: new MemoryNode({ box: true }) })
  open.push(admin)
  const browser = admin.browser()
  browser.headers['x-holt-setup-code'] = admin.code
  await browser.post('/api/setup/password', { password: PASSWORD })
  await browser.post('/api/setup/key')
  admin.nowMs += AFTER_MS
  assert.equal((await browser.post('/api/drives', { folder: '/mnt/a' })).statusCode, 201)
})
