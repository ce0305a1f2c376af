import { readFile, statfs } from 'node:fs/promises'
import type { DriveSuggestion } from '@holt/admin/options.ts'

/** Mounted file systems on real devices where a `holt` folder could be a drive: removable ones and extra disks. */
const OFFERED_MOUNTS = /^\/(mnt|media|run\/media|srv|data|home)(\/|$)/

export async function suggestDrives(): Promise<DriveSuggestion[]> {
  const table = await readFile('/proc/self/mounts', 'utf8').catch(() => '')
  const suggestions: DriveSuggestion[] = []
  for (const line of table.split('\n')) {
    const [device, mounted] = line.split(' ')
    if (device === undefined || mounted === undefined || !device.startsWith('/dev/')) continue
    const folder = mounted.replace(/\\040/g, ' ')
    if (OFFERED_MOUNTS.test(folder)) suggestions.push(...(await suggestion(folder)))
  }
  return suggestions
}

async function suggestion(mounted: string): Promise<DriveSuggestion[]> {
  try {
    const { bsize, blocks, bavail } = await statfs(mounted)
    return [{ folder: `${mounted}/holt`, totalBytes: bsize * blocks, freeBytes: bsize * bavail }]
  } catch {
    return []
  }
}
