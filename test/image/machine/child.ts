import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** What a child wrote is kept up to this; more than that is never read by a person. */
const OUTPUT_LIMIT_CHARACTERS = 64 * 1024

export interface ChildOptions {
  /** A command that runs this one elsewhere, such as in a network namespace. */
  prefix?: readonly string[]
  cwd?: string
}

/**
 * A program that never outlives this process: the kernel kills it when this process ends, however that comes about. It has a
 * process group of its own, which `kill` ends as a whole.
 */
export class Child {
  readonly name: string
  /** Resolves when it is over, never rejects. */
  readonly ended: Promise<void>
  readonly #process: ChildProcessByStdio<null, Readable, Readable>
  /** The end of what it has written to stdout and stderr. */
  output = ''
  /** null while it runs; then its exit code or the signal that ended it. */
  outcome: number | string | null = null

  constructor(command: readonly string[], { prefix = [], cwd }: ChildOptions = {}) {
    this.name = command[0] as string
    const [program, ...args] = [...prefix, 'setpriv', '--pdeathsig', 'KILL', '--', ...command]
    const child = spawn(program as string, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, cwd })
    this.#process = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        this.output = (this.output + bytes.toString()).slice(-OUTPUT_LIMIT_CHARACTERS)
      })
    }
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.output += error.message
        this.outcome ??= error.message
        resolve()
      })
      child.once('exit', (code, signal) => {
        this.outcome = code ?? signal
      })
      child.once('close', () => resolve())
    })
  }

  get pid(): number {
    return this.#process.pid as number
  }

  get running(): boolean {
    return this.outcome === null
  }

  /** Ends the whole group at once and waits for it. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#process.pid !== undefined) {
      try {
        process.kill(-this.#process.pid, signal)
      } catch {} // it has ended already
    }
    await this.ended
  }

  /** Waits for its end. @returns whether it came within the time. */
  async endsWithin(limitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs)
    })
    const inTime = await Promise.race([this.ended.then(() => true), tooLate])
    clearTimeout(timer)
    return inTime
  }
}

export interface CommandResult {
  code: number | string | null
  output: string
}

/** Runs a command to its end and gives what became of it; one that takes too long is killed. */
export async function tryCommand(command: readonly string[], { limitMs = 60_000, ...options }: ChildOptions & { limitMs?: number } = {}) {
  const child = new Child(command, options)
  const inTime = await child.endsWithin(limitMs)
  if (!inTime) await child.kill()
  const result: CommandResult = { code: inTime ? child.outcome : `no end within ${limitMs} ms`, output: child.output }
  return result
}

/** Runs a command. @returns its output. @throws with that output when it does not end with 0 in time. */
export async function runCommand(command: readonly string[], options: ChildOptions & { limitMs?: number } = {}): Promise<string> {
  const { code, output } = await tryCommand(command, options)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`)
  return output
}
