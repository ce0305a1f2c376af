import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

export interface ListedEntry {
  type: 'file' | 'directory' | 'symlink'
  /** Permission bits in octal; null for symlinks, whose bits mean nothing. */
  mode: string | null
  /** Nanoseconds since 1970. */
  modified: string
  sizeBytes?: number
  sha256?: string
  target?: string
}

/** What stands in a folder, by path: enough to tell any two trees apart. */
export async function listTree(folder: string): Promise<Record<string, ListedEntry>> {
  const names = (await readdir(folder, { recursive: true })).sort()
  const listed: Record<string, ListedEntry> = {}
  for (const name of names) listed[name] = await describe(join(folder, name))
  return listed
}

async function describe(path: string): Promise<ListedEntry> {
  const stats = await lstat(path, { bigint: true })
  const modified = stats.mtimeNs.toString()
  const mode = (Number(stats.mode) & 0o7777).toString(8)
  if (stats.isSymbolicLink()) return { type: 'symlink', mode: null, modified, target: await readlink(path) }
  if (stats.isDirectory()) return { type: 'directory', mode, modified }
  const content = await readFile(path)
  return { type: 'file', mode, modified, sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}
