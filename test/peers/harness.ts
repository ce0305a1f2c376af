import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ControlClient } from '@holt/control/control-client.ts'
import { connectControl } from '@holt/control/node/socket.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { CallOptions, Control, MethodName, Params, Result, Status } from '@holt/control/schema.ts'

export const repositoryRoot = join(import.meta.dirname, '../..')
/** What is tested; HOLT_DIST names another build than that of this checkout. */
export const distFolder = process.env['HOLT_DIST'] ?? join(repositoryRoot, 'dist')
const daemon = join(distFolder, 'daemon.mjs')

/** Machines that run tests are slow and busy; what takes longer than this hangs. */
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 60_000

/** A port that nobody has: where a node is again after it was killed. There is no mDNS on the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const cleanUps = new WeakMap<TestContext, (() => unknown)[]>()

/** When the test is over, does this; what was said last first, and each whatever became of the others. */
export function afterwards(context: TestContext, action: () => unknown): void {
  const known = cleanUps.get(context)
  if (known !== undefined) return void known.push(action)
  const actions = [action]
  cleanUps.set(context, actions)
  context.after(async () => {
    const failures: unknown[] = []
    for (const last of actions.reverse()) {
      try {
        await last()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'what the test left could not be cleaned up')
  })
}

export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-peers-'))
  afterwards(context, () => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** Makes these folders below one. @returns their absolute paths. */
export async function folders(below: string, names: readonly string[]): Promise<string[]> {
  const paths = names.map((name) => join(below, name))
  for (const path of paths) await mkdir(path, { recursive: true })
  return paths
}

/** Waits until `condition` gives something, looking again every few milliseconds. @throws after `limitMs`, naming `what`. */
export async function until<T>(what: string, condition: () => Promise<T | null | false>, { limitMs = 60_000 } = {}): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const found = await condition()
    if (found !== null && found !== false) return found
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A real node as a child process, commanded through its control socket. */
export class TestNode implements Control {
  readonly dataFolder: string
  readonly #command: readonly [string, ...string[]]
  #child: ChildProcess | null = null
  #client: ControlClient | null = null
  /** What it has written to stderr since it was started. */
  log = ''

  /**
   * @param peers its words about other nodes; without them it neither listens nor looks for any.
   * @param within a command that runs another: in a network of its own, say.
   */
  constructor(
    dataFolder: string,
    { page = false, port = 0, listen = '127.0.0.1', peers = ['--no-peers'] as readonly string[], within = [] as readonly string[] } = {},
  ) {
    this.dataFolder = dataFolder
    const words = ['--data', dataFolder, ...(page ? ['--port', String(port), '--listen', listen] : ['--no-page']), ...peers]
    const [command = process.execPath, ...rest] = [...within, process.execPath, '--enable-source-maps', daemon, ...words]
    this.#command = [command, ...rest]
  }

  /** Resolves when the node answers. @throws with its log when it ends instead, or takes too long. */
  async start(): Promise<Status> {
    if (!existsSync(daemon)) throw new Error(`${daemon} is not there: run npm run build`)
    this.log = ''
    const [command, ...words] = this.#command
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    child.stderr.on('data', (bytes: Buffer) => {
      this.log += bytes.toString()
    })
    this.#client = await until(`a node on ${this.dataFolder}`, () => this.#connected(child), { limitMs: START_LIMIT_MS })
    return await this.#client.call('node.status', {})
  }

  /** null until this very process answers; another node may have the folder. */
  async #connected(child: ChildProcess): Promise<ControlClient | null> {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the node ended with ${child.exitCode ?? child.signalCode}:\n${this.log}`)
    }
    const client = await connectControl(this.dataFolder).catch(() => null)
    const answer = await client?.call('node.status', {}).catch(() => null)
    if (answer?.pid === child.pid) return client
    client?.close()
    return null
  }

  get pid(): number {
    return this.#child?.pid as number
  }

  async call<Name extends MethodName>(name: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>> {
    if (this.#client === null) throw new HoltError('NODE_NOT_RUNNING', 'the node was stopped or killed')
    return await this.#client.call(name, params, options)
  }

  /** kill -9: it gets no chance to put anything in order. */
  async kill(): Promise<void> {
    await this.#end((child) => child.kill('SIGKILL'))
  }

  /** As a person does it. @throws when it does not end, with its log. */
  async stop(): Promise<void> {
    await this.#end((child) => child.kill('SIGTERM'))
  }

  async restart(): Promise<Status> {
    await this.stop()
    return await this.start()
  }

  async #end(signal: (child: ChildProcess) => void): Promise<void> {
    const child = this.#child
    if (child === null) return
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_LIMIT_MS) })
      signal(child)
      await exited.catch((cause: unknown) => {
        child.kill('SIGKILL')
        throw new Error(`the node did not end:\n${this.log}`, { cause })
      })
    }
    this.#client?.close()
    this.#child = null
    this.#client = null
  }
}

/** A started node on a new data folder below `folder`; killed when the test is over. */
export async function startedNode(context: TestContext, folder: string, name = 'data'): Promise<TestNode> {
  const node = new TestNode(join(folder, name))
  afterwards(context, () => node.kill())
  await node.start()
  return node
}

export interface ProcessResult {
  stdout: string
  stderr: string
  exitCode: number | null
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<ProcessResult> {
  const child = spawn(command, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (text: string) => {
      output[name] += text
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { ...output, exitCode }
}
