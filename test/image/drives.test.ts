import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootId, LAN_ADDRESS, otherBoot, ownedBox, pageAnswers, readImage, restart, settled, setUpCode } from './box.ts'
import { askHelper, type HelperAnswer, tellHelper } from './helper-calls.ts'
import { runCommand } from './machine/child.ts'
import { asOwner, mounted } from './holt-folder.ts'
import { until } from './machine/connect.ts'
import { type Disk, diskOver } from './machine/disks.ts'
import type { Machine } from './machine/machine.ts'
import { machineTest, type World } from './machine/world.ts'
import { Owner, sha256 } from './owner.ts'

machineTest(
  'drives: its own one full, others beside it, and a factory reset',
  async (world, step) => {
    const { box, home, owner } = await ownedBox(world)
    const file = join(world.folder, 'file')
    await writeFile(file, 'kept before')
    assert.ok(await owner.put('/before', file))
    const foreign = await foreignDrives(world)

    await step('drives that are not its own are shown, and nothing else is done with them', async () => {
      for (const disk of foreign) await box.plugIn(disk)
      await until('the drives', async () => (await box.shell.tryRun('ls /dev/disk/by-label/somebody && ls /dev/sd[ab]4')).code === 0)
      const [answer] = await askHelper(box, [['disks.list']])
      const { disks } = (answer as HelperAnswer).result as { disks: { serial: string; role: string }[] }
      const role = (serial: string): string | undefined => disks.find((disk) => disk.serial.includes(serial))?.role
      // whatever looks like the drive of a box may be the one it runs from, and is never offered
      assert.deepEqual(['boot-drive', 'somebody', 'old-box'].map(role), ['system', 'foreign', 'system'])
    })

    await step('with its drive full to the last byte it boots beside them, lets the owner in and has the files', async () => {
      await fill(box)
      await restart(box, home)
      await settled(box)
      assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
      const signIn = await owner.signIn()
      assert.ok(signIn.status < 300, `${signIn.status} ${signIn.body}`)
      assert.equal(await owner.hashOf('/before'), sha256(Buffer.from('kept before')))
      await mounted(box)
      assert.equal(await asOwner(box, 'cat /holt/before'), 'kept before')
    })

    await step('with room again files can be put again', async () => {
      await box.shell.run('rm /data/holt/filler*')
      await writeFile(file, 'put after')
      await putSoon(owner, file)
    })

    await step('a factory reset erases all of its own, and leaves a box that waits for an owner', async () => {
      const oldDrive = await box.shell.run('cryptsetup luksUUID /dev/disk/by-partlabel/holt-data')
      const boot = await bootId(box)
      tellHelper(box, ['power.factoryReset', { consent: 'erase everything' }])
      await otherBoot(box, boot)
      await pageAnswers(home.laptop)
      assert.notEqual(await box.shell.run('cryptsetup luksUUID /dev/disk/by-partlabel/holt-data'), oldDrive)
      assert.ok(!(await owner.isSignedIn()))
      await new Owner(home.laptop, `http://${LAN_ADDRESS}`, join(world.folder, 'new-cookies')).setUp(await setUpCode(box))
    })

    await step('after all that, nothing was written to the drives of others', async () => {
      await box.shutDown()
      const compare = ['qemu-img', 'compare', '-f', 'qcow2', '-F', 'qcow2']
      for (const { file: drive } of foreign) await runCommand([...compare, drive, `${drive}.original`], { limitMs: 300_000 })
    })
  },
  { limitMs: 2_400_000 },
)

/** Somebody's file system on a whole drive, and the drive of another box, whose partitions have the same names as this one's. */
async function foreignDrives(world: World): Promise<Disk[]> {
  const files = join(world.folder, 'somebody-files')
  await mkdir(files)
  await writeFile(join(files, 'letter'), 'not for a router')
  const somebody: Disk = { file: join(world.folder, 'somebody.img'), format: 'raw', serial: 'somebody' }
  await runCommand(['mke2fs', '-q', '-t', 'ext4', '-L', 'somebody', '-d', files, somebody.file, '64M'])
  const oldBox: Disk = { file: (await readImage()).disk, format: 'raw', serial: 'old-box' }
  return await Promise.all([somebody, oldBox].map((disk) => drawnFrom(disk, join(world.folder, disk.serial))))
}

/** A drive like another one, which stays beside it as `….original`. */
async function drawnFrom(original: Disk, file: string): Promise<Disk> {
  await diskOver(original, `${file}.original`)
  return await diskOver(original, file)
}

/** As the node's user, who may not have the reserve: until nothing is left of what it may have. */
async function fill(box: Machine): Promise<void> {
  const commands = 'fallocate -l $(($(stat -f -c "%a * %S" /data) - 65536)) /data/holt/filler; cat /dev/zero >/data/holt/filler2'
  await box.shell.tryRun(`setpriv --reuid holt --regid holt --clear-groups sh -c '${commands}'`, { limitMs: 180_000 })
  assert.equal(await box.shell.run('stat -f -c %a /data'), '0')
}

/** A node that found its drive full may look for room only now and then. */
async function putSoon(owner: Owner, file: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if (await owner.put('/after', file)) return
    await sleep(2000)
  }
  assert.fail('with room again, files can be put again')
}
