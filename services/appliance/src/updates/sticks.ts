import { join } from 'node:path'
import { diskInfo, partsOf, readDisks } from '../disks/disk-list.ts'
import type { Tools } from '../system/tools.ts'

/** What people have on sticks. */
const READABLE = new Set(['vfat', 'exfat', 'ext4'])
/** As a bundle's path may have it: a stranger chose it. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

const readOnly = ['--collect', '--fsck=no', '--options=ro,nodev,nosuid,noexec']

export interface SticksOptions {
  tools: Tools
  folder: string
  log: (text: string) => void
}

/**
 * Mounts the sticks that are plugged in, to be read only: bundles may lie on them. Not by itself but when the owner looks for updates, for a file system
 * that somebody prepared is no harmless thing to open. One that is pulled out is unmounted by systemd.
 */
export async function mountSticks({ tools, folder, log }: SticksOptions): Promise<void> {
  for (const disk of await readDisks(tools)) {
    const { role, removable } = diskInfo(disk)
    if (!removable || role !== 'foreign') continue
    for (const { path, uuid, fstype, mountpoints } of partsOf(disk)) {
      if (!READABLE.has(fstype ?? '') || !PLAIN_NAME.test(uuid ?? '') || mountpoints.some(Boolean)) continue
      const mounting = tools.run('systemd-mount', [...readOnly, path, join(folder, uuid as string)])
      await mounting.catch((error: Error) => log(`${path} cannot be read: ${error.message}`))
    }
  }
}
