import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bootToPage, LAN_ADDRESS, newBox, otherBoot, ownedBox, bootId, pageAnswers, readImage, setUpCode } from './box.ts'
import { askHelper } from './helper-calls.ts'
import { runCommand } from './machine/child.ts'
import type { Disk } from './machine/disks.ts'
import { machineTest, type World } from './machine/world.ts'
import { Owner, sha256 } from './owner.ts'

machineTest(
  'drives that are not its own are left alone: at boot, and by a factory reset, which erases all of its own',
  async (world) => {
    const { box, home, owner } = await ownedBox(world)
    const file = join(world.folder, 'file')
    await writeFile(file, 'mine')
    assert.ok(await owner.put('/mine', file))
    await box.shutDown()
    const foreign = await foreignDrives(world)
    const before = await Promise.all(foreign.map(hashOfDrive))
    for (const disk of foreign) box.addDisk(disk)
    await bootToPage(box, home)
    assert.equal(await owner.hashOf('/mine'), sha256(Buffer.from('mine')), 'its own data is there beside them')
    const oldDrive = await box.shell.run('cryptsetup luksUUID /dev/disk/by-partlabel/holt-data')
    assert.match(await box.shell.run('lsblk -dno SERIAL'), /somebody[^]*old-box/)

    const boot = await bootId(box)
    await askHelper(box, [['power.factoryReset', { consent: 'erase everything' }]])
    await otherBoot(box, boot)
    await pageAnswers(home.laptop)
    assert.notEqual(await box.shell.run('cryptsetup luksUUID /dev/disk/by-partlabel/holt-data'), oldDrive)
    assert.ok(!(await owner.isSignedIn()))
    assert.match(await setUpCode(box), /^\w{8}$/)
    await new Owner(home.laptop, `http://${LAN_ADDRESS}`, join(world.folder, 'new-cookies')).setUp(await setUpCode(box))
    await box.shutDown()
    assert.deepEqual(await Promise.all(foreign.map(hashOfDrive)), before)
  },
  { limitMs: 900_000 },
)

/** Somebody's file system on a whole drive, and the drive of another box, whose partitions have the same names as this one's. */
async function foreignDrives(world: World): Promise<Disk[]> {
  const files = join(world.folder, 'somebody-files')
  await mkdir(files)
  await writeFile(join(files, 'letter'), 'not for a router')
  const somebody: Disk = { file: join(world.folder, 'somebody.img'), format: 'raw', serial: 'somebody' }
  await runCommand(['mke2fs', '-q', '-t', 'ext4', '-d', files, somebody.file, '64M'])
  const oldBox: Disk = { file: join(world.folder, 'old-box.img'), format: 'raw', serial: 'old-box' }
  await copyFile((await readImage()).disk, oldBox.file)
  return [somebody, oldBox]
}

async function hashOfDrive({ file }: Disk): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes as Uint8Array)
  return hash.digest('hex')
}

machineTest(
  'without an internet, and without a TPM, a first boot ends at the page all the same',
  async (world) => {
    const lab = await world.lab(['wan', 'lan'])
    const home = { lab, laptop: await lab.host('laptop', 'lan') }
    const box = await newBox(world, home, { tpm: false })
    await bootToPage(box, home)
    assert.deepEqual(await home.laptop.lookUp('holt.lan', LAN_ADDRESS), [LAN_ADDRESS])
    const cookies = join(world.folder, 'cookies')
    await new Owner(home.laptop, `http://${LAN_ADDRESS}`, cookies).setUp(await setUpCode(box))
    assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
    assert.match(await box.shell.run('ls /efi/holt/data-key'), /data-key/)
  },
  { limitMs: 600_000 },
)
