import { until } from './machine/connect.ts'
import type { Machine } from './machine/machine.ts'

/** As the user that SSH lets in; nobody else may look. */
export async function asOwner(box: Machine, command: string): Promise<string> {
  return await box.shell.run(`setpriv --reuid owner --regid owner --clear-groups sh -c '${command}'`, { limitMs: 120_000 })
}

/** Waits until the tree is mounted. */
export async function mounted(box: Machine): Promise<void> {
  const looks = 'grep " /run/holt-tree fuse.holt " /proc/mounts && setpriv --reuid owner --regid owner --clear-groups ls /holt/'
  await until('the folder', async () => (await box.shell.tryRun(looks)).code === 0, { limitMs: 300_000, everyMs: 1000 })
}
