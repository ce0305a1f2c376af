import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { UpdatePlan } from '@holt/control/box/methods.ts'
import { FakeTools, refuses } from '../testing/fake-tools.ts'
import { AutomaticUpdates } from './automatic-updates.ts'
import { DEFAULT_PLAN, PlanStore } from './plan-store.ts'
import { takeFromTree } from './take-from-tree.ts'
import { inWindow, nextWindow, placeOf, turnBegins } from './turn.ts'
import { Updates } from './updates.ts'

const versionOrder = fileURLToPath(new URL('../../../../overlay/usr/lib/holt/version-order', import.meta.url))
const anytime: UpdatePlan = { automatic: true, fromHour: 0, hours: 24, spreadDays: 0, treeFolder: null }
const status = { compatible: 'holt-x86_64-efi', booted: 'A', slots: [] }

/** A box that runs 0.2.0, with the image's own comparison of versions; each bundle is a file with what rauc says of it. */
async function box(context: TestContext, bundles: Record<string, object | null>, plan: UpdatePlan = anytime, now = '2026-11-21T12:00:00') {
  const folder = await mkdtemp(join(tmpdir(), 'holt-updates-'))
  context.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'staged'))
  for (const name of Object.keys(bundles)) await writeFile(join(folder, 'staged', name), '')
  const tools = new FakeTools({
    '/usr/lib/holt/boot-slot': refuses('it is good'),
    '/usr/lib/holt/version-order': (args) => {
      try {
        return execFileSync(versionOrder, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      } catch {
        return refuses('no version')()
      }
    },
    rauc: ([command, , path]) => {
      if (command === 'status') return JSON.stringify(status)
      if (command === 'install') return ''
      const told = bundles[(path ?? '').split('/').at(-1) as string]
      return told === null || told === undefined
        ? refuses('signature verification failed')()
        : JSON.stringify({ compatible: status.compatible, build: '2026-11-20', ...told })
    },
  })
  const store = new PlanStore(folder)
  await store.write(plan, [])
  const restarts: string[] = []
  const taken: string[] = []
  const automatic = new AutomaticUpdates({
    updates: new Updates(tools),
    store,
    tools,
    folders: async () => [join(folder, 'staged'), join(folder, 'nowhere')],
    takeFromTree: async (path) => void taken.push(path),
    mountSticks: async () => void taken.push('sticks'),
    system: async () => ({ version: '0.2.0', machineId: 'a'.repeat(32) }),
    restart: async () => void restarts.push('restart'),
    now: () => new Date(now),
    log: () => {},
  })
  const installed = () => tools.ran.filter((line) => line.startsWith('rauc install')).map((line) => line.split('/').at(-1))
  return { automatic, tools, store, restarts, taken, installed, folder }
}

test('installs the newest that is signed, for this kind of box and newer, then restarts', async (context) => {
  const { automatic, installed, restarts } = await box(context, {
    'a.raucb': { version: '0.3.0' },
    'b.raucb': { version: '0.10.0', description: 'ten' },
    'c.raucb': { version: '0.1.0' },
    'd.raucb': { version: '9.0.0', compatible: 'holt-toaster' },
    'e.raucb': null,
    'f.raucb': { version: 'latest' },
    'g.txt': { version: '9.0.0' },
  })
  const { offers, begins } = await automatic.state()
  assert.deepEqual(
    offers.map(({ version, changes }) => `${version} ${changes}`),
    ['0.10.0 ten', '0.3.0 '],
  )
  assert.equal(begins, Date.parse('2026-11-21T12:00:00') / 1000)
  assert.equal(await automatic.look(), '0.10.0')
  assert.deepEqual(installed(), ['b.raucb'])
  assert.equal(restarts.length, 1)
})

test('a version that came back from its trial is not tried again by itself', async (context) => {
  const { automatic, installed } = await box(context, { 'a.raucb': { version: '0.3.0' } })
  assert.equal(await automatic.look(), '0.3.0')
  assert.equal(await automatic.look(), null)
  assert.equal((await automatic.state()).begins, null)
  assert.equal((await automatic.state()).offers.length, 1)
  assert.deepEqual(installed(), ['a.raucb'])
})

test('does nothing when it is switched off, outside of its hours, before its turn, and while a version is on trial', async (context) => {
  const bundles = { 'a.raucb': { version: '0.3.0' } }
  assert.equal(await (await box(context, bundles, { ...anytime, automatic: false })).automatic.look(), null)
  assert.equal(await (await box(context, bundles, { ...anytime, fromHour: 3, hours: 2 })).automatic.look(), null)
  assert.equal(await (await box(context, bundles, { ...anytime, spreadDays: 30 }, '2026-11-20T00:00:01')).automatic.look(), null)
  const onTrial = await box(context, bundles)
  onTrial.tools.answers['/usr/lib/holt/boot-slot'] = ''
  assert.equal(await onTrial.automatic.look(), null)
  for (const { installed } of [onTrial]) assert.deepEqual(installed(), [])
})

test('what could not be installed is said, and not tried again by itself', async (context) => {
  const { automatic, tools, restarts } = await box(context, { 'a.raucb': { version: '0.3.0' } })
  const answer = tools.answers['rauc'] as (args: readonly string[], options: object) => string
  tools.answers['rauc'] = (args, options) => (args[0] === 'install' ? refuses('the disk is on fire')() : answer(args, options))
  await assert.rejects(automatic.look(), { code: 'SYSTEM_REFUSED' })
  assert.equal(restarts.length, 0)
  assert.equal(await automatic.look(), null)
})

test('a look on the word of the owner takes in sticks and the tree, and installs nothing', async (context) => {
  const { automatic, taken, installed } = await box(
    context,
    { 'a.raucb': { version: '0.3.0', description: 'new' } },
    { ...anytime, treeFolder: '/updates' },
  )
  assert.deepEqual(
    (await automatic.stateNow()).offers.map(({ version }) => version),
    ['0.3.0'],
  )
  assert.deepEqual(taken, ['sticks', '/updates'])
  assert.deepEqual(installed(), [])
})

test('a tree that cannot be reached keeps nothing back', async (context) => {
  const { automatic, taken } = await box(context, { 'a.raucb': { version: '0.3.0' } }, { ...anytime, treeFolder: '/updates' })
  assert.equal(await automatic.look(), '0.3.0')
  assert.deepEqual(taken, ['/updates'])
})

test('a plan is kept, one of a later version or a damaged one is refused', async (context) => {
  const { store, automatic, folder } = await box(context, {})
  await automatic.set({ ...DEFAULT_PLAN, fromHour: 5 })
  assert.equal((await automatic.state()).plan.fromHour, 5)
  assert.deepEqual((await new PlanStore(join(folder, 'empty')).read()).plan, DEFAULT_PLAN)
  await writeFile(join(folder, 'updates/plan.json'), '{"version":2}')
  await assert.rejects(store.read(), { code: 'UNSUPPORTED_VERSION' })
  await writeFile(join(folder, 'updates/plan.json'), '{"version":1,"plan":')
  await assert.rejects(store.read(), { code: 'MALFORMED' })
})

test('hours may run past midnight', () => {
  const late = { ...anytime, fromHour: 23, hours: 3 }
  for (const [hour, open] of [
    [22, false],
    [23, true],
    [0, true],
    [1, true],
    [2, false],
  ] as const)
    assert.equal(inWindow(new Date(2026, 10, 21, hour, 30), late), open, String(hour))
  assert.deepEqual(nextWindow(new Date(2026, 10, 21, 12, 30), late), new Date(2026, 10, 21, 23))
  assert.deepEqual(nextWindow(new Date(2026, 10, 21, 23, 30), late), new Date(2026, 10, 21, 23, 30))
})

test('boxes take their turns spread over the days, each always in the same place', () => {
  const places = Array.from({ length: 1000 }, (_, i) => placeOf(`machine ${i}`, '1.0.0'))
  assert.equal(placeOf('machine 7', '1.0.0'), places[7])
  assert.notEqual(placeOf('machine 7', '1.0.1'), places[7])
  for (const third of [0, 1, 2]) {
    const share = places.filter((place) => Math.floor(place * 3) === third).length
    assert.ok(share > 250 && share < 420, `${share} of 1000`)
  }
  const plan = { ...anytime, spreadDays: 4 }
  assert.deepEqual(turnBegins('2026-11-21', 0.5, plan), new Date('2026-11-23T00:00:00Z'))
  assert.equal(turnBegins('soon', 0.5, plan), null)
})

test('takes bundles out of the tree, leaves those that are here, and removes what went from the tree', async (context) => {
  const into = await mkdtemp(join(tmpdir(), 'holt-taken-'))
  context.after(() => rm(into, { recursive: true }))
  await writeFile(join(into, 'old.raucb'), 'old')
  await writeFile(join(into, 'here.raucb'), '1234')
  const file = (name: string, sizeBytes: number) => ({ name, type: 'file', sizeBytes, mode: 0, modified: 0 })
  const entries = [file('-rf.raucb', 1), file('here.raucb', 4), file('new.raucb', 3), file('notes.txt', 9)]
  const tools = new FakeTools({
    '/usr/bin/holt': () => JSON.stringify({ path: '/updates', entries }),
    // the script itself, with a `holt` that has every file
    '/bin/sh': ([flag, script, ...args]) => {
      const real = (script as string).replaceAll('/usr/bin/holt cat --', 'printf new')
      return execFileSync('/bin/sh', [flag as string, real, ...args], { encoding: 'utf8' })
    },
  })
  await takeFromTree(tools, '/updates', into)
  assert.deepEqual(
    tools.ran.map((line) => line.replace(/-c .* copy/, '…')),
    ['/usr/bin/holt ls --json -- /updates', `/bin/sh … /updates/new.raucb ${join(into, 'new.raucb')}`],
  )
  assert.deepEqual(
    (await readdir(into)).sort((x, y) => (x < y ? -1 : 1)),
    ['here.raucb', 'new.raucb'],
  )
  await takeFromTree(new FakeTools({ '/usr/bin/holt': refuses('holt: the node does not answer') }), '/updates', into)
  assert.equal((await readdir(into)).length, 2, 'an error is not emptiness')
  await takeFromTree(new FakeTools({ '/usr/bin/holt': JSON.stringify({ path: '/updates', entries: [] }) }), '/updates', into)
  assert.deepEqual(await readdir(into), [])
})
