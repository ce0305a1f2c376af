import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { errorFromJson, HoltError, type HoltErrorJson } from '@holt/core/errors.ts'

export interface MountRequest {
  dataFolder: string
  folder: string
  path: string
  at: string | null
  readOnly: boolean
  /** A name or number; null: all see it, and what has no owner is whose the data folder is. */
  onlyFor: string | null
}

export interface MountedFolder {
  folder: string
  /** Resolves when it is unmounted, which `signal` asks for. */
  ended(signal: AbortSignal): Promise<void>
}

/** Where the process finds the device. */
const DEVICE_PLACE = 3
/** One read of a program that goes from front to end brings this much. */
const READ_AHEAD_KB = 1024
const END_MS = 60_000

/**
 * Mounts a folder and starts the process that serves it, as whom the data folder belongs to: only mounting itself needs root.
 *
 * @throws HoltError NOT_AUTHORIZED for who is not root, NOT_FOUND, NOT_A_DIRECTORY, DEPENDENCY_MISSING, SYSTEM_REFUSED; of the node.
 */
export async function mountFolder(request: MountRequest): Promise<MountedFolder> {
  if (process.platform !== 'linux') throw new HoltError('DEPENDENCY_MISSING', 'folders are mounted on Linux only')
  if (process.getuid?.() !== 0) throw new HoltError('NOT_AUTHORIZED', 'only root may mount: put sudo before it, and say --data')
  const folder = await existingFolder(request.folder)
  if ((await mountOf(folder)) !== null) throw new HoltError('ALREADY_EXISTS', `something is mounted on ${folder} already`, { folder })
  const server = await stat(request.dataFolder)
  const owner = request.onlyFor === null ? server : await userCalled(request.onlyFor)
  const device = openDevice()
  try {
    const rights = request.readOnly ? 'ro' : 'rw'
    const whose = `user_id=${owner.uid},group_id=${owner.gid}${request.onlyFor === null ? ',allow_other' : ''}`
    const options = `fd=${DEVICE_PLACE},rootmode=40000,${whose},default_permissions,${rights},nosuid,nodev`
    await runMount(['-i', '-t', 'fuse.holt', '-o', options, 'holt', folder], device)
    const { dataFolder, path, at, readOnly } = request
    const child = startServing({ dataFolder, path, at, readOnly, folder, uid: owner.uid, gid: owner.gid }, server, device)
    await serving(child, folder)
    await readFurtherAhead(folder)
    child.unref()
    return { folder, ended: (signal) => untilUnmounted(child, folder, signal) }
  } finally {
    closeSync(device)
  }
}

async function existingFolder(folder: string): Promise<string> {
  try {
    const whole = await realpath(folder)
    if ((await stat(whole)).isDirectory()) return whole
  } catch (error) {
    throw new HoltError('NOT_FOUND', `${folder} is not there: make the folder first`, { folder }, { cause: error })
  }
  throw new HoltError('NOT_A_DIRECTORY', `${folder} is no folder`, { folder })
}

function openDevice(): number {
  try {
    return openSync('/dev/fuse', 'r+')
  } catch (error) {
    throw new HoltError('DEPENDENCY_MISSING', 'this kernel has no /dev/fuse', {}, { cause: error })
  }
}

async function runMount(args: readonly string[], device: number): Promise<void> {
  const child = spawn('mount', args, { stdio: ['ignore', 'ignore', 'pipe', device] })
  await finished(child)
}

/** @throws HoltError SYSTEM_REFUSED with what the program said. */
async function finished(child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new HoltError('SYSTEM_REFUSED', said.trim() || `${child.spawnfile} ended with ${String(code)}`)
}

async function userCalled(name: string): Promise<{ uid: number; gid: number }> {
  const numbers: number[] = []
  for (const which of ['-u', '-g']) {
    const { stdout, exitCode } = await outputOf('id', [which, '--', name])
    if (exitCode !== 0 || !/^\d+$/.test(stdout.trim())) throw new HoltError('NOT_FOUND', `nobody here is called ${name}`, { user: name })
    numbers.push(Number(stdout))
  }
  return { uid: numbers[0] as number, gid: numbers[1] as number }
}

async function outputOf(command: string, args: readonly string[]): Promise<{ stdout: string; exitCode: number | null }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { stdout, exitCode }
}

type Served = Omit<MountRequest, 'onlyFor'> & { uid: number; gid: number }

function startServing(what: Served, { uid, gid }: { uid: number; gid: number }, device: number): ChildProcess {
  return spawn(process.execPath, [serverFile(), JSON.stringify(what)], {
    stdio: ['ignore', 'pipe', 'ignore', device],
    detached: true,
    cwd: '/',
    uid,
    gid,
  })
}

function serverFile(): string {
  const candidates = ['./mount.mjs', '../../../dist/mount.mjs'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) throw new HoltError('DEPENDENCY_MISSING', 'the process that serves folders is not built yet; run: npm run build')
  return found
}

/** Its first line says whether the node has agreed. */
async function serving(child: ChildProcess, folder: string): Promise<void> {
  let line = ''
  const said = new Promise<string>((resolve) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      line += bytes.toString()
      if (line.includes('\n')) resolve(line.trim())
    })
    child.once('close', () => resolve(line.trim()))
    child.once('error', (error) => resolve(error.message))
  })
  const first = await said
  child.stdout?.destroy()
  if (first === 'ready') return
  await detach(folder)
  const refusal = parsed(first)
  throw refusal === null
    ? new HoltError('SYSTEM_REFUSED', first || 'the process that serves the folder ended at once')
    : errorFromJson(refusal)
}

function parsed(line: string): HoltErrorJson | null {
  try {
    return (JSON.parse(line) as { error?: HoltErrorJson }).error ?? null
  } catch {
    return null
  }
}

async function detach(folder: string): Promise<void> {
  await finished(spawn('umount', ['-i', '-l', folder], { stdio: ['ignore', 'ignore', 'pipe'] }))
}

async function readFurtherAhead(folder: string): Promise<void> {
  const device = await mountOf(folder)
  // what it cannot be set to it stays at, and only long reads are slower
  await writeFile(`/sys/class/bdi/${device}/read_ahead_kb`, `${READ_AHEAD_KB}`).catch(() => {})
}

/** The device number of what is mounted on this very folder, by Holt or others; null when nothing is. */
async function mountOf(folder: string): Promise<string | null> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trimEnd().split('\n').reverse()
  for (const line of lines) {
    const [, , device = '', , place = ''] = line.split(' ')
    if (unescaped(place) === folder) return device
  }
  return null
}

/** Spaces and the like are octal numbers there. */
function unescaped(place: string): string {
  return place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

async function untilUnmounted(child: ChildProcess, folder: string, signal: AbortSignal): Promise<void> {
  const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
  const take = (): void => void unmountFolder(folder, { force: true }).catch(() => {})
  if (signal.aborted) take()
  signal.addEventListener('abort', take, { once: true })
  await ended
}

/**
 * Resolves when what was written is durable.
 *
 * @throws HoltError NOT_FOUND when nothing of ours is mounted there, SYSTEM_REFUSED while it is in use, TIMED_OUT.
 */
export async function unmountFolder(typed: string, { force }: { force: boolean }): Promise<string> {
  // root itself may not look at what is only for somebody
  const folder = await realpath(typed).catch(async () => join(await realpath(dirname(typed)).catch(() => dirname(typed)), basename(typed)))
  if ((await mountOf(folder)) === null) throw new HoltError('NOT_FOUND', `nothing is mounted on ${folder}`, { folder })
  const server = await serverOf(folder)
  await finished(spawn('umount', ['-i', ...(force ? ['-l'] : []), folder], { stdio: ['ignore', 'ignore', 'pipe'] }))
  const deadline = performance.now() + (force ? END_MS / 6 : END_MS)
  while (server !== null && existsSync(`/proc/${server}`)) {
    if (performance.now() > deadline) {
      if (force) break
      throw new HoltError('TIMED_OUT', `${folder} is unmounted, but its node has not said that everything is durable`, { folder })
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return folder
}

/** The process that serves a folder, by its arguments; it goes when the node has made everything durable. */
async function serverOf(folder: string): Promise<number | null> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (words[1]?.endsWith('mount.mjs') === true && words[2]?.includes(`"folder":${JSON.stringify(folder)},`) === true) return Number(name)
  }
  return null
}
