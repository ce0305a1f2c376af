import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Progress } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { FakeTools, refuses } from '../testing/fake-tools.ts'
import { progressOf, Updates } from './updates.ts'

const status = {
  compatible: 'holt-x86_64-efi',
  variant: '',
  booted: 'A',
  boot_primary: 'rootfs.0',
  slots: [
    {
      'rootfs.1': {
        class: 'rootfs',
        device: '/dev/disk/by-partlabel/holt-b',
        type: 'raw',
        bootname: 'B',
        state: 'inactive',
        parent: null,
        mountpoint: null,
        boot_status: 'bad',
      },
    },
    {
      'rootfs.0': {
        class: 'rootfs',
        device: '/dev/disk/by-partlabel/holt-a',
        type: 'raw',
        bootname: 'A',
        state: 'booted',
        parent: null,
        mountpoint: null,
        boot_status: 'good',
        slot_status: {
          bundle: { compatible: 'holt-x86_64-efi', version: '0.2.0' },
          installed: { timestamp: '2026-11-21T10:00:00Z', count: 1 },
        },
      },
    },
  ],
}

const settled = { '/usr/lib/holt/boot-slot': refuses('it is good') }

test('reads slots and versions', async () => {
  const found = await new Updates(new FakeTools({ rauc: JSON.stringify(status), ...settled })).status()
  assert.deepEqual(found, {
    available: true,
    compatible: 'holt-x86_64-efi',
    booted: 'rootfs.0',
    version: '0.2.0',
    onTrial: false,
    next: null,
    fellBackFrom: null,
    slots: [
      { name: 'rootfs.1', bootname: 'B', state: 'inactive', bootStatus: 'bad', version: null, installed: null },
      { name: 'rootfs.0', bootname: 'A', state: 'booted', bootStatus: 'good', version: '0.2.0', installed: '2026-11-21T10:00:00Z' },
    ],
  })
})

/** The same box with something in its other slot. */
function withOther(slot: object, primary = 'rootfs.0') {
  const [other, running] = status.slots as [{ 'rootfs.1': object }, object]
  return JSON.stringify({ ...status, boot_primary: primary, slots: [{ 'rootfs.1': { ...other['rootfs.1'], ...slot } }, running] })
}

test('tells a version that waits for a restart, one on trial, and one that was given up', async () => {
  const at = (hour: number) => ({ timestamp: `2026-11-21T${hour}:00:00Z` })
  const bundle = { version: '0.3.0' }
  const whole = { bundle, installed: at(11), activated: at(12), status: 'ok' }
  const statusOf = async (text: string, tools: object = settled) => {
    const { next, onTrial, fellBackFrom } = await new Updates(new FakeTools({ rauc: text, ...tools })).status()
    return { next, onTrial, fellBackFrom }
  }
  const calm = { next: null, onTrial: false, fellBackFrom: null }
  assert.deepEqual(await statusOf(withOther({ boot_status: 'good', slot_status: whole }, 'rootfs.1')), { ...calm, next: 'rootfs.1' })
  assert.deepEqual(await statusOf(withOther({}), { '/usr/lib/holt/boot-slot': '' }), { ...calm, onTrial: true })
  assert.deepEqual(await statusOf(withOther({ boot_status: 'bad', slot_status: whole })), { ...calm, fellBackFrom: '0.3.0' })
  // the one that ran before and works, one that is half written, one that was never told to start
  for (const slot of [
    { boot_status: 'good', slot_status: whole },
    { boot_status: 'bad', slot_status: { status: 'pending' } },
    { boot_status: 'bad', slot_status: { ...whole, activated: at(10) } },
    { boot_status: 'bad', slot_status: { bundle, installed: at(11), status: 'ok' } },
  ])
    assert.deepEqual(await statusOf(withOther(slot)), calm)
})

test('a slot that no bundle was written to has the version the system names', async () => {
  const flashed = JSON.stringify({ ...status, slots: [{ 'rootfs.0': { class: 'rootfs', state: 'booted', bootname: 'A' } }] })
  const tools = new FakeTools({ rauc: flashed, ...settled })
  assert.equal((await new Updates(tools, { runningVersion: async () => '0.1.0' }).status()).version, '0.1.0')
  assert.equal((await new Updates(tools).status()).version, null)
})

test('a cancelled installation ends in the service of rauc too', async () => {
  const cancel = new AbortController()
  const tools = new FakeTools({
    rauc: (_, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new HoltError('CANCELLED', 'cancelled')))),
  })
  const inside = new FakeTools({ systemctl: '' })
  const updates = new Updates(inside, { outside: tools })
  const installing = updates.install('/data/holt/a.raucb', { signal: cancel.signal })
  cancel.abort()
  await assert.rejects(installing, { code: 'CANCELLED' })
  assert.deepEqual(tools.ran, ['rauc install /data/holt/a.raucb'], 'by who may look into the folder of the node')
  assert.deepEqual(inside.ran, ['systemctl try-restart rauc.service'])
  tools.answers['rauc'] = ''
  await updates.install('/data/holt/a.raucb', {})
})

test('says so where there is no rauc, and where it answers otherwise', async () => {
  assert.equal((await new Updates(new FakeTools()).status()).available, false)
  for (const text of ['', 'no', '{}', JSON.stringify({ ...status, slots: [5] })])
    await assert.rejects(new Updates(new FakeTools({ rauc: text })).status(), { code: 'SYSTEM_REFUSED' })
})

test('installs with progress, one at a time', async () => {
  let finish = () => {}
  const tools = new FakeTools({
    rauc: (_, { onOutput }) =>
      new Promise((resolve) => {
        onOutput?.('installing\n  0% Installing\n 40% Checking bundle done.\n')
        finish = () => resolve('')
      }),
  })
  const updates = new Updates(tools)
  const seen: Progress[] = []
  const first = updates.install('/data/holt/a.raucb', { onProgress: (progress) => seen.push(progress) })
  await assert.rejects(updates.install('/data/holt/a.raucb', {}), { code: 'CONFLICT' })
  finish()
  await first
  assert.deepEqual(tools.ran, ['rauc install /data/holt/a.raucb'])
  assert.deepEqual(
    seen.map(({ doneItems, path }) => `${doneItems} ${path}`),
    ['40 Checking bundle done.'],
  )
  assert.equal(progressOf('no progress here'), null)
  assert.equal(progressOf(' 400% of it'), null)
})

test('what rauc refuses has a code of its own', async () => {
  const codeOf = async (said: string) =>
    new Updates(new FakeTools({ rauc: refuses(said) })).install('/data/holt/a.raucb', {}).catch((error: { code: string }) => error.code)
  assert.equal(await codeOf('LastError: signature verification failed: Verify error: self-signed certificate'), 'SIGNATURE_INVALID')
  assert.equal(await codeOf('LastError: No such file or directory'), 'NOT_FOUND')
  assert.equal(await codeOf('LastError: the disk is on fire'), 'SYSTEM_REFUSED')
})

test('why the running system refused a bundle comes from where it left the reason', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-refusal-'))
  context.after(() => rm(folder, { recursive: true }))
  const failing = new FakeTools({ rauc: refuses('LastError: Pre-install handler error: Child process exited with code 1') })
  const updates = new Updates(failing, { refusalFile: join(folder, 'refusal') })
  await assert.rejects(updates.install('/data/holt/a.raucb', {}), { code: 'SYSTEM_REFUSED', message: /Pre-install handler/ })
  await writeFile(join(folder, 'refusal'), 'it is version 0.1.0, older than 0.2.0, which is running\n')
  await assert.rejects(updates.install('/data/holt/a.raucb', {}), { code: 'ROLLED_BACK', message: /older than 0\.2\.0/ })
  await writeFile(join(folder, 'refusal'), 'the boot partition has 10 KiB left, 20 are needed\n')
  await assert.rejects(updates.install('/data/holt/a.raucb', {}), { code: 'SYSTEM_REFUSED', message: /10 KiB left/ })
})
