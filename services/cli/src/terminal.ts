import { once } from 'node:events'
import { homedir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'
import { type RunOptions, runProgram } from './run-program.ts'

/** What a command sees of the world around it. */
export interface Terminal {
  /** Resolves when there is room for more. */
  print(output: string | Uint8Array): Promise<void>
  /** To stderr: progress, warnings, errors, questions. */
  tell(text: string): void
  /** What is piped in. */
  readonly input: AsyncIterable<Uint8Array>
  readonly isInteractive: { input: boolean; output: boolean; errors: boolean }
  readonly columns: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly currentFolder: string
  readonly homeFolder: string
  /** Another program on this terminal. @returns its exit code. @throws HoltError NOT_FOUND, IO_FAILED */
  run(command: readonly string[], options: RunOptions): Promise<number>
  /** @throws HoltError INPUT_INVALID without a terminal, CANCELLED on Ctrl-C or Ctrl-D. */
  question(prompt: string, options?: { hidden?: boolean; signal?: AbortSignal }): Promise<string>
}

/** The terminal or pipes this process was started with. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  return {
    print: (output) => written(stdout, output),
    tell: (text) => void stderr.write(text),
    input: stdin,
    isInteractive: { input: stdin.isTTY === true, output: stdout.isTTY === true, errors: stderr.isTTY === true },
    get columns() {
      return stderr.columns || stdout.columns || 80 // a terminal that does not know its size says 0
    },
    environment: process.env,
    currentFolder: process.cwd(),
    homeFolder: homedir(),
    run: runProgram,
    question,
  }
}

async function written(stream: NodeJS.WriteStream, output: string | Uint8Array): Promise<void> {
  if (!stream.write(output)) await once(stream, 'drain')
}

async function question(prompt: string, { hidden = false, signal }: { hidden?: boolean; signal?: AbortSignal } = {}): Promise<string> {
  if (process.stdin.isTTY !== true) throw new HoltError('INPUT_INVALID', 'there is no terminal to ask on')
  const output = new QuietableOutput()
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  const leaving = new AbortController()
  lines.once('SIGINT', () => leaving.abort())
  lines.once('close', () => leaving.abort())
  signal?.addEventListener('abort', () => leaving.abort(), { once: true })
  try {
    const answer = lines.question(prompt, { signal: leaving.signal })
    output.quiet = hidden
    return await answer
  } catch (cause) {
    throw new HoltError('CANCELLED', 'nothing was answered', {}, { cause })
  } finally {
    output.quiet = false
    if (hidden) process.stderr.write('\n')
    lines.close()
  }
}

/** Questions go to stderr, and what is typed in answer to a hidden one goes nowhere. */
class QuietableOutput extends Writable {
  quiet = false

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.quiet) process.stderr.write(chunk)
    done()
  }
}
