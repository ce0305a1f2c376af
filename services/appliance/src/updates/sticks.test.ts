import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeTools, refuses } from '../testing/fake-tools.ts'
import { mountSticks } from './sticks.ts'

const part = (path: string, more: object = {}) => ({
  name: path.slice(5),
  path,
  type: 'part',
  size: 1e9,
  rm: false,
  ro: false,
  mountpoints: [null],
  fstype: null,
  label: null,
  uuid: null,
  partlabel: null,
  ...more,
})
const stick = (path: string, ...children: object[]) => part(path, { type: 'disk', tran: 'usb', rm: true, children })

async function mounted(...disks: object[]): Promise<{ ran: string[]; logged: string[] }> {
  const tools = new FakeTools({
    lsblk: JSON.stringify({ blockdevices: disks }),
    'systemd-mount': ([, , , path]) => (path === '/dev/sdz1' ? refuses('broken')() : ''),
  })
  const logged: string[] = []
  await mountSticks({ tools, folder: '/run/media', log: (text) => logged.push(text) })
  return { ran: tools.ran.filter((line) => line.startsWith('systemd-mount')), logged }
}

test('opens what is on a stick, to be read only, and goes on after one that cannot be read', async () => {
  const { ran, logged } = await mounted(
    stick('/dev/sdz', part('/dev/sdz1', { fstype: 'ext4', uuid: '11111111-2222-3333-4444-555555555555' })),
    stick('/dev/sda', part('/dev/sda1', { fstype: 'vfat', uuid: 'ABCD-1234' }), part('/dev/sda2')),
  )
  assert.deepEqual(ran.slice(1), ['systemd-mount --collect --fsck=no --options=ro,nodev,nosuid,noexec /dev/sda1 /run/media/ABCD-1234'])
  assert.match(logged.join(), /\/dev\/sdz1 cannot be read: broken/)
})

test('leaves alone what the box runs from, drives for Holt, what is built in, mounted, or of a kind or name that is odd', async () => {
  const vfat = { fstype: 'vfat', uuid: 'ABCD-1234' }
  const { ran } = await mounted(
    stick('/dev/sda', part('/dev/sda1', { ...vfat, partlabel: 'holt-esp' })),
    stick('/dev/sdb', part('/dev/sdb1', { fstype: 'ext4', label: 'holt-drive', uuid: 'ABCD-1234' })),
    part('/dev/sdc', { type: 'disk', tran: 'sata', children: [part('/dev/sdc1', vfat)] }),
    stick('/dev/sdd', part('/dev/sdd1', { ...vfat, mountpoints: ['/run/media/ABCD-1234'] })),
    stick('/dev/sde', part('/dev/sde1', { fstype: 'ntfs', uuid: 'ABCD-1234' })),
    stick('/dev/sdf', part('/dev/sdf1', { ...vfat, uuid: '../../etc' })),
    stick('/dev/sdg', part('/dev/sdg1', { ...vfat, uuid: '-x' })),
  )
  assert.deepEqual(ran, [])
})
