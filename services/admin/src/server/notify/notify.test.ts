import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { invited } from '../../testing/invite.ts'
import { MemoryNode } from '../../testing/memory-node.ts'
import { PushService } from '../../testing/push-service.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'
import type { Job } from '../jobs.ts'
import type { Notice } from './notices.ts'
import { checkEndpoint, lookupPublic } from './public-address.ts'

const closing: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closing) await close()
})

async function ready(node = new MemoryNode()): Promise<{ admin: TestAdmin; browser: TestBrowser; service: PushService }> {
  const service = new PushService()
  await service.start()
  const made = await TestAdmin.ready(node, { push: { loopback: true, retryMs: [5, 5] } })
  closing.push(
    () => made.admin.close(),
    () => service.close(),
  )
  return { ...made, service }
}

async function told(browser: TestBrowser): Promise<string[]> {
  const { notices } = (await browser.get('/api/notices')).json() as { notices: Notice[] }
  return notices.map(({ kind, about }) => (about === '' ? kind : `${kind} ${about}`))
}

function refused(response: LightMyRequestResponse, status: number, code: string): void {
  assert.equal(response.statusCode, status, response.body)
  assert.equal(response.json().code, code)
}

function put(browser: TestBrowser, body: object, agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0') {
  return browser.send({
    method: 'PUT',
    url: '/api/push',
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'user-agent': agent },
  })
}

const MINUTE = 60_000

test('a drive that is lost is told once, when it has lasted, and again only after it was back for a while', async () => {
  const { admin, browser } = await ready()
  const { watcher } = admin.admin
  await browser.post('/api/drives', { folder: '/mnt/a' })
  const step = async (minutes: number): Promise<string[]> => {
    admin.nowMs += minutes * MINUTE
    await watcher.look()
    return (await told(browser)).filter((text) => text.startsWith('drive'))
  }
  assert.deepEqual(await step(0), [])
  admin.node.loseDrive('/mnt/a')
  assert.deepEqual(await step(1), [], 'perhaps it is only being plugged in again')
  assert.deepEqual(await step(3), ['drive-missing /mnt/a'])
  assert.deepEqual(await step(60), ['drive-missing /mnt/a'], 'once')
  const lost = admin.node.drives
  admin.node.drives = lost.map((drive) => ({ ...drive, state: 'ok' as const }))
  await step(1)
  admin.node.drives = lost
  assert.equal((await step(5)).length, 1, 'a loose cable')
  admin.node.drives = lost.map((drive) => ({ ...drive, state: 'ok' as const }))
  await step(1)
  await step(11)
  admin.node.drives = lost
  await step(1)
  assert.equal((await step(3)).length, 2)
})

test('a full drive, a recovery kit nobody kept, a link that ends, a new version: each is told', async () => {
  const { admin, browser } = await ready()
  const { watcher } = admin.admin
  admin.node.tree.makeDirectory('/photos')
  const seconds = Math.floor(admin.nowMs / 1000)
  admin.node.shared.now = seconds
  await admin.node.call('shares.create', { path: '/photos', label: 'For grandma', expires: seconds + 10 * 86_400 })
  const [share] = (await admin.node.call('shares.list', {})).shares
  assert.ok(share)
  await watcher.look()
  assert.deepEqual(await told(browser), [])
  admin.node.drives = admin.node.drives.map((drive) => ({ ...drive, freeBytes: drive.totalBytes / 20 }))
  await watcher.look()
  admin.nowMs += 6 * MINUTE
  await watcher.look()
  assert.deepEqual(await told(browser), ['storage-full'])
  admin.nowMs += 25 * 60 * MINUTE
  await watcher.look()
  assert.deepEqual(await told(browser), ['key-not-kept', 'storage-full'])
  admin.nowMs = 1000 * (seconds + 9 * 86_400)
  await watcher.look()
  assert.deepEqual((await told(browser)).slice(0, 1), ['share-ends For grandma'])
})

test('a friend who would like to write, and one who shares a folder, are told once', async () => {
  const { admin, browser } = await ready()
  admin.node.folders.request('/June', 'please')
  admin.node.folders.offer('Recipes')
  for (let i = 0; i < 3; i++) await admin.admin.watcher.look()
  assert.deepEqual((await told(browser)).sort(), ['folder-offered Recipes', 'folder-request Ben'])
})

test('while the node cannot be asked, nothing is told and nothing forgotten', async () => {
  const { admin, browser } = await ready()
  const { watcher } = admin.admin
  await browser.post('/api/drives', { folder: '/mnt/a' })
  admin.node.loseDrive('/mnt/a')
  await watcher.look()
  admin.nowMs += 3 * MINUTE
  await watcher.look()
  const call = admin.node.call.bind(admin.node)
  admin.node.call = (name, params, options) => {
    if (name === 'drives.list') throw new Error('no answer')
    return call(name, params, options)
  }
  admin.nowMs += 60 * MINUTE
  await watcher.look()
  admin.node.call = call
  await watcher.look()
  assert.deepEqual(await told(browser), ['drive-missing /mnt/a'], 'an error is not a drive that is back')
})

test('files that two nodes had changed apart are told once for each merge', async () => {
  const { admin, browser } = await ready()
  const { watcher } = admin.admin
  const at = Math.floor(admin.nowMs / 1000)
  const merge = (path: string, when: number) => ({ path, at: when, by: '12D3KooWOther' })
  const { cluster } = admin.node
  cluster.status = { ...cluster.status, merged: [merge('/long ago', at - 30 * 86_400), merge('/a', at), merge('/b', at)] }
  await watcher.look()
  await watcher.look()
  assert.deepEqual(await told(browser), ['files-merged /a, /b'])
  cluster.status = { ...cluster.status, merged: [...cluster.status.merged, merge('/a', at + 60)] }
  await watcher.look()
  assert.deepEqual(await told(browser), ['files-merged /a', 'files-merged /a, /b'])
})

test('an update of a box that is there, and one that was installed', async () => {
  const { admin, browser } = await ready(new MemoryNode({ box: true }))
  const { watcher } = admin.admin
  const { machine } = admin.node.box ?? {}
  assert.ok(machine)
  machine.offers = [{ path: '/data/system/updates/x.raucb', version: '0.2.0', changes: '', built: '2026-11-18' }]
  await watcher.look()
  await watcher.look()
  assert.deepEqual(await told(browser), ['update-ready 0.2.0'])
  const call = admin.node.call.bind(admin.node)
  admin.node.call = async (name, params, options) => {
    const answer = await call(name, params, options)
    return name === 'node.status' ? ({ ...(answer as object), version: '0.2.0' } as typeof answer) : answer
  }
  machine.offers = []
  await watcher.look()
  await watcher.look()
  assert.deepEqual(await told(browser), ['update-installed 0.2.0', 'update-ready 0.2.0'])
})

test('a new device and a changed password are told to whom they are about, and repair when it ends', async () => {
  const { admin, browser } = await ready()
  const { browser: member } = await invited(admin, browser, { name: 'Anna', role: 'member', given: [] })
  assert.deepEqual(await told(browser), [], 'who sets up or accepts an invitation is not told of it')
  const other = admin.browser('198.51.100.9')
  other.headers['user-agent'] = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604'
  await other.post('/api/session', { password: PASSWORD })
  assert.deepEqual(await told(browser), ['new-device Safari · iPhone'])
  await other.send({ method: 'DELETE', url: '/api/session' })
  await other.post('/api/session', { password: PASSWORD })
  assert.equal((await told(browser)).length, 1, 'it is known by now')
  const job = (await browser.post('/api/jobs', { kind: 'repair' })).json() as Job
  await browser.get(`/api/jobs/${job.id}/events`)
  assert.deepEqual((await told(browser))[0], 'repair-finished good')
  const changed = await browser.send({
    method: 'PUT',
    url: '/api/session/password',
    payload: JSON.stringify({ password: PASSWORD, newPassword: 'a wood with badgers' }),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(changed.statusCode, 204)
  assert.equal((await told(browser))[0], 'password-changed')
  assert.deepEqual(await told(member), [], 'others hear nothing of it')
})

test('what was told is read one by one or all at once, and is there after a restart', async () => {
  const { admin, browser } = await ready(new MemoryNode({ steps: 0 }))
  for (let i = 0; i < 105; i++) {
    const job = (await browser.post('/api/jobs', { kind: 'repair' })).json() as Job
    await browser.get(`/api/jobs/${job.id}/events`)
  }
  const first = (await browser.get('/api/notices')).json() as { notices: Notice[]; unread: number }
  assert.deepEqual([first.notices.length, first.unread], [100, 100], 'bounded')
  await browser.post('/api/notices/read', { which: [first.notices[0]?.n, 1, 99_999] })
  assert.equal((await browser.get('/api/notices')).json().unread, 99)
  await browser.post('/api/notices/read', {})
  assert.equal((await browser.get('/api/notices')).json().unread, 0)
  await admin.admin.app.close()
  const again = await TestAdmin.start({ node: admin.node, folder: admin.folder })
  closing.push(() => again.admin.app.close())
  const later = again.browser()
  for (const [name, value] of browser.cookies) later.cookies.set(name, value)
  const kept = (await later.get('/api/notices')).json() as { notices: Notice[]; unread: number }
  assert.deepEqual([kept.notices.length, kept.unread], [100, 0])
  await again.admin.app.close()
  await writeFile(join(admin.folder, 'web/notices.json'), '{')
  const damaged = await TestAdmin.start({ node: admin.node, folder: admin.folder })
  closing.push(() => damaged.admin.app.close())
  for (const [name, value] of browser.cookies) damaged.browser().cookies.set(name, value)
  assert.ok(damaged.logged.some((text) => text.includes('damaged and begun anew')))
})

test('a device hears of the kinds it chose, in a message that only it can read and that says the kind alone', async () => {
  const { admin, browser, service } = await ready()
  await browser.post('/api/drives', { folder: '/mnt/secret-name' })
  const { key, kinds } = (await browser.get('/api/push')).json()
  assert.equal(kinds.length, 14)
  const phone = service.newBrowser('phone')
  const laptop = service.newBrowser('laptop')
  assert.equal((await put(browser, { ...phone, language: 'de', kinds: ['drive-missing'] })).statusCode, 200)
  assert.equal((await put(browser, { ...laptop, language: 'en', kinds: ['storage-full'] })).statusCode, 200)
  admin.node.loseDrive('/mnt/secret-name')
  await admin.admin.watcher.look()
  admin.nowMs += 3 * MINUTE
  await admin.admin.watcher.look()
  const [message] = await service.count(1)
  assert.ok(message)
  assert.deepEqual([message.path, JSON.parse(message.text)], ['/phone', { v: 1, kind: 'drive-missing', language: 'de' }])
  assert.equal(message.headers['content-encoding'], 'aes128gcm')
  assert.ok(Number(message.headers.ttl) > 0)
  assert.match(String(message.headers.authorization), new RegExp(`^vapid t=[\\w-]+\\.[\\w-]+\\.[\\w-]+, k=${key}$`))
  assert.equal(service.taken.length, 1, 'the laptop did not ask for it')
  const { devices } = (await browser.get('/api/push')).json()
  assert.deepEqual(
    devices.map((one: { device: string; kinds: string[] }) => [one.device, one.kinds]),
    [
      ['Firefox · Linux', ['drive-missing']],
      ['Firefox · Linux', ['storage-full']],
    ],
  )
  assert.ok(!JSON.stringify(devices).includes('127.0.0.1'), 'the address stays here')
  assert.equal((await browser.post(`/api/push/${devices[1].id}/test`)).statusCode, 204)
  assert.deepEqual(JSON.parse((await service.count(2))[1]?.text ?? ''), { v: 1, kind: 'test', language: 'en' })
  refused(await browser.post(`/api/push/${devices[1].id}/test`), 429, 'TOO_MANY_TRIES')
  admin.nowMs += 6_000
  service.answers.push({ status: 500 })
  refused(await browser.post(`/api/push/${devices[1].id}/test`), 503, 'PEER_UNREACHABLE')
})

test('one that is gone is forgotten, one that is busy is asked again, one that refuses is left', async () => {
  const { admin, browser, service } = await ready()
  const count = async (): Promise<number> => (await browser.get('/api/push')).json().devices.length
  await put(browser, { ...service.newBrowser('phone'), language: 'en', kinds: ['new-device'] })
  const signInElsewhere = (n: number) => admin.browser(`203.0.114.${n}`).post('/api/session', { password: PASSWORD })
  service.answers.push({ status: 503 }, { status: 429, headers: { 'retry-after': '0' } })
  await signInElsewhere(1)
  assert.equal((await service.count(3)).length, 3, 'the third try was taken')
  service.answers.push({ status: 400 })
  await signInElsewhere(2)
  await service.count(4)
  service.answers.push({ status: 410 })
  assert.equal(await count(), 1)
  await signInElsewhere(3)
  await service.count(5)
  for (let i = 0; i < 200 && (await count()) > 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(await count(), 0)
  await signInElsewhere(4)
  assert.equal(service.taken.length, 5)
})

test('signing a device out ends its messages, and nobody gets what another person asked for', async () => {
  const { admin, browser, service } = await ready()
  const { browser: member } = await invited(admin, browser, { name: 'Anna', role: 'member', given: [] })
  assert.deepEqual((await member.get('/api/push')).json().kinds, ['new-device', 'password-changed'])
  await put(member, { ...service.newBrowser('hers'), language: 'en', kinds: ['drive-missing', 'new-device'] })
  const [hers] = (await member.get('/api/push')).json().devices
  assert.deepEqual(hers.kinds, ['new-device'], 'what is the owner’s is left out')
  refused(await browser.send({ method: 'DELETE', url: `/api/push/${hers.id}` }), 404, 'NOT_FOUND')
  refused(await browser.post(`/api/push/${hers.id}/test`), 404, 'NOT_FOUND')
  const other = admin.browser('198.51.100.7')
  await other.post('/api/session', { password: PASSWORD })
  await put(other, { ...service.newBrowser('other'), language: 'en', kinds: ['new-device'] })
  assert.equal((await browser.get('/api/push')).json().devices.length, 1)
  assert.equal((await browser.send({ method: 'DELETE', url: '/api/sessions' })).statusCode, 204)
  assert.equal((await browser.get('/api/push')).json().devices.length, 0)
  assert.equal((await member.get('/api/push')).json().devices.length, 1)
})

test('refuses what is no push service of the open internet, and more than there may be', async () => {
  const { service } = await ready()
  const { admin, browser } = await TestAdmin.ready()
  closing.push(() => admin.close())
  const keys = service.newBrowser('x')
  for (const endpoint of [
    'http://push.example.com/a',
    'https://user:pass@push.example.com/a',
    'https://push.example.com:8443/a',
    'https://10.0.0.1/a',
    'https://192.168.77.1/a',
    'https://[::1]/a',
    'https://[::ffff:10.0.0.1]/a',
    'https://[fd00::1]/a',
    'https://localhost/a',
    'https://holt.local/a',
    'https://0x7f000001/a',
    'https://2130706433/a',
    'file:///etc/passwd',
    'no address',
  ])
    refused(await put(browser, { ...keys, endpoint, language: 'en', kinds: [] }), 400, 'INPUT_INVALID')
  const wish = { endpoint: 'https://push.example.com/a', language: 'en', kinds: [] }
  refused(await put(browser, { ...keys, ...wish, p256dh: 'A'.repeat(87) }), 400, 'INPUT_INVALID')
  refused(await put(browser, { ...keys, ...wish, auth: 'short' }), 400, 'INPUT_INVALID')
  refused(await put(browser, { ...keys, ...wish, kinds: ['made-up'] }), 400, 'INPUT_INVALID')
  for (let i = 0; i < 20; i++)
    await put(browser, { ...service.newBrowser(`b${i}`), endpoint: `https://push.example.com/${i}`, language: 'en', kinds: [] })
  assert.equal((await browser.get('/api/push')).json().devices.length, 16, 'the oldest went')
})

test('names are looked up to public addresses only', async () => {
  const error = await new Promise<Error | null>((resolve) => lookupPublic('localhost', { all: true }, (found) => resolve(found)))
  assert.equal((error as NodeJS.ErrnoException | null)?.code, 'ENOTFOUND')
  assert.equal(checkEndpoint('https://push.example.com/a?b=c').hostname, 'push.example.com')
  assert.throws(() => checkEndpoint('http://127.0.0.1:80/'), { code: 'INPUT_INVALID' }, 'loopback is for tests')
})
