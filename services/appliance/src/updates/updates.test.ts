import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Progress } from '@holt/control/schema.ts'
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

test('reads slots and versions', async () => {
  const found = await new Updates(new FakeTools({ rauc: JSON.stringify(status) })).status()
  assert.deepEqual(found, {
    available: true,
    compatible: 'holt-x86_64-efi',
    booted: 'rootfs.0',
    version: '0.2.0',
    slots: [
      { name: 'rootfs.1', bootname: 'B', state: 'inactive', bootStatus: 'bad', version: null, installed: null },
      { name: 'rootfs.0', bootname: 'A', state: 'booted', bootStatus: 'good', version: '0.2.0', installed: '2026-11-21T10:00:00Z' },
    ],
  })
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
