import { join } from 'node:path'
import { bootId, BOOT_LIMIT_MS, otherBoot } from './box.ts'
import { runCommand } from './machine/child.ts'
import { until } from './machine/connect.ts'
import type { Machine } from './machine/machine.ts'

const repositoryRoot = join(import.meta.dirname, '../..')
/** Writing and checking a slot of the emulated machine. */
export const INSTALL_LIMIT_MS = 600_000

/** A bundle of a slot folder, signed with the keys of this checkout unless `options` name others. */
export async function makeBundle(slot: string, out: string, ...options: string[]): Promise<void> {
  const command = [process.execPath, 'scripts/image-bundle.mjs', '--slot', slot, '--out', out, ...options]
  await runCommand(command, { cwd: repositoryRoot, limitMs: 120_000 })
}

/** A stick that was plugged in, at /run/stick. */
export async function mountStick(box: Machine): Promise<void> {
  const stick = '/dev/disk/by-label/stick'
  await until('the stick', async () => (await box.shell.tryRun(`test -e ${stick}`)).code === 0, { everyMs: 500 })
  await box.shell.run(`mkdir -p /run/stick && mount -o ro ${stick} /run/stick`)
}

export async function reboot(box: Machine): Promise<void> {
  const before = await bootId(box)
  box.shell.begin('systemctl --no-block reboot')
  await otherBoot(box, before)
}

export async function runningSlot(box: Machine): Promise<string> {
  return (await box.shell.run('cat /proc/cmdline')).match(/rauc\.slot=(\w)/)?.[1] ?? ''
}

export async function primarySlot(box: Machine): Promise<string> {
  return await box.shell.run('/usr/lib/holt/boot-slot get-primary')
}

/** The health check has passed: the running version is kept. */
export async function markedGood(box: Machine, slot: string): Promise<void> {
  const entry = `/efi/loader/entries/holt-${slot.toLowerCase()}.conf`
  await until(`slot ${slot} good`, async () => (await box.shell.tryRun(`test -e ${entry}`)).code === 0, {
    limitMs: BOOT_LIMIT_MS,
    everyMs: 1000,
  })
}
