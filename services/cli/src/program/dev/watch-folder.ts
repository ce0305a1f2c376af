import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const LOOK_EVERY_MS = 300
/** Far more than a program has; a folder given by mistake costs no more than this. */
const MOST_FILES = 4096

/**
 * Yields after each change of what is in a folder, once it has come to rest: an editor writes several files one after the other.
 * By looking, since to be told is not to be had on every file system.
 */
export async function* changesOf(folder: string, signal: AbortSignal): AsyncGenerator<void> {
  let known = await lookOf(folder)
  while (!signal.aborted) {
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
    let now = await lookOf(folder)
    if (now === known || signal.aborted) continue
    for (let before = known; before !== now && !signal.aborted; ) {
      before = now
      await wait(LOOK_EVERY_MS / 2, undefined, { signal }).catch(() => {})
      now = await lookOf(folder)
    }
    known = now
    yield
  }
}

/** Paths, sizes and times of all that a program may be built of: not what was built, nor packages of npm. */
async function lookOf(folder: string): Promise<string> {
  const found: string[] = []
  const walk = async (path: string): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (found.length >= MOST_FILES || entry.name.startsWith('.') || entry.name === 'node_modules' || /\.holt(\.part)?$/.test(entry.name))
        continue
      const inside = join(path, entry.name)
      if (entry.isDirectory()) await walk(inside)
      else {
        const facts = await stat(inside).catch(() => null)
        if (facts !== null) found.push(`${inside}\n${facts.size} ${facts.mtimeMs}`)
      }
    }
  }
  await walk(folder)
  return found.sort().join('\n')
}
