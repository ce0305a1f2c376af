import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { MachineFacts } from '@holt/core/machine.ts'

/** A small machine that is busy takes a while over the dozens of programs that are asked. */
const LIMIT_MS = 60_000
const MAX_OUTPUT_BYTES = 1 << 20
/** Who looks again so soon gets the same. */
const FRESH_MS = 10_000

const isSource = import.meta.url.endsWith('.ts')
const program = fileURLToPath(new URL(isSource ? './facts-program.ts' : './machine-facts.mjs', import.meta.url))

let last: { atMs: number; facts: Promise<MachineFacts> } | null = null

/** What the machine is made of. @throws HoltError SYSTEM_REFUSED when it cannot be found out. */
export function readFacts(): Promise<MachineFacts> {
  const nowMs = performance.now()
  if (last !== null && nowMs - last.atMs < FRESH_MS) return last.facts
  const facts = runProgram()
  last = { atMs: nowMs, facts }
  facts.catch(() => {
    last = null
  })
  return facts
}

function runProgram(): Promise<MachineFacts> {
  const args = isSource ? ['--import=tsx', program] : [program]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error) return reject(refusal(stderr.trim().slice(-500) || error.message))
      try {
        resolve(JSON.parse(stdout) as MachineFacts)
      } catch (cause) {
        reject(refusal(toHoltError(cause).message))
      }
    })
  })
}

function refusal(reason: string): HoltError {
  return new HoltError('SYSTEM_REFUSED', `the machine cannot be looked at: ${reason}`)
}
