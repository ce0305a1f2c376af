import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { cageBundles } from '@holt/platform-nodejs/sandbox/cage-bundles.ts'
import { seccompFilter } from '@holt/platform-nodejs/sandbox/seccomp-filter.ts'

const runCage = join(import.meta.dirname, '../../overlay/usr/lib/holt/run-cage')
const NOBODY = 65534
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

/** What systemd does on a box: the units holt-cage and holt-cage-end, with the script that starts a cage there. */
export class CageUnit {
  /** Where cages are asked for. */
  readonly folder: string
  readonly #servers: Server[] = []
  readonly #cages = new Set<ChildProcess>()

  private constructor(folder: string) {
    this.folder = folder
  }

  static async start(bundles: typeof cageBundles): Promise<CageUnit> {
    const folder = await mkdtemp(join(tmpdir(), 'holt-cage-unit-'))
    await chmod(folder, 0o755)
    const unit = new CageUnit(folder)
    await mkdir(join(folder, 'dist'))
    const { files, remove } = await bundles()
    for (const [name, path] of Object.entries(files)) await copyFile(path, join(folder, 'dist', name))
    await remove()
    await writeFile(join(folder, 'dist', `cage-filter.${MACHINES[process.arch]}`), seccompFilter(process.arch) as Uint8Array)
    await symlink(process.execPath, join(folder, 'node'))
    await copyFile(runCage, join(folder, 'run-cage'))
    await unit.#listen('make', (socket) => unit.#make(socket))
    await unit.#listen('end', (socket) => void unit.#end().then(() => socket.destroy()))
    return unit
  }

  get pids(): number[] {
    return [...this.#cages].flatMap(({ pid }) => pid ?? [])
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) server.close()
    await this.#end()
    await rm(this.folder, { recursive: true })
  }

  async #listen(name: string, take: (socket: Socket) => void): Promise<void> {
    const server = createServer({ pauseOnConnect: true }, take)
    this.#servers.push(server)
    await new Promise<void>((resolve) => server.listen(join(this.folder, name), resolve))
  }

  #make(socket: Socket): void {
    const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
    const child = spawn(join(this.folder, 'run-cage'), {
      stdio: ['ignore', 'ignore', 'inherit', socket],
      env: { PATH: process.env['PATH'] },
      ...identity,
    })
    socket.destroy()
    this.#cages.add(child)
    child.once('exit', () => this.#cages.delete(child))
  }

  async #end(): Promise<void> {
    await Promise.all(
      [...this.#cages].map(async (child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        await ended
      }),
    )
  }
}
