import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Amount } from './command.ts'

/**
 * Counts files and bytes while they are being copied, for the bar of someone who watches: the node, which reads no
 * further ahead than it can copy, knows the whole only at the end.
 *
 * @returns gives null until the count is complete.
 */
export function measureLocals(paths: readonly string[], signal: AbortSignal): () => Amount | null {
  let complete: Amount | null = null
  const count = async (): Promise<void> => {
    const found = { bytes: 0, items: 0 }
    for (const path of paths) await add(path, found, signal)
    if (!signal.aborted) complete = found
  }
  // What cannot be read is reported by the node; here there is no bar then.
  count().catch(() => {})
  return () => complete
}

async function add(path: string, found: Amount, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const stats = await lstat(path)
  if (stats.isFile()) found.bytes += stats.size
  if (stats.isFile() || stats.isDirectory() || stats.isSymbolicLink()) found.items++
  if (!stats.isDirectory()) return
  const names = await readdir(path)
  for (const name of names) await add(join(path, name), found, signal).catch(() => {})
}
