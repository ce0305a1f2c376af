import { execFile } from 'node:child_process'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a command. @throws with what it printed when it fails. */
export async function command(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<void> {
  await execute(program, args, { env: { ...process.env, ...environment }, maxBuffer: 64 << 20 })
}

/**
 * Makes every run begin alike: nothing left to be written, and nothing in the page cache where this may be said to the
 * kernel (root). @returns whether the page cache was dropped.
 */
export async function coldStart(): Promise<boolean> {
  await command('sync', [])
  try {
    await writeFile('/proc/sys/vm/drop_caches', '3')
    return true
  } catch {
    return false
  }
}

/** Seconds that `work` takes from a cold start until all it wrote is on the disk under `folder`. */
export async function secondsUntilSynced(folder: string, work: () => Promise<unknown>): Promise<number> {
  await coldStart()
  const startedMs = performance.now()
  await work()
  await command('sync', ['-f', folder])
  return (performance.now() - startedMs) / 1000
}

/** Bytes of all files in folders, as long as they say they are. */
export async function bytesIn(...folders: string[]): Promise<number> {
  let bytes = 0
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
    }
  }
  return bytes
}

/** Memory of a process in MiB, from /proc. `peak` counts from the start or the last `resetPeak`. */
export async function residentMiB(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: field('VmRSS'), peak: field('VmHWM') }
}

export async function resetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5')
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
