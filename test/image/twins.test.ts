import assert from 'node:assert/strict'
import { join } from 'node:path'
import { BOOT_LIMIT_MS, flashedDrive, makeHome, newBox, startedDrive } from './box.ts'
import type { Machine } from './machine/machine.ts'
import { machineTest } from './machine/world.ts'

machineTest('of two drives flashed from one image, neither of them ever started, the box does not guess', async (world) => {
  const home = await makeHome(world)
  const box = await newBox(world, home, { tpm: false })
  box.addDisk({ ...(await flashedDrive(join(world.folder, 'twin.qcow2'))), serial: 'twin' })
  await box.powerOn()
  await box.console.expect('several drives are copies of one: leave only the one to start from', { limitMs: BOOT_LIMIT_MS })
})

machineTest('beside a drive flashed from the same image, the one that the firmware chose is used, though it comes later', async (world) => {
  const home = await makeHome(world)
  const twin = { ...(await flashedDrive(join(world.folder, 'twin.qcow2'))), serial: 'twin', bootIndex: 9 }
  const box = await newBox(world, home, { tpm: false, drive: twin })
  box.addDisk({ ...(await startedDrive(world)), bootIndex: 1 })
  await box.powerOn()
  await box.shell.ready({ limitMs: BOOT_LIMIT_MS })
  const drive = await box.shell.run('cat /run/holt/boot-drive')
  assert.equal(await serialOf(box, drive), 'boot-drive')
  const slot = await box.shell.run('ls /sys/class/block/dm-0/slaves | head -n 1')
  assert.ok(slot.startsWith(drive), `${slot} is on ${drive}`)
})

async function serialOf(box: Machine, drive: string): Promise<string> {
  return await box.shell.run(`cat /sys/class/block/${drive}/serial`)
}
