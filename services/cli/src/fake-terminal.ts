import type { FakeControl } from '@holt/control/fake-control.ts'
import { HoltError } from '@holt/core/errors.ts'
import { allCommands } from './commands.ts'
import { runHolt } from './run.ts'
import type { RunOptions } from './run-program.ts'
import type { Surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

export interface FakeTerminalOptions {
  /** A person at a terminal, who gives these answers. */
  answers?: string[] | ((prompt: string, shownSoFar: string) => string)
  input?: Uint8Array[]
  environment?: Record<string, string>
  currentFolder?: string
  columns?: number
  /** What becomes of other programs that are run. */
  program?: (command: readonly string[], options: RunOptions) => Promise<number>
}

/** For tests: keeps what is printed, answers as told. */
export class FakeTerminal implements Terminal {
  out = ''
  err = ''
  bytes: Uint8Array[] = []
  readonly ran: { command: readonly string[]; environment: RunOptions['environment'] }[] = []
  readonly prompts: { prompt: string; hidden: boolean }[] = []
  readonly isInteractive
  readonly environment
  readonly columns
  readonly currentFolder
  readonly homeFolder = '/home/me'
  readonly #options: FakeTerminalOptions

  constructor(options: FakeTerminalOptions = {}) {
    const here = options.answers !== undefined
    this.#options = options
    this.isInteractive = { input: here, output: here, errors: here }
    this.environment = options.environment ?? {}
    this.columns = options.columns ?? 80
    this.currentFolder = options.currentFolder ?? '/home/ann'
  }

  async print(output: string | Uint8Array): Promise<void> {
    if (typeof output === 'string') this.out += output
    else this.bytes.push(output)
  }

  tell(text: string): void {
    this.err += text
  }

  get input(): AsyncIterable<Uint8Array> {
    const pieces = this.#options.input ?? []
    return (async function* () {
      yield* pieces
    })()
  }

  async run(command: readonly string[], options: RunOptions): Promise<number> {
    this.ran.push({ command, environment: options.environment })
    return (await this.#options.program?.(command, options)) ?? 0
  }

  async question(prompt: string, { hidden = false }: { hidden?: boolean } = {}): Promise<string> {
    const { answers } = this.#options
    this.prompts.push({ prompt, hidden })
    const answer = typeof answers === 'function' ? answers(prompt, this.err) : answers?.shift()
    if (answer === undefined) throw new HoltError('CANCELLED', `nobody answers '${prompt}'`)
    return answer
  }
}

export interface Shown {
  out: string
  err: string
  bytes: Buffer
  exitCode: number
  terminal: FakeTerminal
  /** Data folders that a node was started on for the command. */
  started: string[]
}

export interface HoltOptions extends FakeTerminalOptions {
  /** null: no node is running, and one that is started is `startable`. */
  control: FakeControl | null
  startable?: FakeControl
  surroundings?: Partial<Surroundings>
}

/** Runs one command line against a fake node. */
export async function holt(args: readonly string[], { control, startable, surroundings, ...options }: HoltOptions): Promise<Shown> {
  const terminal = new FakeTerminal(options)
  const started: string[] = []
  const connected = (node: FakeControl) => ({ call: node.call.bind(node), release: async () => {} })
  const exitCode = await runHolt(args, {
    terminal,
    commands: allCommands,
    connect: async (folder) => {
      if (control === null) throw new HoltError('NODE_NOT_RUNNING', `no node is running on ${folder}`, { folder })
      return connected(control)
    },
    startNode: async (folder) => {
      started.push(folder)
      if (startable === undefined) throw new HoltError('DEPENDENCY_MISSING', 'this test has no node to start')
      return connected(startable)
    },
    folders: {
      mount: async ({ folder }) => ({ folder, ended: async () => {} }),
      unmount: async (folder) => folder,
    },
    becomeNode: async (daemonArguments) => {
      throw new HoltError('INTERNAL', `becomes the node with ${daemonArguments.join(' ')}`)
    },
    interrupted: new AbortController().signal,
    ...surroundings,
  })
  return { out: terminal.out, err: terminal.err, bytes: Buffer.concat(terminal.bytes), exitCode, terminal, started }
}
