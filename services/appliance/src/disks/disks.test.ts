import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FakeTools } from '../testing/fake-tools.ts'
import { Disks } from './disks.ts'
import { diskHealth } from './smart.ts'

const part = (path: string, more: object = {}) => ({
  name: path.slice(5),
  path,
  type: 'part',
  size: 1e9,
  model: null,
  vendor: null,
  serial: null,
  tran: null,
  rm: false,
  ro: false,
  mountpoints: [null],
  fstype: null,
  label: null,
  uuid: null,
  partlabel: null,
  ...more,
})
const disk = (path: string, more: object = {}) =>
  part(path, { type: 'disk', size: 2e12, model: 'Maker Model', serial: 'S123', tran: 'usb', ...more })
const UUID = '11111111-2222-3333-4444-555555555555'
const ours = { fstype: 'ext4', label: 'holt-drive', uuid: UUID, partlabel: 'holt-drive' }

const system = disk('/dev/vda', {
  children: [
    part('/dev/vda1', { partlabel: 'holt-esp', fstype: 'vfat', mountpoints: ['/efi'] }),
    part('/dev/vda4', {
      partlabel: 'holt-data',
      fstype: 'crypto_LUKS',
      children: [part('/dev/mapper/holt-data', { type: 'crypt', fstype: 'ext4', mountpoints: ['/data'] })],
    }),
  ],
})
const foreign = disk('/dev/sda', { children: [part('/dev/sda1', { fstype: 'ntfs', label: 'Holiday\u001b[2J' })] })
const empty = disk('/dev/sdb', { serial: '' })
const prepared = disk('/dev/sdc', { children: [part('/dev/sdc1', ours)] })
const mounted = disk('/dev/sdd', { children: [part('/dev/sdd1', { ...ours, mountpoints: ['/data/drives/x'] })] })

function tools(...disks: unknown[]): FakeTools {
  return new FakeTools({
    lsblk: JSON.stringify({ blockdevices: disks }),
    'systemd-mount': '',
    install: '',
    wipefs: '',
    sfdisk: '',
    udevadm: '',
    'mkfs.ext4': '',
    umount: '',
  })
}

async function makeDisks(context: TestContext, fake: FakeTools) {
  const drivesFolder = await mkdtemp(join(tmpdir(), 'holt-disks-'))
  context.after(() => rm(drivesFolder, { recursive: true }))
  const logged: string[] = []
  return { disks: new Disks({ tools: fake, outside: fake, log: (text) => logged.push(text), drivesFolder }), logged, drivesFolder }
}

test('tells whose each drive is', async (context) => {
  const { disks } = await makeDisks(
    context,
    tools(system, foreign, empty, prepared, mounted, disk('/dev/zram0'), disk('/dev/sde', { size: 0 })),
  )
  const list = await disks.list()
  assert.deepEqual(
    list.map(({ device, role }) => `${device} ${role}`),
    ['/dev/vda system', '/dev/sda foreign', '/dev/sdb empty', '/dev/sdc holt', '/dev/sdd holt'],
  )
  assert.deepEqual(list[1]?.contents, [{ type: 'ntfs', label: 'Holiday?[2J', sizeBytes: 1e9 }])
  assert.equal(list[1]?.consent, 'erase S123')
  assert.equal(list[2]?.consent, 'erase Maker Model')
  assert.equal(list[4]?.folder, '/data/drives/x')
})

test('a disk that the box could run from in any way is a system one', async (context) => {
  for (const more of [
    { mountpoints: ['/'] },
    { mountpoints: ['[SWAP]'] },
    { partlabel: 'holt-b' },
    { children: [part('/dev/mapper/x', { mountpoints: ['/srv'] })] },
  ]) {
    const { disks } = await makeDisks(context, tools(disk('/dev/sda', { children: [part('/dev/sda1', more)] })))
    assert.equal((await disks.list())[0]?.role, 'system', JSON.stringify(more))
  }
})

test('erases nothing without the very words, nothing that runs the box, nothing that is one already', async (context) => {
  const fake = tools(system, foreign, empty, prepared)
  const { disks } = await makeDisks(context, fake)
  const refused = async (device: string, consent: string, code: string) => assert.rejects(disks.prepare(device, consent, {}), { code })
  await refused('/dev/sda', '', 'CONSENT_MISSING')
  await refused('/dev/sda', 'erase', 'CONSENT_MISSING')
  await refused('/dev/sda', 'erase Maker Model', 'CONSENT_MISSING')
  await refused('/dev/vda', 'erase S123', 'DRIVE_IN_USE')
  await refused('/dev/sdc', 'erase S123', 'DRIVE_IN_USE')
  await refused('/dev/sdz', 'erase S123', 'NOT_FOUND')
  assert.deepEqual(new Set(fake.ran.map((line) => line.split(' ')[0])), new Set(['lsblk']), 'looked, and no more')
})

test('with them it partitions, formats, mounts, and gives the node a folder', async (context) => {
  const fake = tools(foreign)
  const { disks, drivesFolder } = await makeDisks(context, fake)
  fake.answers['mkfs.ext4'] = () => {
    fake.answers['lsblk'] = JSON.stringify({ blockdevices: [disk('/dev/sda', { children: [part('/dev/sda1', ours)] })] })
    return ''
  }
  const steps: number[] = []
  const { folder } = await disks.prepare('/dev/sda', 'erase S123', { onProgress: ({ doneItems }) => steps.push(doneItems) })
  assert.equal(folder, join(drivesFolder, UUID, 'holt'))
  assert.deepEqual(
    fake.ran.filter((line) => !line.startsWith('lsblk') && !line.startsWith('udevadm')),
    [
      'wipefs --all --quiet /dev/sda1 /dev/sda',
      'sfdisk --quiet --wipe always --label gpt /dev/sda',
      'mkfs.ext4 -q -F -m 0 -L holt-drive -E root_owner=0:0 /dev/sda1',
      `systemd-mount --collect --fsck=yes --options=nodev,nosuid,noexec,noatime /dev/sda1 ${join(drivesFolder, UUID)}`,
      `install -d -m 0700 -o holt -g holt ${join(drivesFolder, UUID, 'holt')}`,
    ],
  )
  assert.deepEqual(steps, [0, 1, 3, 4])
})

test('mounts drives of Holt that were plugged in, and only those', async (context) => {
  const fake = tools(system, foreign, empty, prepared, mounted)
  const { disks } = await makeDisks(context, fake)
  await disks.mountAll()
  assert.deepEqual(
    fake.ran.filter((line) => line.startsWith('systemd-mount')).map((line) => line.split(' ')[4]),
    ['/dev/sdc1'],
  )
})

test('lsblk that says something else than it used to is an error, not an empty list', async (context) => {
  for (const text of ['', '{}', 'null', '{"blockdevices":[{"path":5}]}', 'no']) {
    const { disks } = await makeDisks(context, new FakeTools({ lsblk: text }))
    await assert.rejects(disks.list(), { code: 'SYSTEM_REFUSED' })
  }
})

const smart = (value: object) => new FakeTools({ smartctl: JSON.stringify({ smartctl: { exit_status: 0 }, ...value }) })
const attribute = (id: number, value: number, when_failed = '') => ({ id, name: `Attribute_${id}`, raw: { value }, when_failed })

test('health: good, worn, failing, and not known', async () => {
  const passed = { smart_status: { passed: true }, temperature: { current: 31 }, power_on_time: { hours: 12 } }
  const state = async (value: object) => (await diskHealth(smart(value), '/dev/sda')).state
  assert.deepEqual(await diskHealth(smart({ ...passed, ata_smart_attributes: { table: [attribute(5, 0)] } }), '/dev/sda'), {
    state: 'good',
    temperature: 31,
    hours: 12,
    defects: 0,
    wearPercent: null,
    problems: [],
  })
  assert.equal(await state({ ...passed, ata_smart_attributes: { table: [attribute(5, 8)] } }), 'worn')
  assert.equal(await state({ ...passed, ata_smart_attributes: { table: [attribute(197, 1)] } }), 'failing')
  assert.equal(await state({ ...passed, ata_smart_attributes: { table: [attribute(1, 0, 'now')] } }), 'failing')
  assert.equal(await state({ smart_status: { passed: false } }), 'failing')
  assert.equal(await state({ nvme_smart_health_information_log: { critical_warning: 0, percentage_used: 95, media_errors: 0 } }), 'worn')
  assert.equal(await state({ nvme_smart_health_information_log: { critical_warning: 4, percentage_used: 3, media_errors: 0 } }), 'failing')
  assert.equal(await state({}), 'unknown', 'a stick that tells nothing')
  assert.equal(await state({ ...passed, smartctl: { exit_status: 2 } }), 'unknown', 'it sleeps')
})
