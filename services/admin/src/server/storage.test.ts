import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { MemoryNode } from '../testing/memory-node.ts'
import { TestAdmin } from '../testing/test-admin.ts'
import type { Job } from './jobs.ts'

const open: TestAdmin[] = []
async function ready(node?: MemoryNode) {
  const made = await TestAdmin.ready(node)
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

function jobsIn(events: string): Job[] {
  return events
    .split('\n\n')
    .filter((event) => event.startsWith('event: job\n'))
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as Job)
}

test('shows drives and classes, adds and removes drives', async () => {
  const { browser } = await ready()
  for (const folder of ['/mnt/a', '/mnt/b']) assert.equal((await browser.post('/api/drives', { folder })).statusCode, 201)
  refused(await browser.post('/api/drives', { folder: '/mnt/a' }), 409, 'DRIVE_IN_USE')
  refused(await browser.post('/api/drives', { folder: '/mnt/foreign' }), 409, 'DRIVE_FOREIGN')
  refused(await browser.post('/api/drives', { folder: 'relative' }), 400, 'INPUT_INVALID')
  assert.equal((await browser.get('/api/drives')).json().drives.length, 3)
  assert.equal((await browser.get('/api/classes')).json().classes[0].lossesSurvived, 1)
  assert.equal(
    (await browser.send({ method: 'PUT', url: '/api/classes/photos', payload: { dataFragments: 1, totalFragments: 3 } })).statusCode,
    204,
  )
  refused(
    await browser.send({ method: 'PUT', url: '/api/classes/photos', payload: { dataFragments: 4, totalFragments: 3 } }),
    400,
    'INPUT_INVALID',
  )
  refused(
    await browser.send({ method: 'PUT', url: '/api/classes/photos', payload: { dataFragments: 0, totalFragments: 3 } }),
    400,
    'INPUT_INVALID',
  )
  const job = (await browser.post('/api/jobs', { kind: 'remove-drive', drive: '/mnt/a' })).json() as Job
  assert.equal(jobsIn((await browser.get(`/api/jobs/${job.id}/events`)).body).at(-1)?.state, 'done')
  assert.equal((await browser.get('/api/drives')).json().drives.length, 2)
  assert.equal((await browser.get('/api/status')).json().state, 'ready')
})

test('offers folders that are not drives yet', async () => {
  const node = new MemoryNode()
  const admin = await TestAdmin.start({ node, with: { suggestDrives: async () => [{ folder: '/mnt/new', totalBytes: 9, freeBytes: 5 }] } })
  open.push(admin)
  const browser = admin.browser()
  browser.headers['x-holt-setup-code'] = admin.code
  assert.deepEqual((await browser.get('/api/setup')).json().suggestions, [{ folder: '/mnt/new', totalBytes: 9, freeBytes: 5 }])
})

test('verifies with progress as events; several may watch, also afterwards', async () => {
  const { browser } = await ready(new MemoryNode({ steps: 8, stepMs: 5 }))
  const job = (await browser.post('/api/jobs', { kind: 'verify' })).json() as Job
  assert.equal(job.state, 'running')
  refused(await browser.post('/api/jobs', { kind: 'repair' }), 409, 'CONFLICT')
  const [first, second] = await Promise.all([browser.get(`/api/jobs/${job.id}/events`), browser.get(`/api/jobs/${job.id}/events`)])
  assert.match(String(first.headers['content-type']), /^text\/event-stream/)
  for (const events of [first, second]) {
    const jobs = jobsIn(events.body)
    assert.ok(jobs.length >= 3)
    const done = jobs.flatMap(({ progress }) => (progress ? [progress.doneBytes] : []))
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
    )
    assert.equal(jobs.at(-1)?.state, 'done')
    assert.match(JSON.stringify(jobs.at(-1)?.result), /"healthy":true/)
  }
  assert.equal(jobsIn((await browser.get(`/api/jobs/${job.id}/events`)).body).length, 1)
  assert.equal((await browser.get('/api/jobs')).json().jobs[0].id, job.id)
})

test('cancels', async () => {
  const { browser } = await ready(new MemoryNode({ steps: 10_000, stepMs: 2 }))
  const job = (await browser.post('/api/jobs', { kind: 'repair' })).json() as Job
  const watched = browser.get(`/api/jobs/${job.id}/events`)
  assert.equal((await browser.send({ method: 'DELETE', url: `/api/jobs/${job.id}` })).statusCode, 202)
  const last = jobsIn((await watched).body).at(-1)
  assert.equal(last?.state, 'cancelled')
  assert.ok(last?.endedMs)
})

test('tells why a job failed', async () => {
  const { admin, browser } = await ready()
  await browser.post('/api/drives', { folder: '/mnt/a' })
  admin.node.loseDrive('/mnt/a')
  const run = async (body: object) =>
    jobsIn((await browser.get(`/api/jobs/${((await browser.post('/api/jobs', body)).json() as Job).id}/events`)).body).at(-1) as Job
  const failed = await run({ kind: 'remove-drive', drive: '/mnt/a' })
  assert.equal(failed.state, 'failed')
  assert.equal(failed.error?.code, 'DRIVE_MISSING')
  assert.equal((await run({ kind: 'remove-drive', drive: '/mnt/a', force: true })).state, 'done')
})

test('a job nobody knows is not found', async () => {
  const { browser } = await ready()
  refused(await browser.get('/api/jobs/none'), 404, 'NOT_FOUND')
  refused(await browser.get('/api/jobs/none/events'), 404, 'NOT_FOUND')
  refused(await browser.send({ method: 'DELETE', url: '/api/jobs/none' }), 404, 'NOT_FOUND')
  refused(await browser.post('/api/jobs', { kind: 'recover' }), 400, 'INPUT_INVALID')
})

test('closing ends jobs that run', async () => {
  const { admin, browser } = await TestAdmin.ready(new MemoryNode({ steps: 100_000, stepMs: 2 }))
  await browser.post('/api/jobs', { kind: 'verify' })
  await admin.close()
})

test('folders are kept as the owner chooses, among what there is', async () => {
  const { admin, browser } = await ready()
  for (const folder of ['/mnt/a', '/mnt/b', '/mnt/c']) await browser.post('/api/drives', { folder })
  admin.node.tree.makeDirectory('/photos')
  const set = (body: object) =>
    browser.send({
      method: 'PUT',
      url: '/api/folder-classes/folder',
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  const { choices, drives, missing } = (await browser.get('/api/folder-classes/choices')).json()
  assert.deepEqual([drives, missing], [4, 0])
  assert.deepEqual(
    choices.map(({ name, lossesSurvived }: { name: string; lossesSurvived: number }) => [name, lossesSurvived]),
    [
      ['light', 1],
      ['standard', 2],
      ['precious', 3],
    ],
  )
  assert.equal((await set({ path: '/photos', redundancyClass: 'precious' })).statusCode, 204)
  assert.deepEqual((await browser.get('/api/folder-classes')).json(), {
    folders: [{ path: '/photos', redundancyClass: 'precious' }],
    after: null,
  })
  assert.equal((await browser.get('/api/folder-classes/folder?path=/photos')).json().ownClass, 'precious')
  refused(await set({ path: '/photos', redundancyClass: 'made up' }), 400, 'INPUT_INVALID')
  refused(await set({ path: '/none', redundancyClass: 'light' }), 404, 'NOT_FOUND')
  refused(await set({ path: '/photos/../photos', redundancyClass: 'light' }), 400, 'NAME_INVALID')
  assert.equal((await set({ path: '/photos', redundancyClass: null })).statusCode, 204)
  admin.node.loseDrive('/mnt/b')
  const now = (await browser.get('/api/folder-classes/choices')).json()
  assert.deepEqual([now.missing, now.choices[1].lossesSurvived], [1, 1], 'a missing drive is counted')
})

test('says what rules would drop before they hold, and takes no slip of the finger', async () => {
  const { admin, browser } = await ready()
  const rules = { keepAllHours: 24, hourlyDays: 7, dailyDays: 30, trashDays: 30 }
  const put = (body: object) =>
    browser.send({ method: 'PUT', url: '/api/retention', payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const preview = (await browser.post('/api/retention/preview', rules)).json()
  assert.equal(preview.dropped, 335)
  assert.equal((await browser.get('/api/retention')).json().dailyDays, 365, 'nothing changed yet')
  assert.equal((await put(rules)).statusCode, 204)
  assert.deepEqual((await browser.get('/api/retention')).json(), rules)
  for (const wrong of [{ keepAllHours: 0 }, { dailyDays: 0 }, { dailyDays: 1e9 }, { trashDays: 0 }, { more: 1 }])
    refused(await put({ ...rules, ...wrong }), 400, 'INPUT_INVALID')
  const told = admin.node.calls.filter(({ name }) => name === 'retention.set')
  assert.equal(told.length, 1)
  assert.equal((await browser.get('/api/space?span=years')).json().stepSeconds, 86_400)
  refused(await browser.get('/api/space?span=ages'), 400, 'INPUT_INVALID')
})

test('what came of the last check is there after a restart; one that was cancelled takes no place', async () => {
  const { admin, browser } = await ready()
  assert.deepEqual((await browser.get('/api/checks')).json(), { checks: [] })
  const job = (await browser.post('/api/jobs', { kind: 'verify' })).json() as Job
  await browser.get(`/api/jobs/${job.id}/events`)
  const [check] = (await browser.get('/api/checks')).json().checks
  assert.deepEqual([check.kind, check.state, check.healthy, check.problems, check.fragmentsChecked], ['verify', 'done', true, 0, 72])
  const { folder } = admin
  const cookies = [...browser.cookies]
  await admin.admin.app.close()
  const again = await TestAdmin.start({ node: admin.node, folder })
  open.push(again)
  const later = again.browser()
  for (const [name, value] of cookies) later.cookies.set(name, value)
  assert.deepEqual((await later.get('/api/checks')).json().checks, [check])
})
