import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { afterwards, distFolder, type ProcessResult, run, startedNode, temporaryFolder, type TestNode, until } from '../peers/harness.ts'

/** A node, and its tree as a folder of this machine. */
export class MountWorld {
  readonly node: TestNode
  /** Where the tree is mounted. */
  readonly folder: string
  readonly #below: string

  constructor(node: TestNode, below: string) {
    this.node = node
    this.#below = below
    this.folder = join(below, 'mounted')
  }

  holt(...words: readonly string[]): Promise<ProcessResult> {
    return run(process.execPath, [join(distFolder, 'cli.mjs'), ...words, '--data', this.node.dataFolder])
  }

  /** @throws with what it said unless it ends with 0. */
  async ok(...words: readonly string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await this.holt(...words)
    if (exitCode !== 0) throw new Error(`holt ${words.join(' ')} ended with ${String(exitCode)}: ${stderr}\n${this.node.log}`)
    return stdout
  }

  async mount(folder = this.folder, ...words: readonly string[]): Promise<void> {
    await mkdir(folder, { recursive: true })
    await this.ok('mount', folder, ...words)
  }

  async unmount(folder = this.folder): Promise<void> {
    await this.ok('unmount', folder)
  }

  /** Another place to mount something. */
  place(name: string): string {
    return join(this.#below, name)
  }

  /** The process that holds the device. */
  async server(): Promise<number> {
    for (const name of await readdir('/proc')) {
      const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0')
      if (words[1] === join(distFolder, 'mount.mjs') && words[2]?.includes(JSON.stringify(this.folder))) return Number(name)
    }
    throw new Error('no process serves the folder')
  }

  async serverEnded(pid: number): Promise<void> {
    await until('the end of the process that serves the folder', async () => !existsSync(`/proc/${pid}`))
  }
}

/** With the whole tree mounted; everything is gone when the test is over. */
export async function mountWorld(context: TestContext): Promise<MountWorld> {
  const below = await temporaryFolder(context)
  const node = await startedNode(context, below)
  await node.call('node.init', {})
  const world = new MountWorld(node, below)
  afterwards(context, async () => {
    for (const name of await readdir(below)) await run('umount', ['-i', '-l', join(below, name)])
  })
  await world.mount()
  return world
}

/** Runs a program in the folder. @throws with all it said unless it ends with 0. */
export async function runIn(folder: string, command: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await run(command, args, { cwd: folder })
  if (exitCode !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${String(exitCode)}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`)
  return stdout
}
