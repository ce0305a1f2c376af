import { HoltError } from '@holt/core/errors.ts'
import { RemoteSandbox } from '@holt/sandbox/remote/remote-sandbox.ts'
import type { PreparedModule, Sandbox, Vat, VatOptions } from '@holt/sandbox/types.ts'
import { askForCage } from './asked-cage.ts'
import { cageBundles } from './cage-bundles.ts'
import type { CageChoices } from './cage-command.ts'
import { cageMissing, type CageProcess, type MakeCage } from './cage-process.ts'
import { readEngine } from './engine-file.ts'
import { socketChannel } from './socket-channel.ts'
import { spawnCage } from './spawned-cage.ts'

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
  process: CageProcess
  sandbox: RemoteSandbox
}

const START_LIMIT_MS = 30_000

/**
 * Programs in a process of their own that can reach nothing but this one stream. It is started when it is first needed, and anew when it ended;
 * where it cannot be made, no program runs.
 *
 * @param options `askAt`: the folder where cages are asked for, instead of making one; `bundles`: for tests that put something else into the cage.
 */
export function openCagedSandbox({
  askAt = null,
  bundles = cageBundles,
  ...choices
}: { askAt?: string | null; bundles?: () => ReturnType<typeof cageBundles> } & CageChoices = {}): CagedSandbox {
  return new NodejsCagedSandbox(askAt === null ? () => spawnCage(bundles, choices) : () => askForCage(askAt))
}

class NodejsCagedSandbox implements CagedSandbox {
  readonly #make: MakeCage
  #starting: Promise<Cage> | null = null
  /** Of the last one: the next is not made before. */
  #ending: Promise<void> = Promise.resolve()
  #process: CageProcess | null = null
  #stopped = false

  constructor(make: MakeCage) {
    this.#make = make
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
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
    await cage?.sandbox.stop()
    await cage?.sandbox.closed
    await this.#ending
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
    await this.#ending
    const engine = await readEngine()
    const process = await this.#make()
    const sandbox = new RemoteSandbox(socketChannel(process.channel), engine)
    void sandbox.closed.then(() => {
      this.#ending = process.end()
      if (this.#process !== process) return
      this.#process = null
      this.#starting = null
    })
    this.#process = process
    if (!(await startedInTime(sandbox)))
      throw cageMissing([`a cage that starts (${process.words().trim().slice(0, 300) || 'it says nothing'})`])
    return { process, sandbox }
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
