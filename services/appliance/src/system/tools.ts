import { execFile } from 'node:child_process'
import { HoltError } from '@holt/core/errors.ts'

export interface ToolOptions {
  input?: string
  signal?: AbortSignal
  timeoutMs?: number
  /** Exit codes that are an answer too, besides 0. */
  allowed?: (exitCode: number) => boolean
  /** Sees what is printed while it still runs. */
  onOutput?: (text: string) => void
}

/** Programs of the system. No shell between: an argument is an argument. */
export interface Tools {
  /**
   * @returns what it printed.
   * @throws HoltError DEPENDENCY_MISSING when it is not installed, SYSTEM_REFUSED when it failed, CANCELLED.
   */
  run(program: string, args: readonly string[], options?: ToolOptions): Promise<string>
}

const MAX_OUTPUT_BYTES = 8 << 20
const DEFAULT_TIMEOUT_MS = 20_000

/** What it says is read by us: always in the same language, whatever the one who starts us speaks. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' }

export const systemTools: Tools = {
  run: (program, args, { input, signal, timeoutMs = DEFAULT_TIMEOUT_MS, allowed, onOutput } = {}) =>
    new Promise((resolve, reject) => {
      const options = { env: environment, maxBuffer: MAX_OUTPUT_BYTES, timeout: timeoutMs, killSignal: 'SIGKILL', signal } as const
      const child = execFile(program, [...args], options, (error, stdout, stderr) => {
        if (error === null || (typeof error.code === 'number' && allowed?.(error.code) === true)) resolve(stdout)
        else reject(refusal(program, error, stderr.trim() || stdout.trim()))
      })
      child.stdout?.on('data', (text: string) => onOutput?.(text))
      child.stdin?.on('error', () => {}) // it ended before it had read all: its exit code says why
      child.stdin?.end(input ?? '')
    }),
}

function refusal(program: string, error: Error & { code?: unknown; killed?: boolean }, said: string): HoltError {
  if (error.name === 'AbortError') return new HoltError('CANCELLED', 'the call was cancelled', {}, { cause: error })
  if (error.code === 'ENOENT') return new HoltError('DEPENDENCY_MISSING', `${program} is not installed`, { program }, { cause: error })
  const reason = error.killed === true ? 'it did not end in time' : said.slice(-1000) || error.message
  return new HoltError('SYSTEM_REFUSED', `${program}: ${reason}`, { program }, { cause: error })
}
