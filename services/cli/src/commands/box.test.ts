import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { DiskInfo, NetworkStatus } from '@holt/control/box/methods.ts'
import { defaultNetworkSettings } from '@holt/control/box/network-settings.ts'
import { covering, temporaryFolder } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('box')

const wireless = { state: 'good', temperature: 30, hours: 5, defects: 0, wearPercent: null, problems: [] } as const

test('box: shows how it is connected, without what a device could make a terminal do', async () => {
  const online: NetworkStatus = {
    oneArmed: false,
    wifi: null,
    links: [{ name: 'wan0', role: 'outside', up: true, addresses: ['203.0.113.4/24'], receivedBytes: 2048, sentBytes: 0 }],
    online: true,
    gateway: '203.0.113.1',
    leases: [{ mac: '02:00:00:00:00:01', address: '192.168.77.9', name: 'tv\u001b[2J', expires: 0 }],
    phones: [],
  }
  const { text } = await both(['box'], { 'box.network.status': () => online })
  assert.match(text.out, /Outside: connected through 203\.0\.113\.1/)
  assert.match(text.out, /wan0 +outside +up +2\.0 KiB/)
  assert.ok(!text.out.includes('\u001b[2J'))
})

test('box network, try, keep, back: a document out, a document in, kept by a word', async (context) => {
  const folder = await temporaryFolder(context)
  const trial = { id: 'abc', settings: defaultNetworkSettings, remainingMs: 59_000 }
  const { json, text } = await both(['box', 'network'], {
    'box.network.get': () => ({ settings: defaultNetworkSettings, byOwner: true, trial }),
  })
  assert.deepEqual(json, defaultNetworkSettings)
  assert.deepEqual(JSON.parse(text.out), defaultNetworkSettings)
  await writeFile(join(folder, 'network.json'), text.out)
  await writeFile(join(folder, 'broken.json'), '{')
  const tried = await both(['box', 'try', 'network.json'], { 'box.network.set': () => trial }, { currentFolder: folder })
  assert.deepEqual(tried.control.asked('box.network.set')[0], { settings: defaultNetworkSettings })
  for (const [file, exitCode] of [
    ['broken.json', 2],
    ['none.json', 3],
  ] as const)
    assert.equal((await holt(['box', 'try', file], { control: new FakeControl({}), currentFolder: folder })).exitCode, exitCode)
  const kept = await both(['box', 'keep'], {
    'box.network.get': () => ({ settings: defaultNetworkSettings, byOwner: true, trial }),
    'box.network.confirm': () => ({}),
  })
  assert.deepEqual(kept.control.asked('box.network.confirm')[0], { id: 'abc' })
  const late = new FakeControl({ 'box.network.get': () => ({ settings: defaultNetworkSettings, byOwner: true, trial: null }) })
  assert.equal((await holt(['box', 'keep'], { control: late })).exitCode, 4)
  await both(['box', 'back'], { 'box.network.rollBack': () => ({}) })
})

test('box phone and forget: a code to scan, or the file', async () => {
  const answers: FakeAnswers = {
    'box.wireguard.addPhone': () => ({ configuration: '[Interface]\nPrivateKey = x\n', address: '192.168.79.2' }),
  }
  const { text, control } = await both(['box', 'phone', 'My phone', '--everything'], answers)
  assert.match(text.out, /[█▀▄]{5}/)
  assert.deepEqual(control.asked('box.wireguard.addPhone')[0], { name: 'My phone', everything: true })
  assert.equal((await holt(['box', 'phone', 'x', '--file'], { control: new FakeControl(answers) })).out, '[Interface]\nPrivateKey = x\n')
  await both(['box', 'forget', 'My phone'], { 'box.wireguard.removePhone': () => ({}) })
})

test('box disks, prepare: what has to be typed is shown, and handed on as typed', async () => {
  const usb: DiskInfo = {
    device: '/dev/sda',
    name: 'Maker',
    serial: 'S1',
    sizeBytes: 1e12,
    removable: true,
    connection: 'usb',
    role: 'foreign',
    folder: null,
    contents: [],
    consent: 'erase S1',
  }
  const { text } = await both(['box', 'disks'], {
    'box.disks.list': () => ({ disks: [usb] }),
    'box.disks.health': () => ({ ...wireless, problems: [] }),
  })
  assert.match(text.out, /\/dev\/sda .* foreign +good +Maker +erase S1/)
  const { control } = await both(['box', 'prepare', '/dev/sda', '--consent', 'erase S1'], {
    'box.disks.prepare': () => ({ folder: '/data/drives/x/holt' }),
  })
  assert.deepEqual(control.asked('box.disks.prepare')[0], { device: '/dev/sda', consent: 'erase S1' })
})

test('box update, restart, shutdown, reset', async () => {
  const slots = [{ name: 'rootfs.0', bootname: 'A', state: 'booted', bootStatus: 'good', version: '0.2.0', installed: null }] as const
  const status = { available: true, compatible: 'holt', booted: 'rootfs.0', version: '0.2.0', onTrial: true, next: null } as const
  const shown = await both(['box', 'update'], {
    'box.updates.status': () => ({ ...status, fellBackFrom: '0.3.0\u001b[2J', slots: [...slots] }),
  })
  assert.match(shown.text.out, /A +0\.2\.0 +booted +good/)
  assert.match(shown.text.err, /0\.2\.0 is on trial/)
  assert.match(shown.text.err, /0\.3\.0.* did not work/)
  assert.ok(!shown.text.err.includes('\u001b[2J'))
  const bundle = { compatible: 'holt', version: '0.3.0', description: '', build: '' }
  const installed = await both(['box', 'update', '/run/media/x/holt.raucb'], {
    'box.updates.inspect': () => bundle,
    'box.updates.install': () => ({}),
  })
  assert.match(installed.text.out, /0\.3\.0 is installed/)
  await both(['box', 'restart'], { 'box.power.restart': () => ({}) })
  await both(['box', 'shutdown'], { 'box.power.shutdown': () => ({}) })
  const reset = await both(['box', 'reset', '--consent', 'erase everything'], { 'box.power.factoryReset': () => ({}) })
  assert.deepEqual(reset.control.asked('box.power.factoryReset')[0], { consent: 'erase everything' })
})

test('box recovery-key: the key in a line of its own, and a code to scan', async () => {
  const { text } = await both(['box', 'recovery-key'], { 'box.data.makeRecoveryKey': () => ({ key: 'cbdefghi-jklnrtuv' }) })
  assert.match(text.out, /^cbdefghi-jklnrtuv\n\n/)
  assert.match(text.out, /[█▀▄]{5}/)
})

test('box ssh: shows it, lets a key in, shuts all out; a private key never leaves', async (context) => {
  const folder = await temporaryFolder(context)
  const known = { text: 'ssh-ed25519 AAAA old', kind: 'ssh-ed25519', comment: 'old\u001b[2J', fingerprint: 'SHA256:x' }
  const answers: FakeAnswers = {
    'box.ssh.get': () => ({ enabled: true, running: true, keys: [known], hostKey: 'SHA256:host' }),
    'box.ssh.set': () => ({}),
  }
  const shown = await both(['box', 'ssh'], answers)
  assert.match(shown.text.out, /SSH is on\.\n.*SHA256:host/)
  assert.ok(!shown.text.out.includes('\u001b[2J'))
  await writeFile(join(folder, 'new.pub'), '# mine\nssh-ed25519 BBBB me@laptop\n')
  await writeFile(join(folder, 'new'), '-----BEGIN OPENSSH PRIVATE KEY-----\n')
  const on = await both(['box', 'ssh', 'on', '--key', 'new.pub'], answers, { currentFolder: folder })
  assert.deepEqual(on.control.asked('box.ssh.set')[0], { enabled: true, keys: [known.text, 'ssh-ed25519 BBBB me@laptop'] })
  const only = await both(['box', 'ssh', 'on', '--only', '--key', 'new.pub'], answers, { currentFolder: folder })
  assert.deepEqual(only.control.asked('box.ssh.set')[0], { enabled: true, keys: ['ssh-ed25519 BBBB me@laptop'] })
  const off = await both(['box', 'ssh', 'off'], answers)
  assert.deepEqual(off.control.asked('box.ssh.set')[0], { enabled: false, keys: [known.text] })
  for (const line of [['on', '--key', 'new'], ['on', '--key', 'none'], ['perhaps']]) {
    const control = new FakeControl(answers)
    assert.notEqual((await holt(['box', 'ssh', ...line], { control, currentFolder: folder })).exitCode, 0)
    assert.equal(control.asked('box.ssh.set').length, 0)
  }
})
