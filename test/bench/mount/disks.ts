import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { initBenchNode, startBenchNode } from '../bench-node.ts'
import { command, pause } from '../measure.ts'

/** A folder to compare: what lies behind it is on the same disk as that of the others. */
export interface Disk {
  readonly name: string
  readonly folder: string
  /** What works for it besides the kernel. */
  readonly pids: readonly number[]
  /** Waits until all that was written into it would survive a power cut. */
  durable(): Promise<void>
  /** Waits until nothing is going on behind it any more. */
  quiet(): Promise<void>
  stop(): Promise<void>
}

export const diskNames = ['plain', 'gocryptfs', 'holt'] as const

export type DiskName = (typeof diskNames)[number]

export const startDisk: Record<DiskName, (below: string) => Promise<Disk>> = { plain, gocryptfs, holt }

/** @param backing where its bytes lie. */
async function durable(folder: string, backing: string): Promise<void> {
  await command('sync', [folder]) // fsync of the directory
  await command('sync', ['-f', folder])
  await command('sync', ['-f', backing])
}

async function plain(below: string): Promise<Disk> {
  const folder = join(below, 'folder')
  await mkdir(folder, { recursive: true })
  return { name: 'plain', folder, pids: [], durable: () => durable(folder, below), quiet: async () => {}, stop: async () => {} }
}

async function gocryptfs(below: string): Promise<Disk> {
  const [folder, cipher] = [join(below, 'folder'), join(below, 'cipher')]
  await mkdir(folder, { recursive: true })
  await mkdir(cipher)
  const password = ['-q', '-extpass', 'echo', '-extpass', 'bench']
  await command('gocryptfs', ['-init', '-scryptn', '10', ...password, cipher])
  const child = spawn('gocryptfs', ['-fg', ...password, cipher, folder], { stdio: 'ignore' })
  await untilMounted(folder, child)
  return {
    name: 'gocryptfs',
    folder,
    pids: [child.pid as number],
    durable: () => durable(folder, cipher),
    quiet: async () => {},
    stop: async () => {
      await command('umount', [folder])
      await ended(child)
    },
  }
}

async function untilMounted(folder: string, child: ChildProcess): Promise<void> {
  const { dev: around } = await stat(dirname(folder))
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    if (child.exitCode !== null) break
    if ((await stat(folder)).dev !== around) return
    await pause(20)
  }
  throw new Error(`nothing is mounted on ${folder}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve))
}

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url))

/** A node as `npm start` runs it with one drive, and its tree as `holt mount` shows it. */
async function holt(below: string): Promise<Disk> {
  const [folder, data] = [join(below, 'folder'), join(below, 'data')]
  await mkdir(folder, { recursive: true })
  const node = await startBenchNode(data)
  await initBenchNode(node, [join(below, 'drive')], { k: 1, n: 1 })
  const cli = (...words: string[]): Promise<void> => command(process.execPath, [join(dist, 'cli.mjs'), ...words, '--data', data])
  await cli('mount', folder)
  return {
    name: 'holt',
    folder,
    pids: [node.pid, await mountProcess(folder)],
    durable: () => durable(folder, below),
    quiet: async () => void (await node.control.call('store.settle', {})),
    stop: async () => {
      await cli('unmount', folder)
      await node.stop()
    },
  }
}

/** The one that holds the device. */
async function mountProcess(folder: string): Promise<number> {
  for (const name of await readdir('/proc')) {
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (words[1] === join(dist, 'mount.mjs') && words[2]?.includes(JSON.stringify(folder))) return Number(name)
  }
  throw new Error(`no process serves ${folder}`)
}
