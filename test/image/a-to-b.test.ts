import assert from 'node:assert/strict'
import { copyFile, mkdir, open, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bootId, otherBoot, ownedBox, pageAnswers, readImage, settled } from './box.ts'
import { runCommand } from './machine/child.ts'
import type { Disk } from './machine/disks.ts'
import { machineTest, type World } from './machine/world.ts'
import { sha256 } from './owner.ts'
import { INSTALL_LIMIT_MS, makeBundle, markedGood, mountStick, primarySlot, reboot, runningSlot } from './updates.ts'

const repositoryRoot = join(import.meta.dirname, '../..')
/** The health check of the slot that is made to fail gives up sooner than others: signed like the rest of its kernel line. */
const BROKEN = 'systemd.mask=holt.service systemd.setenv=HOLT_HEALTH_LIMIT_S=20'

/** File → what is wrong with it. */
const refused = {
  foreign: 'signed by a stranger',
  older: 'older than the running version',
  truncated: 'that was cut off',
  flipped: 'with one bit changed',
  'other-board': 'for another board',
}

machineTest(
  'updates, from a USB stick',
  async (world, step) => {
    const { box, home, owner } = await ownedBox(world)
    const file = join(world.folder, 'file')
    await writeFile(file, 'from before the update')
    assert.ok(await owner.put('/before', file))
    await box.plugIn(await stickWithBundles(world))
    await mountStick(box)
    await markedGood(box, 'A')
    const dataIsThere = async (): Promise<void> => {
      assert.ok(await owner.isSignedIn())
      assert.equal(await owner.hashOf('/before'), sha256(Buffer.from('from before the update')))
    }

    for (const [name, fault] of Object.entries(refused)) {
      await step(`a bundle ${fault} is refused`, async () => {
        const { code, output } = await box.shell.tryRun(`rauc install /run/stick/${name}.raucb`, { limitMs: INSTALL_LIMIT_MS })
        assert.notEqual(code, 0, output)
        assert.equal(await primarySlot(box), 'A')
      })
    }

    await step('a good one boots, with the data as they were, and is kept', async () => {
      await box.shell.run('rauc install /run/stick/good.raucb', { limitMs: INSTALL_LIMIT_MS })
      assert.equal(await primarySlot(box), 'B')
      await reboot(box)
      await pageAnswers(home.laptop)
      assert.equal(await runningSlot(box), 'B')
      await markedGood(box, 'B')
      await dataIsThere()
      await settled(box)
      assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
    })

    await step('one that fails its health check is left again by itself', async () => {
      await mountStick(box)
      await box.shell.run('rauc install /run/stick/broken.raucb', { limitMs: INSTALL_LIMIT_MS })
      assert.equal(await primarySlot(box), 'A')
      // one try of three, to save the time of the others
      await box.shell.run('cd /efi/loader/entries && mv holt-a+3.conf holt-a+1.conf && sync -f .')
      await reboot(box)
      assert.equal(await runningSlot(box), 'A', 'it is tried')
      await otherBoot(box, await bootId(box))
      await pageAnswers(home.laptop)
      assert.equal(await runningSlot(box), 'B', 'and left again')
      assert.match(await box.shell.run('ls /efi/loader/entries'), /holt-a\+0-1\.conf/)
      await dataIsThere()
    })
  },
  { limitMs: 2_400_000 },
)

/** Bundles on a USB stick. Only those that get past the checks carry a whole system. */
async function stickWithBundles(world: World): Promise<Disk> {
  const { slot } = await readImage()
  const bundles = join(world.folder, 'bundles')
  await mkdir(bundles)
  const small = await slotLike(slot, join(world.folder, 'small'), { 'slot.img': 'x'.repeat(4096) })
  const broken = await slotLike(slot, join(world.folder, 'broken'), {
    cmdline: `${(await readFile(join(slot, 'cmdline'), 'utf8')).trim()} ${BROKEN}\n`,
  })
  const otherBoard = await slotLike(slot, join(world.folder, 'other'), { 'slot.img': 'x'.repeat(4096), compatible: 'holt-another-board\n' })
  const stranger = join(world.folder, 'stranger')
  await runCommand([process.execPath, 'scripts/image-keys.mjs', '--development', '--out', stranger], { cwd: repositoryRoot })
  await makeBundle(slot, join(bundles, 'good.raucb'))
  await makeBundle(broken, join(bundles, 'broken.raucb'))
  await makeBundle(small, join(bundles, 'foreign.raucb'), '--keys', stranger)
  await makeBundle(small, join(bundles, 'older.raucb'), '--version', '0.0.1')
  await makeBundle(otherBoard, join(bundles, 'other-board.raucb'))
  await copyFile(join(bundles, 'good.raucb'), join(bundles, 'truncated.raucb'))
  const { size } = await stat(join(bundles, 'good.raucb'))
  await truncate(join(bundles, 'truncated.raucb'), Math.floor(size / 2))
  await copyFile(join(bundles, 'good.raucb'), join(bundles, 'flipped.raucb'))
  await flipByte(join(bundles, 'flipped.raucb'), Math.floor(size / 2))
  const stick: Disk = { file: join(world.folder, 'stick.img'), format: 'raw', serial: 'stick' }
  await runCommand(['mke2fs', '-q', '-t', 'ext4', '-L', 'stick', '-d', bundles, stick.file, '1200M'], { limitMs: 120_000 })
  return stick
}

/** A slot folder like another one but for some files. */
async function slotLike(slot: string, folder: string, change: Record<string, string>): Promise<string> {
  await mkdir(folder)
  for (const name of ['slot.img', 'linux', 'initrd', 'cmdline', 'version', 'compatible']) {
    if (change[name] === undefined) await symlink(join(slot, name), join(folder, name))
    else await writeFile(join(folder, name), change[name])
  }
  return folder
}

async function flipByte(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, offset)
    byte[0] = (byte[0] ?? 0) ^ 1
    await file.write(byte, 0, 1, offset)
  } finally {
    await file.close()
  }
}
