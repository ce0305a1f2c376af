import { spawnSync } from 'node:child_process'
import { chmod, type FileHandle, lstat, mkdir, open, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Random, seededRandom } from './random.ts'

export interface TreeOptions {
  seed: number
  files: number
  /** Most files are small; a few have up to this many bytes. */
  largestBytes?: number
}

/** Names that break careless code: each valid UTF-8, each allowed by Linux. */
const awkwardNames = [
  'plain.txt',
  'with space',
  ' leading and trailing ',
  '-dash',
  '--help',
  '.hidden',
  '..dots',
  'new\nline',
  'tab\tand\u001b[31mcolour',
  'quote\'"`$(echo)',
  'back\\slash',
  'Grüße',
  'u\u0308ber', // decomposed
  'über', // composed: another name
  '日本語',
  '🌲🦦',
  '\u202egnp.exe',
  '%2e%2e',
  '\u00a0',
  'x'.repeat(255),
  'ü'.repeat(127),
]

const modes = [0o644, 0o600, 0o755, 0o400, 0o4755, 0o2711, 0o777, 0o000]

/** Fills the (new) folder with files, directories, symlinks; the same seed makes the same tree, times included. */
export async function makeTree(folder: string, { seed, files, largestBytes = 3 << 20 }: TreeOptions): Promise<void> {
  const random = seededRandom(seed)
  await mkdir(folder, { recursive: true })
  const directories = [folder]
  const made: string[] = []
  for (let i = 0; i < Math.ceil(files / 6); i++) {
    const directory = join(random.pick(directories), newName(random, `dir ${i}`))
    await mkdir(directory, { recursive: true })
    directories.push(directory)
    made.push(directory)
  }
  for (let i = 0; i < files; i++) {
    const path = join(random.pick(directories), newName(random, `file ${i}`))
    if (await exists(path)) continue
    await writeFile(path, random.bytes(sizeOf(random, largestBytes)))
    await chmod(path, random.pick(modes))
    made.push(path)
  }
  for (const target of ['plain.txt', '../..', '/etc/passwd', 'nowhere at all', '日本語/🌲']) {
    const path = join(random.pick(directories), newName(random, `link to ${target.length}`))
    if (await exists(path)) continue
    await symlink(target, path)
    made.push(path)
  }
  for (const directory of directories.slice(1)) await chmod(directory, random.pick([0o755, 0o700, 0o1777]))
  setTimes([folder, ...made], random)
}

/** Enough bytes to fill packs, which are sealed and spread at 64 MiB. */
export async function makeLargeFiles(
  folder: string,
  { seed, files, sizeBytes }: { seed: number; files: number; sizeBytes: number },
): Promise<void> {
  const random = seededRandom(seed)
  await mkdir(folder, { recursive: true })
  for (let i = 0; i < files; i++) await writeFile(join(folder, `large ${i}`), random.bytes(sizeBytes))
}

function newName(random: Random, plain: string): string {
  return random.fraction() < 0.4 ? random.pick(awkwardNames) : `${plain} ${random.integer(0, 999)}`
}

function sizeOf(random: Random, largestBytes: number): number {
  const kind = random.fraction()
  if (kind < 0.1) return 0
  if (kind < 0.75) return random.integer(1, 8000)
  if (kind < 0.95) return random.integer(8000, 120_000)
  // Chunks are 1 MiB: right at their edges things go wrong first.
  return Math.min(largestBytes, random.pick([1 << 20, (1 << 20) + 1, (1 << 20) - 1, 2 << 20, random.integer(1 << 20, largestBytes)]))
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null
}

/** By `touch`, which unlike Node takes whole nanoseconds; deepest first, since a new entry changes its directory's time. */
function setTimes(paths: readonly string[], random: Random): void {
  const lines = [...paths].sort((a, b) => b.length - a.length).map((path) => `touch -h -d @${timeText(random)} -- ${quoted(path)}`)
  const { status, stderr } = spawnSync('sh', ['-e'], { input: lines.join('\n'), encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

function timeText(random: Random): string {
  return `${random.integer(0, 1_900_000_000)}.${String(random.integer(0, 999_999_999)).padStart(9, '0')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

export interface CompareOptions {
  /** Everything in `copy` must be in `original` and equal, but need not be all of it. */
  partial?: boolean
  /** Leave out modes and times. */
  contentsOnly?: boolean
}

/** Of each directory: waiting for the file system one by one takes most of the time. */
const ENTRIES_AT_ONCE = 8
const PIECE_BYTES = 4 << 20

/** Node sets times in whole microseconds, and cuts off what is below. */
const TIME_STEP_NS = 1000n

/** @returns what differs, one line each; empty when the trees are the same in names, contents, modes, times and links. */
export async function compareTrees(original: string, copy: string, options: CompareOptions = {}): Promise<string[]> {
  const differences: string[] = []
  await compareEntries(original, copy, { ...options, at: '.', differences })
  return differences
}

interface Comparison extends CompareOptions {
  at: string
  differences: string[]
}

async function compareEntries(original: string, copy: string, comparison: Comparison): Promise<void> {
  const { at, differences, partial = false, contentsOnly = false } = comparison
  const [a, b] = await Promise.all([original, copy].map((path) => lstat(path, { bigint: true })))
  if (a === undefined || b === undefined) throw new Error('unreachable')
  const note = (what: string, x: unknown, y: unknown): void => {
    if (x !== y) differences.push(`${JSON.stringify(at)}: ${what} ${String(x)} became ${String(y)}`)
  }
  note('type', a.mode & 0o170000n, b.mode & 0o170000n)
  if ((a.mode & 0o170000n) !== (b.mode & 0o170000n)) return
  // A directory that is still being filled gets its mode and time last.
  if (!contentsOnly && !(partial && a.isDirectory())) {
    if (!a.isSymbolicLink()) note('mode', (a.mode & 0o7777n).toString(8), (b.mode & 0o7777n).toString(8))
    note('time', a.mtimeNs / TIME_STEP_NS, b.mtimeNs / TIME_STEP_NS)
  }
  if (a.isSymbolicLink()) note('target', await readlink(original), await readlink(copy))
  else if (a.isFile())
    note(
      'content',
      'as it was',
      a.size === b.size && (await haveSameBytes(original, copy, Number(a.size))) ? 'as it was' : `other bytes (${a.size} and ${b.size})`,
    )
  else if (a.isDirectory()) await compareDirectories(original, copy, comparison)
}

async function compareDirectories(original: string, copy: string, comparison: Comparison): Promise<void> {
  const [entries, copied] = await Promise.all([readdir(original, { withFileTypes: true }), readdir(copy)])
  const names = entries.map(({ name }) => name)
  const there = new Set(copied)
  const known = new Set(names)
  for (const name of copied)
    if (!known.has(name)) comparison.differences.push(`${JSON.stringify(join(comparison.at, name))}: came from nowhere`)
  const shared = names.filter((name) => there.has(name))
  if (comparison.partial !== true)
    for (const name of names) if (!there.has(name)) comparison.differences.push(`${JSON.stringify(join(comparison.at, name))}: is missing`)
  const compare = (name: string): Promise<void> =>
    compareEntries(join(original, name), join(copy, name), { ...comparison, at: join(comparison.at, name) })
  // directories one by one, else each level of them would multiply what is open at once
  const isDirectory = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name))
  const others = shared.filter((name) => !isDirectory.has(name)).values()
  const lane = async (): Promise<void> => {
    for (const name of others) await compare(name)
  }
  await Promise.all(Array.from({ length: ENTRIES_AT_ONCE }, lane))
  for (const name of shared) if (isDirectory.has(name)) await compare(name)
}

/** Files may be larger than memory. */
async function haveSameBytes(pathA: string, pathB: string, sizeBytes: number): Promise<boolean> {
  if (sizeBytes <= PIECE_BYTES) return (await readFile(pathA)).equals(await readFile(pathB))
  const [a, b] = await Promise.all([open(pathA), open(pathB)])
  try {
    const buffers = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)] as const
    for (;;) {
      const [readA, readB] = await Promise.all([readPiece(a, buffers[0]), readPiece(b, buffers[1])])
      if (!readA.equals(readB)) return false
      if (readA.length < PIECE_BYTES) return true
    }
  } finally {
    await Promise.all([a.close(), b.close()])
  }
}

/** As much as there is, up to the buffer's size. */
async function readPiece(file: FileHandle, buffer: Buffer): Promise<Buffer> {
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}
