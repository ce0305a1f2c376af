import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { HoltError } from '@holt/core/errors.ts'
import type { MemoryBox } from '../testing/memory-box.ts'
import { MemoryNode } from '../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../testing/test-admin.ts'
import { GivenBundle } from './box/given-bundle.ts'
import type { Job } from './jobs.ts'

const open: TestAdmin[] = []
async function ready(work: { steps?: number; stepMs?: number } = {}) {
  const { admin, browser } = await TestAdmin.ready(new MemoryNode({ box: true, ...work }))
  open.push(admin)
  const put = (url: string, payload: object) => browser.send({ method: 'PUT', url, payload })
  return { admin, browser, put, box: admin.node.box as MemoryBox, machine: (admin.node.box as MemoryBox).machine }
}
after(async () => {
  for (const admin of open) await admin.close()
})

/** Waits for the end of a job that an answer began. */
async function ended(browser: TestBrowser, answer: { statusCode: number; body: string }): Promise<Job> {
  assert.equal(answer.statusCode, 202, answer.body)
  const { id } = JSON.parse(answer.body) as Job
  for (let i = 0; i < 1000; i++) {
    const job = (await browser.get(`/api/jobs/${id}`)).json() as Job
    if (job.state !== 'running') return job
    await wait(5)
  }
  throw new Error('the job does not end')
}

test('a node elsewhere says that it runs on no box, and takes no update', async () => {
  const { admin, browser } = await TestAdmin.ready(new MemoryNode())
  open.push(admin)
  for (const url of ['updates', 'disks', 'access']) assert.equal((await browser.get(`/api/box/${url}`)).json().code, 'NOT_A_BOX', url)
  const given = await browser.send({ method: 'PUT', url: '/api/box/updates/bundle', payload: Buffer.alloc(100), headers: octets })
  assert.equal(given.json().code, 'NOT_A_BOX')
  assert.deepEqual(await readdir(join(admin.folder, 'updates')).catch(() => []), [])
})

const octets = { 'content-type': 'application/octet-stream' }

test('offers are found, one is installed with progress, and waits for a restart', async () => {
  const { browser, machine } = await ready()
  machine.inTree = [{ path: '/data/system/updates/tree/a.raucb', version: '0.2.0', changes: 'More otters.', built: '2026-11-20' }]
  assert.deepEqual((await browser.get('/api/box/updates')).json().plan.offers, [])
  assert.equal((await ended(browser, await browser.post('/api/box/updates/look'))).state, 'done')
  const { status, plan } = (await browser.get('/api/box/updates')).json()
  assert.deepEqual([status.version, plan.offers[0].version], ['0.1.0', '0.2.0'])
  const job = await ended(browser, await browser.post('/api/box/updates/install', { path: plan.offers[0].path }))
  assert.deepEqual([job.state, job.about, job.progress?.doneItems], ['done', '0.2.0', 5])
  assert.equal((await browser.get('/api/box/updates')).json().status.next, 'rootfs.1')
  assert.equal((await browser.post('/api/box/restart')).statusCode, 204)
  assert.deepEqual(machine.power, ['restart'])
})

test('an installation can be cancelled, and no other begins beside it; checking files may go on meanwhile', async () => {
  const { browser, machine } = await ready({ steps: 1000, stepMs: 5 })
  machine.offers = [{ path: '/run/media/stick/a.raucb', version: '0.2.0', changes: '', built: '' }]
  const begun = await browser.post('/api/box/updates/install', { path: '/run/media/stick/a.raucb' })
  assert.equal((await browser.post('/api/box/updates/install', { path: '/run/media/stick/a.raucb' })).json().code, 'CONFLICT')
  const verify = await browser.post('/api/jobs', { kind: 'verify' })
  assert.equal(verify.statusCode, 202)
  for (const { id } of [begun.json(), verify.json()]) await browser.send({ method: 'DELETE', url: `/api/jobs/${id}` })
  assert.equal((await ended(browser, begun)).state, 'cancelled')
  assert.equal(machine.updates.next, null)
})

test('a bundle is taken from the owner, checked, installed and forgotten; one that is not signed is not kept', async () => {
  const { browser, admin, machine } = await ready()
  const give = () => browser.send({ method: 'PUT', url: '/api/box/updates/bundle', payload: Buffer.alloc(300_000, 7), headers: octets })
  const kept = () => readdir(join(admin.folder, 'updates'))
  const given = await give()
  assert.equal(given.statusCode, 201, given.body)
  assert.equal(given.json().version, '0.3.0')
  assert.deepEqual(await kept(), ['given.raucb'])
  // in memory a path is any path; on a box the schema of the helper decides which
  const job = await admin.node.call('box.updates.inspect', { path: given.json().path })
  assert.equal(job.version, '0.3.0')
  assert.equal((await browser.send({ method: 'DELETE', url: '/api/box/updates/bundle' })).statusCode, 204)
  assert.deepEqual(await kept(), [])
  machine.given = null
  assert.equal((await give()).json().code, 'SIGNATURE_INVALID')
  assert.deepEqual(await kept(), [])
  const huge = new GivenBundle(admin.folder, { maxBytes: 10 })
  async function* body() {
    yield new Uint8Array(8)
    yield new Uint8Array(8)
  }
  await assert.rejects(huge.write(body()), { code: 'TOO_LARGE' })
  assert.deepEqual(await kept(), [])
})

test('the plan is kept; one that cannot be is refused', async () => {
  const { put, machine } = await ready()
  const plan = { ...machine.plan, automatic: false, fromHour: 22 }
  assert.equal((await put('/api/box/updates/plan', { plan })).statusCode, 204)
  assert.deepEqual(machine.plan, plan)
  for (const wrong of [{ fromHour: 24 }, { hours: 0 }, { treeFolder: 'updates' }, { colour: 'red' }])
    assert.equal((await put('/api/box/updates/plan', { plan: { ...plan, ...wrong } })).statusCode, 400)
})

test('a drive is erased only by the words that name it, and becomes one of the node', async () => {
  const { browser, admin, machine } = await ready()
  const prepare = (body: object) => browser.post('/api/box/disks/prepare', body)
  const [, usb] = (await browser.get('/api/box/disks')).json().disks
  assert.equal((await browser.get(`/api/box/disks/health?device=${usb.device}`)).json().state, 'good')
  assert.equal((await prepare({ device: usb.device, consent: 'erase' })).json().code, 'CONSENT_MISSING')
  assert.equal((await prepare({ device: '/dev/sdz', consent: 'erase' })).json().code, 'NOT_FOUND')
  assert.equal((await prepare({ device: '/dev/sda; rm', consent: 'erase' })).json().code, 'INPUT_INVALID')
  assert.equal(machine.disks[1]?.role, 'foreign')
  const job = await ended(browser, await prepare({ device: usb.device, consent: usb.consent }))
  assert.deepEqual([job.state, job.about], ['done', '/dev/sda'])
  assert.ok(admin.node.drives.some(({ folder }) => folder === '/data/drives/bp4711/holt'))
})

test('SSH needs the right password, and keys that are keys', async () => {
  const { put, browser, machine } = await ready()
  const key = `ssh-ed25519 ${'A'.repeat(68)} me@laptop`
  assert.equal((await put('/api/box/ssh', { enabled: true, keys: [key], password: 'wrong' })).statusCode, 401)
  assert.equal((await put('/api/box/ssh', { enabled: true, keys: ['nonsense'], password: PASSWORD })).json().data.field, 'keys.0')
  assert.equal((await put('/api/box/ssh', { enabled: true, keys: [key], password: PASSWORD })).statusCode, 204)
  assert.equal(machine.ssh.enabled, true)
  assert.equal((await browser.get('/api/box/access')).json().ssh.keys[0].comment, 'me@laptop')
})

test('an account that kept another password takes that of the page from who knows both', async () => {
  const node = new MemoryNode({ box: true })
  ;(node.box as MemoryBox).accountPassword = 'from an earlier set-up'
  const { admin, browser } = await TestAdmin.ready(node)
  open.push(admin)
  const account = async () => (await browser.get('/api/box/access')).json().account
  assert.deepEqual(await account(), { hasPassword: true, isPages: false })
  const join = (body: object) => browser.send({ method: 'PUT', url: '/api/box/account', payload: body })
  assert.equal((await join({ password: PASSWORD })).statusCode, 401)
  assert.equal((await join({ password: PASSWORD, accountPassword: 'from an earlier set-up' })).statusCode, 204)
  assert.deepEqual(await account(), { hasPassword: true, isPages: true })
  assert.equal((node.box as MemoryBox).accountPassword, PASSWORD)
})

test('what one program of the box cannot say hides nothing else', async () => {
  const { browser, machine } = await ready()
  const { handlers } = machine as unknown as { handlers: Record<string, unknown> }
  handlers['box.time.get'] = () => {
    throw new Error('a fault')
  }
  assert.equal((await browser.get('/api/box/access')).statusCode, 500, 'a fault of ours is none of the box')
  handlers['box.time.get'] = () => {
    throw new HoltError('DEPENDENCY_MISSING', 'timedatectl is not installed')
  }
  const { time, tpm } = (await browser.get('/api/box/access')).json()
  assert.deepEqual([time, tpm.version], [null, '2.0'])
})

test('everything is erased only by the very words and the password; strangers and other sites reach nothing', async () => {
  const { browser, admin, machine } = await ready()
  const reset = (body: object) => browser.post('/api/box/reset', body)
  assert.equal((await reset({ consent: 'erase everything', password: 'wrong' })).statusCode, 401)
  assert.equal((await reset({ consent: 'yes', password: PASSWORD })).json().code, 'CONSENT_MISSING')
  assert.deepEqual(machine.power, [])
  assert.equal((await reset({ consent: 'erase everything', password: PASSWORD })).statusCode, 204)
  assert.deepEqual(machine.power, ['reset'])
  const stranger = admin.browser()
  for (const url of ['updates', 'disks', 'access']) assert.equal((await stranger.get(`/api/box/${url}`)).statusCode, 401, url)
  for (const url of ['restart', 'shut-down', 'updates/look']) assert.equal((await stranger.post(`/api/box/${url}`)).statusCode, 401, url)
  const forged = await browser.send({ method: 'POST', url: '/api/box/restart', headers: { 'sec-fetch-site': 'cross-site' } })
  assert.equal(forged.statusCode, 403)
  assert.deepEqual(machine.power, ['reset'])
})

test('the clock is set from the browser while the network has not', async () => {
  const { put, machine } = await ready()
  assert.equal((await put('/api/box/time', { now: 1_800_000_000 })).statusCode, 409)
  machine.time = { ...machine.time, synchronized: false, server: null }
  assert.equal((await put('/api/box/time', { now: 1_800_000_000 })).statusCode, 204)
  assert.equal(machine.time.now, 1_800_000_000)
})

test('a recovery key is made on the word and password of the owner, and told once', async () => {
  const { browser, machine } = await ready()
  const make = (password: string) => browser.post('/api/box/recovery-key', { password })
  assert.equal((await make('wrong')).statusCode, 401)
  assert.equal(machine.tpm.recoveryKey, false)
  const made = await make(PASSWORD)
  assert.equal(made.statusCode, 201)
  assert.equal(made.headers['cache-control'], 'no-store')
  assert.match(made.json().key, /^[a-z-]{71}$/)
  assert.equal((await browser.get('/api/box/access')).json().tpm.recoveryKey, true)
})
