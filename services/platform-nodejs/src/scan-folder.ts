import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'

export type LocalKind = 'f' | 'd' | 'l' | 'other'

export interface LocalEntry {
  name: string
  kind: LocalKind
  mode: number
  sizeBytes: number
  modified: [number, number]
  /** Of a symlink. */
  target: string
}

export interface ScanOutput {
  entries: LocalEntry[]
  /** Names that cannot be kept or read, with the reason. */
  skipped: { name: string; reason: string }[]
}

/** Null when the bytes are not valid UTF-8. */
function nameOf(bytes: Buffer): string | null {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(bytes) ? null : text
}

const NANOSECONDS = 1_000_000_000n

function timeOf(nanoseconds: bigint): [number, number] {
  let seconds = nanoseconds / NANOSECONDS
  let rest = nanoseconds % NANOSECONDS
  if (rest < 0n) {
    rest += NANOSECONDS
    seconds -= 1n
  }
  return [Number(seconds), Number(rest)]
}

/** One local name as it is, symlinks not followed. Also for the top of an import. */
export function describeLocal(path: string, name: string): LocalEntry {
  const stats = lstatSync(path, { bigint: true })
  const kind: LocalKind = stats.isFile() ? 'f' : stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : 'other'
  const target = kind === 'l' ? nameOf(readlinkSync(path, { encoding: 'buffer' })) : ''
  if (target === null) throw new Error('its target is not valid UTF-8')
  return { name, kind, mode: Number(stats.mode) & 0o7777, sizeBytes: Number(stats.size), modified: timeOf(stats.mtimeNs), target }
}

/** Job: everything in one local folder. */
export async function scanFolder(_environment: WorkEnvironment, input: { path: string }): Promise<ScanOutput> {
  const entries: LocalEntry[] = []
  const skipped: { name: string; reason: string }[] = []
  let names: Buffer[]
  try {
    names = readdirSync(input.path, { encoding: 'buffer' })
  } catch (error) {
    return { entries, skipped: [{ name: '', reason: `cannot be listed: ${(error as NodeJS.ErrnoException).code ?? String(error)}` }] }
  }
  for (const bytes of names) {
    const name = nameOf(bytes)
    if (name === null) {
      skipped.push({ name: bytes.toString('utf8'), reason: 'its name is not valid UTF-8' })
      continue
    }
    try {
      entries.push(describeLocal(`${input.path}/${name}`, name))
    } catch (error) {
      skipped.push({ name, reason: (error as NodeJS.ErrnoException).code ?? (error as Error).message })
    }
  }
  return { entries, skipped }
}
