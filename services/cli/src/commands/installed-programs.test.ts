import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { InstalledInfo, ProgramGrant } from '@holt/control/programs.ts'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import { covering, temporaryFolder } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('installed-programs')

const found = {
  id: 'ab'.repeat(16),
  package: 'bafy',
  name: 'book',
  title: 'Book\u001b[31m',
  about: 'Who was here.',
  version: '1.0.0',
  author: '12D3KooWAnna',
  own: false,
  icon: false,
  code: 'javascript' as const,
  powers: [
    { kind: 'page' as const, name: 'site', reason: 'visitors', optional: false },
    { kind: 'folder' as const, name: 'photos', reason: 'pictures', optional: true, write: true },
    { kind: 'hosts' as const, name: 'feeds', reason: 'news', optional: true, hosts: ['example.org', 'example.net'] },
    { kind: 'clock' as const, name: 'time', reason: 'dates', optional: true },
    { kind: 'alarms' as const, name: 'wake', reason: 'news', optional: true },
    { kind: 'messages' as const, name: 'post', reason: 'chat', optional: true },
  ],
}
const site: ProgramGrant = { kind: 'page', name: 'site', network: false }
const program: InstalledInfo = {
  ...found,
  installed: 1,
  here: true,
  running: true,
  grants: [site, { kind: 'folder', name: 'photos', path: '/photos', write: true }],
  page: { port: 7710, url: 'http://book.localhost:7710/' },
  problem: null,
  limits: { memory: 64 << 20, work: 5e9, storage: 4 << 20, timeMs: 10_000, waiting: 256, streams: 100 },
  ownLimits: {},
  totals: {
    deliveries: 12,
    failures: 1,
    meter: 5000,
    timeMs: 7.5,
    memoryBytes: 1 << 20,
    storeBytes: 100,
    lastMeter: 10,
    mostMeter: 900,
    waiting: 0,
    streams: 3,
    sentBytes: 2048,
    receivedBytes: 10,
  },
}
const stopped: InstalledInfo = {
  ...program,
  id: 'ac'.repeat(16),
  name: 'other',
  running: false,
  here: false,
  page: null,
  totals: null,
  grants: [],
}
const answers: FakeAnswers = {
  'programs.list': () => ({ programs: [program, stopped] }),
  'programs.stage': ({ stage }) => ({ stage: stage ?? 'cd'.repeat(8), sizeBytes: 3 }),
  'programs.inspect': () => ({ ...found, installed: null, warnings: [{ kind: 'imitates', title: 'Alike', author: '12D3KooWBen' }] }),
  'programs.install': () => program,
  'programs.start': () => program,
  'programs.stop': () => stopped,
  'programs.remove': () => ({}),
  'programs.grant': () => program,
  'programs.revoke': () => program,
  'programs.limit': () => program,
  'programs.logs': () => ({ lines: [{ number: 1, time: 1, level: 'warn', text: 'it \u001b[31mfailed' }] }),
  'programs.audit': () => ({
    uses: [{ number: 1, time: 1, program: program.id, power: 'photos', what: 'read', about: '../x', code: 'PATH_INVALID' }],
    more: false,
    programs: [{ id: program.id, title: 'Book' }],
  }),
}

async function packageFile(t: Parameters<typeof temporaryFolder>[0]): Promise<string> {
  const file = join(await temporaryFolder(t), 'book.holt')
  await writeFile(file, 'abc')
  return file
}

test('a package is brought, looked at and installed with what was given', async (t) => {
  const file = await packageFile(t)
  const grants = [
    'site=network',
    'photos=pictures//2026/:read',
    'feeds=example.org',
    'time',
    'wake',
    'post=12D3KooWAnna,12D3KooWBen',
  ].flatMap((text) => ['--grant', text])
  const { text, control } = await both(['program', 'install', file, ...grants], answers)
  assert.equal(text.out.split('\n')[0], 'http://book.localhost:7710/')
  assert.match(text.err, /called 'Alike', by 12D3KooWBen/)
  assert.equal(text.err.includes('\u001b'), false)
  assert.deepEqual(control.asked('programs.stage')[0], { base64: 'YWJj' })
  assert.deepEqual(control.asked('programs.install')[0], {
    stage: 'cd'.repeat(8),
    grants: [
      { kind: 'page', name: 'site', network: true },
      { kind: 'folder', name: 'photos', path: '/pictures/2026', write: false },
      { kind: 'hosts', name: 'feeds', hosts: ['example.org'] },
      { kind: 'clock', name: 'time' },
      { kind: 'alarms', name: 'wake' },
      { kind: 'messages', name: 'post', with: ['12D3KooWAnna', '12D3KooWBen'] },
    ],
  })
  for (const wrong of ['nothing', 'photos', 'site=world', 'time=now'])
    assert.equal((await holt(['program', 'install', file, '--grant', wrong], { control: new FakeControl(answers) })).exitCode, 2, wrong)
})

test('a person is asked for each power, in plain words, and an update only for what is new', async (t) => {
  const file = await packageFile(t)
  const control = new FakeControl(answers)
  const shown = await holt(['program', 'install', file], { control, answers: ['yes', '', 'no', 'y', 'no', 'no'] })
  assert.equal(shown.exitCode, 0, shown.err)
  assert.deepEqual(control.asked('programs.install')[0]?.grants, [site, { kind: 'clock', name: 'time' }])
  assert.match(shown.err, /It would read and change a folder that you choose: “pictures” \(it works without\)/)
  assert.match(shown.err, /send requests to example\.org, example\.net/)
  const again = await holt(['program', 'update', file], { control })
  assert.equal(again.exitCode, 3, 'there is nothing to update')
  const there: FakeAnswers = { ...answers, 'programs.inspect': () => ({ ...found, version: '1.1.0', installed: program, warnings: [] }) }
  assert.equal((await holt(['program', 'install', file], { control: new FakeControl(there) })).exitCode, 4)
  const updating = new FakeControl(there)
  const updated = await holt(['program', 'update', file], { control: updating, answers: ['yes', 'no', 'no', 'no'] })
  assert.equal(updated.exitCode, 0, updated.err)
  assert.deepEqual(updating.asked('programs.install')[0]?.grants, [{ kind: 'hosts', name: 'feeds', hosts: ['example.org', 'example.net'] }])
  await both(['program', 'update', file], there)
})

test('programs are listed and shown', async () => {
  const { text, json } = await both(['program', 'list'], answers)
  assert.match(text.out, /book +1\.0\.0 +runs +http:\/\/book\.localhost:7710\//)
  assert.match(text.out, /other +1\.0\.0 +stopped/)
  assert.equal((json as { programs: unknown[] }).programs.length, 2)
  const shown = (await both(['program', 'show', 'book'], answers)).text.out
  assert.match(shown, /photos +reads and changes \/photos +given/)
  assert.match(shown, /wake +would wake up at times that it sets/)
  assert.match(shown, /feeds +would send requests to example\.org, example\.net +not given/)
  assert.equal(shown.includes('\u001b'), false)
  assert.match((await both(['program', 'show', 'ac'], answers)).text.out, /stopped/)
  for (const wrong of ['a', 'nothing', ''])
    assert.equal((await holt(['program', 'show', wrong], { control: new FakeControl(answers) })).exitCode, 3)
})

test('programs are started, stopped and removed; powers given and taken back', async () => {
  const id = program.id
  assert.deepEqual((await both(['program', 'start', 'book'], answers)).control.asked('programs.start')[0], { id })
  assert.deepEqual((await both(['program', 'stop', 'book'], answers)).control.asked('programs.stop')[0], { id })
  assert.deepEqual((await both(['program', 'remove', 'book'], answers)).control.asked('programs.remove')[0], { id })
  const granted = await both(['program', 'grant', 'book', 'photos=/x'], answers)
  assert.deepEqual(granted.control.asked('programs.grant')[0], { id, grant: { kind: 'folder', name: 'photos', path: '/x', write: true } })
  const revoked = await both(['program', 'revoke', 'book', 'photos'], answers)
  assert.deepEqual(revoked.control.asked('programs.revoke')[0], { id, power: 'photos' })
  const limited = await both(['program', 'limit', 'book', '--memory', '32M', '--work', '5000'], answers)
  assert.deepEqual(limited.control.asked('programs.limit')[0], { id, limits: { memory: 32 << 20, work: 5000 } })
  assert.equal((await holt(['program', 'limit', 'book', '--memory', 'much'], { control: new FakeControl(answers) })).exitCode, 2)
})

test('what it wrote and what it used are shown, with nothing that a terminal would obey', async () => {
  const written = (await both(['program', 'logs', 'book'], answers)).text.out
  assert.match(written, /warn +it .*failed/)
  assert.equal(written.includes('\u001b'), false)
  const { text, control } = await both(['program', 'audit'], answers)
  assert.match(text.out, /book +photos +read +\.\.\/x +PATH_INVALID/)
  assert.deepEqual(control.asked('programs.audit')[0], {})
  assert.deepEqual((await both(['program', 'audit', 'book'], answers)).control.asked('programs.audit')[0], { id: program.id })
})
