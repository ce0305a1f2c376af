import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

export const overlayFile = (path: string): string => join(root, 'overlay', path)

/** A folder that is gone when the test file ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holt-release-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** Name to text of every file below `folder`. */
export function readFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    names.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name), 'utf8')]),
  )
}

export interface Ran {
  status: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

/** Runs a program to its end, at most two minutes. */
export function run(command: string, args: string[], env: Record<string, string> = {}): Ran {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 120_000,
    cwd: root,
  })
  if (error !== undefined) throw error
  return { status, signal, out: stdout.trim(), err: stderr.trim() }
}

/** A slot folder as the builders write it, with small things in place of a system. */
export function fakeSlot(folder: string, { version = '0.1.0', compatible = 'holt-x86_64-efi', bytes = 64 * 1024 } = {}): string {
  writeFiles(folder, {
    linux: 'kernel\n'.repeat(500),
    initrd: 'initrd\n'.repeat(500),
    cmdline: 'panic=5 holt.roothash=00\n',
    version: `${version}\n`,
    compatible: `${compatible}\n`,
  })
  const image = Buffer.alloc(bytes)
  for (let i = 0; i < bytes; i++) image[i] = (i * 31 + (i >> 8)) & 0xff
  writeFileSync(join(folder, 'slot.img'), image)
  return folder
}
