// By command: node --import tsx --test test/image/from-older.ts, with HOLT_OLDER=FOLDER,FOLDER…: build/quick-amd64-variant of older
// releases, kept when they were made and signed by the same keys. Each takes this version, goes back to its own, and keeps its data.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { bootToPage, DRIVE_BYTES, LAN_ADDRESS, makeHome, newBox, pageAnswers, readImage, setUpCode, settled } from './box.ts'
import { runCommand } from './machine/child.ts'
import { diskOver } from './machine/disks.ts'
import { machineTest } from './machine/world.ts'
import { Owner, sha256 } from './owner.ts'
import { INSTALL_LIMIT_MS, makeBundle, markedGood, mountStick, reboot, runningSlot } from './updates.ts'

const folders = (process.env['HOLT_OLDER'] ?? '').split(',').filter((folder) => folder !== '')
if (folders.length === 0) throw new Error('HOLT_OLDER names no folder of an older image')

for (const folder of folders) {
  machineTest(
    `${basename(folder)}: the release in ${folder} takes this version with its data, and can go back once`,
    async (world) => {
      const { disk } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { disk: string }
      const home = await makeHome(world)
      const drive = await diskOver({ file: disk, format: 'raw', serial: 'boot-drive' }, join(world.folder, 'older.qcow2'), DRIVE_BYTES)
      const box = await newBox(world, home, { drive })
      await bootToPage(box, home)
      const owner = new Owner(home.laptop, `http://${LAN_ADDRESS}`, join(world.folder, 'cookies'))
      await owner.setUp(await setUpCode(box))
      const kept = async (name: string): Promise<void> => {
        assert.equal(await owner.hashOf(`/${name}`), sha256(Buffer.from(name)), name)
      }
      const put = async (name: string): Promise<void> => {
        await writeFile(join(world.folder, name), name)
        assert.ok(await owner.put(`/${name}`, join(world.folder, name)), name)
      }
      await put('older')
      await settled(box)
      await markedGood(box, 'A')

      const stick = join(world.folder, 'stick')
      await runCommand(['mkdir', stick])
      await makeBundle((await readImage()).slot, join(stick, 'this.raucb'))
      await runCommand(['mke2fs', '-q', '-t', 'ext4', '-L', 'stick', '-d', stick, `${stick}.img`, '300M'], { limitMs: 120_000 })
      await box.plugIn({ file: `${stick}.img`, format: 'raw', serial: 'stick' })
      await mountStick(box)
      await box.shell.run('rauc install /run/stick/this.raucb', { limitMs: INSTALL_LIMIT_MS })
      await reboot(box)
      await pageAnswers(home.laptop)
      assert.equal(await runningSlot(box), 'B')
      await markedGood(box, 'B')
      await kept('older')
      await put('newer')

      await box.shell.run('/usr/lib/holt/boot-slot set-primary A')
      await reboot(box)
      await pageAnswers(home.laptop)
      assert.equal(await runningSlot(box), 'A')
      for (const name of ['older', 'newer']) await kept(name)
    },
    { limitMs: 2_400_000 },
  )
}
