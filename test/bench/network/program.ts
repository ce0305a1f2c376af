import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
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

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return (performance.now() - startedMs) / 1000
}
