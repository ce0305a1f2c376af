import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { invited, THEIR_PASSWORD } from '../../testing/invite.ts'
import { PASSWORD, TestAdmin } from '../../testing/test-admin.ts'
import { type Activity, ActivityLog, decodeActivity } from './activity-log.ts'

const something = { person: 'owner', name: '', what: 'upload', kind: 'files', about: '/a', address: '::1', token: null, refused: null }

async function place(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-activity-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('survives a restart and a torn tail; the next line stands by itself', async (t) => {
  const folder = await place(t)
  const log = await ActivityLog.open(folder)
  for (let i = 0; i < 10; i++) log.add({ ...something, about: `/file ${i}` })
  await log.close()
  const path = join(folder, 'activity.log')
  const whole = await readFile(path, 'utf8')
  for (const cut of [1, 20, whole.length - 1, whole.length - 30]) {
    await writeFile(path, whole.slice(0, cut))
    const kept = whole
      .slice(0, cut)
      .split('\n')
      .filter((line) => decodeActivity(line) !== null).length
    const again = await ActivityLog.open(folder)
    assert.equal(again.list({ limit: 100 }).entries.length, kept)
    again.add({ ...something, about: '/after' })
    await again.close()
    const last = (await ActivityLog.open(folder)).list({ limit: 100 }).entries
    assert.equal(last.length, kept + 1)
    assert.equal(last[0]?.about, '/after')
  }
})

test('stays within its bound and keeps the newest', async (t) => {
  const folder = await place(t)
  const log = await ActivityLog.open(folder, { mostBytes: 4000 })
  for (let i = 0; i < 300; i++) {
    log.add({ ...something, about: `/file ${i}` })
    if (i % 7 === 0) await log.close()
  }
  await log.close()
  for (const name of ['activity.log', 'activity.log.1']) {
    const { size, mode } = await stat(join(folder, name))
    assert.ok(size <= 4000, `${name} has ${size} bytes`)
    assert.equal(mode & 0o777, 0o600)
  }
  const inMemory = log.list({ limit: 1000 }).entries
  const onDisk = (await ActivityLog.open(folder, { mostBytes: 4000 })).list({ limit: 1000 }).entries
  assert.deepEqual(inMemory, onDisk)
  assert.equal(onDisk[0]?.about, '/file 299')
  assert.ok(onDisk.length >= 15)
})

test('alike things that come together are one line', async (t) => {
  const log = await ActivityLog.open(await place(t))
  for (let i = 0; i < 1000; i++) log.add({ ...something, about: `/photos/${i}.jpg` }, { together: true })
  log.add({ ...something, about: '/other/x' }, { together: true })
  const { entries } = log.list({ limit: 10 })
  assert.deepEqual(
    entries.map(({ about, count }) => [about, count]),
    [
      ['/other/x', 1],
      ['/photos/0.jpg', 1000],
    ],
  )
  await log.close()
})

test('a drive without room is told once and loses nothing in memory', async (t) => {
  const folder = await place(t)
  const told: string[] = []
  await symlink('/dev/full', join(folder, 'activity.log'))
  const log = await ActivityLog.open(folder, { onProblem: (text) => told.push(text) })
  for (let i = 0; i < 3; i++) {
    log.add(something)
    await log.close()
  }
  assert.equal(told.length, 1)
  assert.equal(log.list({ limit: 10 }).entries.length, 3)
})

test('whatever a line is, it is read whole or not at all', () => {
  const good: Activity = { v: 1, n: 1, timeMs: 0, count: 1, ...something }
  assert.deepEqual(decodeActivity(JSON.stringify(good)), good)
  for (const odd of [{ ...good, v: 2 }, { ...good, more: 1 }, { ...good, n: 0 }, { ...good, about: 'x'.repeat(1025) }, [], null, 7])
    assert.equal(decodeActivity(JSON.stringify(odd)), null)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => decodeActivity(text) === null),
    { numRuns: 300 },
  )
})

test('what people do is written down with who, what and where, and without any secret', async () => {
  const { admin, browser: owner } = await TestAdmin.ready()
  const { browser: anna, code } = await invited(admin, owner)
  await anna.put('/people/Anna/a', 'content of the file')
  await anna.get('/api/files/content?path=/people/Anna/a')
  await anna.get('/api/files/content?path=/somewhere')
  await admin.browser('192.0.2.9').post('/api/session', { password: 'a wrong password' })
  await owner.post('/api/key/backup', { passphrase: 'a very secret passphrase', password: PASSWORD })
  const { token } = (await owner.post('/api/tokens', { name: 'sync', write: false, calls: ['files'], paths: null, hours: 1 })).json() as {
    token: string
  }
  const { entries } = (await owner.get('/api/activity')).json() as { entries: Activity[] }
  const told = entries.map(({ name, what, about, address, refused }) => [name, what, about, address, refused])
  const has = (...line: (string | null)[]) =>
    assert.ok(
      told.some((one) => JSON.stringify(one) === JSON.stringify(line)),
      `${JSON.stringify(line)} is not in ${JSON.stringify(told)}`,
    )
  has('Anna', 'upload', '/people/Anna/a', '192.0.2.77', null)
  has('Anna', 'download', '/people/Anna/a', '192.0.2.77', null)
  has('', 'signIn', '', '192.0.2.9', 'SIGN_IN_FAILED')
  has('', 'makeToken', 'sync', '127.0.0.1', null)
  has('Anna', 'acceptInvitation', 'Anna', '192.0.2.77', null)
  assert.ok(told.every(([name, what]) => what !== 'makeToken' || name === ''))
  const all = JSON.stringify(entries) + (await readFile(join(admin.folder, 'web', 'activity.log'), 'utf8').catch(() => ''))
  for (const secret of [
    PASSWORD,
    THEIR_PASSWORD,
    'a wrong password',
    'a very secret passphrase',
    code,
    token,
    'content of the file',
    ...owner.cookies.values(),
  ])
    assert.ok(!all.includes(secret), secret)

  const own = ((await anna.get('/api/activity?person=owner')).json() as { entries: Activity[] }).entries
  assert.ok(own.length > 0 && own.every(({ name }) => name === 'Anna'), 'others see what they did themselves')
  const page = async (query: string) => (await owner.get(`/api/activity?${query}`)).json() as { entries: Activity[]; more: boolean }
  assert.ok((await page('kind=files')).entries.every(({ kind }) => kind === 'files'))
  assert.ok((await page('refused=true')).entries.every(({ refused }) => refused !== null))
  const first = await page('limit=2')
  assert.equal(first.more, true)
  const next = await page(`limit=2&before=${first.entries.at(-1)?.n}`)
  assert.ok((next.entries[0]?.n ?? 0) < (first.entries.at(-1)?.n ?? 0))
  await admin.close()
})
