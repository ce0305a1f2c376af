import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

/** A process of its own that says lines. */
export interface Program {
  child: ChildProcess
  lines: Interface
}

export function program(name: string, ...args: string[]): Program {
  const path = join(import.meta.dirname, name)
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL'))
  return { child, lines: createInterface(child.stdout as NodeJS.ReadableStream) }
}

export async function nextLine({ lines }: Program): Promise<string> {
  const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(300_000) })) as [string]
  return line
}

/** What some work took: by the clock, and of all processors in some processes, which other programs of the machine change less. */
export interface Cost {
  seconds: number
  processorSeconds: number
}

export async function costOf(pids: readonly number[], work: () => Promise<unknown>): Promise<Cost> {
  const [before, startedMs] = [await processorSeconds(pids), performance.now()]
  await work()
  const seconds = (performance.now() - startedMs) / 1000
  return { seconds, processorSeconds: (await processorSeconds(pids)) - before }
}

const TICKS_PER_SECOND = 100

/** All that these processes have had of processors until now. */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
      return Number(fields[11]) + Number(fields[12])
    }),
  )
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND
}
