import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Said {
  exitCode: number
  stdout: string
  stderr: string
}

/** Becomes the first process of namespaces of its own for processes, mounts and the network: when it ends, all of it is gone. */
const FIRST = `
set -e
mount --make-rprivate /
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
mkdir -p /run/netns /run/systemd/network /run/systemd/netif /run/holt /var/lib/dnsmasq
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 || true
ip link set lo up
echo ready
exec sleep infinity
`

/** Who is not root is root in there, of its own namespaces and nothing else. */
const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user', '--map-auto']

/**
 * A box and its surroundings on one machine: real kernel, real programs, cables between network namespaces. The box is where commands
 * run that name no other place.
 */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'holt-lab-'))
  readonly #keeper: ChildProcess
  readonly #pid: number

  private constructor(keeper: ChildProcess, pid: number) {
    this.#keeper = keeper
    this.#pid = pid
  }

  static async open(): Promise<Lab> {
    const keeper = spawn('unshare', [...asRoot, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', FIRST], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    keeper.stderr?.on('data', (text: Buffer) => {
      said += String(text)
    })
    await new Promise<void>((resolve, reject) => {
      keeper.stdout?.once('data', () => resolve())
      keeper.once('exit', () =>
        reject(new Error(`no namespaces (who is not root needs the package uidmap and lines in /etc/subuid and /etc/subgid): ${said}`)),
      )
    })
    const pid = Number(readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8').trim())
    return new Lab(keeper, pid)
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#keeper.once('exit', resolve))
    this.#keeper.kill('SIGKILL')
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A place of its own, with a cable from its `eth0` to `port` of the box. */
  async addPlace(name: string, { port }: { port: string }): Promise<void> {
    await this.must('ip', ['netns', 'add', name])
    await this.must('ip', ['link', 'add', 'name', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name])
    for (const link of ['lo', 'eth0']) await this.must('ip', ['link', 'set', link, 'up'], name)
  }

  /** Runs to its end, within a bound. */
  run(program: string, args: readonly string[], place?: string): Promise<Said> {
    const [command, ...rest] = this.#entering(program, args, place)
    return new Promise((resolve) => {
      execFile(command as string, rest, { timeout: 20_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 255
        resolve({ exitCode, stdout, stderr })
      })
    })
  }

  async must(program: string, args: readonly string[], place?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(program, args, place)
    if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr || stdout}`)
    return stdout
  }

  /** Runs on until the lab is closed. @returns what it said so far, when asked. */
  start(program: string, args: readonly string[], place?: string): () => string {
    const [command, ...rest] = this.#entering(program, args, place)
    const child = spawn(command as string, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        said += String(text)
      })
    return () => said
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text, { mode: 0o755 })
    return path
  }

  #entering(program: string, args: readonly string[], place?: string): string[] {
    const within = place === undefined ? [] : ['ip', 'netns', 'exec', place]
    const user = asRoot.length > 0 ? ['--user', '--preserve-credentials'] : []
    return ['nsenter', '--target', String(this.#pid), ...user, '--net', '--mount', '--pid', '--', ...within, program, ...args]
  }
}

/** Waits until `holds` gives something, with a bound. */
export async function until<T>(what: string, holds: () => Promise<T | null | false>, seconds = 20): Promise<T> {
  for (let i = 0; i < seconds * 5; i++) {
    const found = await holds()
    if (found !== null && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`waited ${seconds} s for ${what}`)
}
