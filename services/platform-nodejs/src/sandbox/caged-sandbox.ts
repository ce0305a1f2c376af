import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Duplex, Writable } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'
import { RemoteSandbox } from '@holt/sandbox/remote/remote-sandbox.ts'
import type { PreparedModule, Sandbox, Vat, VatOptions } from '@holt/sandbox/types.ts'
import { CAGE_ENTRY, cageBundles } from './cage-bundles.ts'
import { type CageChoices, type CageCommand, type CageFiles, cageCommand } from './cage-command.ts'
import { readEngine } from './engine-file.ts'
import { socketChannel } from './socket-channel.ts'

export interface CageReport {
  possible: boolean
  /** What is not here, in words for the owner. */
  missing: string[]
}

export interface CagedSandbox extends Sandbox {
  /** Starts the cage if none runs. Never throws. */
  check(): Promise<CageReport>
  /** Of the caged process; null when none runs. */
  readonly pid: number | null
}

interface Cage {
  child: ChildProcess
  sandbox: RemoteSandbox
}

const START_LIMIT_MS = 30_000

/**
 * Programs in a process of their own that can reach nothing but this one stream. It is started when it is first needed, and anew when it ended;
 * where it cannot be made, no program runs.
 *
 * @param options `bundles`: for tests that put something else into the cage.
 */
export function openCagedSandbox({
  bundles = cageBundles,
  ...choices
}: { bundles?: () => ReturnType<typeof cageBundles> } & CageChoices = {}): CagedSandbox {
  return new NodejsCagedSandbox(bundles, choices)
}

class NodejsCagedSandbox implements CagedSandbox {
  readonly #bundles: () => ReturnType<typeof cageBundles>
  readonly #choices: CageChoices
  #starting: Promise<Cage> | null = null
  #child: ChildProcess | null = null
  #stopped = false

  constructor(bundles: () => ReturnType<typeof cageBundles>, choices: CageChoices) {
    this.#bundles = bundles
    this.#choices = choices
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  async check(): Promise<CageReport> {
    try {
      await this.#cage()
      return { possible: true, missing: [] }
    } catch (error) {
      const missing = error instanceof HoltError ? error.data['missing'] : undefined
      return { possible: false, missing: Array.isArray(missing) ? [...(missing as string[])] : [String(error)] }
    }
  }

  async prepare(wasm: Uint8Array): Promise<PreparedModule> {
    return await (await this.#cage()).sandbox.prepare(wasm)
  }

  async openVat(options: VatOptions): Promise<Vat> {
    return await (await this.#cage()).sandbox.openVat(options)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const cage = await this.#starting?.catch(() => null)
    if (cage === null || cage === undefined) return
    await cage.sandbox.stop()
    await ended(cage.child)
  }

  #cage(): Promise<Cage> {
    if (this.#stopped) return Promise.reject(new HoltError('NODE_STOPPING', 'the sandbox has ended'))
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null
      throw error
    })
    return this.#starting
  }

  async #start(): Promise<Cage> {
    const { files, remove } = await this.#bundles()
    try {
      const means = cageCommand(files, CAGE_ENTRY, this.#choices)
      if ('missing' in means) throw cageMissing(means.missing)
      const engine = await readEngine()
      const child = spawnCage(means.command, files)
      const words: string[] = []
      child.stderr?.on('data', (bytes: Buffer) => {
        if (words.length < 20) words.push(bytes.toString().slice(0, 500))
      })
      const sandbox = new RemoteSandbox(socketChannel(child.stdio[3] as Duplex), engine)
      void sandbox.closed.then(() => {
        child.kill('SIGKILL')
        if (this.#child === child) {
          this.#child = null
          this.#starting = null
        }
      })
      this.#child = child
      if (!(await startedInTime(sandbox)))
        throw cageMissing([`a cage that starts (${words.join(' ').trim().slice(0, 300) || 'it says nothing'})`])
      return { child, sandbox }
    } finally {
      await remove()
    }
  }
}

function cageMissing(missing: string[]): HoltError {
  return new HoltError('CAGE_MISSING', `programs cannot be kept in here: missing ${missing.join(', ')}`, { missing })
}

function spawnCage(command: CageCommand, files: CageFiles): ChildProcess {
  const opened = Object.values(files).map((path) => openSync(path, 'r'))
  try {
    const identity = command.uid === undefined ? {} : { uid: command.uid, gid: command.uid }
    const child = spawn(command.command, command.args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', ...opened],
      env: {},
      cwd: '/',
      ...identity,
    })
    const filter = child.stdio[4] as Writable
    filter.on('error', () => {}) // when it could not be started; its end says so
    filter.end(command.filter)
    child.on('error', () => {}) // the channel closes
    return child
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

async function startedInTime(sandbox: RemoteSandbox): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), START_LIMIT_MS)
  })
  const started = await Promise.race([sandbox.ready.then(() => true), sandbox.closed.then(() => false), late])
  clearTimeout(timer)
  if (!started) await sandbox.stop()
  return started
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise((resolve) => {
    child.once('exit', resolve)
    child.once('error', resolve)
  })
}
