import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { HoltError } from '@holt/core/errors.ts'

export interface RunOptions {
  /** Beside that of this process. */
  environment: Readonly<Record<string, string>>
  /** Ends the program; one that does not end is killed. */
  signal: AbortSignal
}

const END_MS = 10_000

/** Runs a program on the terminal of this process. @returns its exit code as a shell has it. @throws HoltError NOT_FOUND, IO_FAILED */
export async function runProgram([program = '', ...args]: readonly string[], { environment, signal }: RunOptions): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
  let killing: NodeJS.Timeout | null = null
  const end = (): void => {
    child.kill('SIGTERM')
    killing = setTimeout(() => child.kill('SIGKILL'), END_MS)
  }
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, by) => resolve(code ?? 128 + (by === null ? 0 : constants.signals[by])))
    })
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new HoltError(
      isMissing ? 'NOT_FOUND' : 'IO_FAILED',
      `${program} could not be run: ${(cause as Error).message}`,
      { program },
      { cause },
    )
  } finally {
    signal.removeEventListener('abort', end)
    if (killing !== null) clearTimeout(killing)
  }
}
