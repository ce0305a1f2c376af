import { readFileSync, writeFileSync } from 'node:fs'
import { ThreadSandbox } from '@holt/sandbox/thread-sandbox.ts'
import { startVatThread } from '@holt/platform-nodejs/sandbox/nodejs-vat-thread.ts'
import { capLimits } from '@holt/sandbox/limits.ts'
import { applySnapshot } from '@holt/sandbox/snapshot.ts'
import type { VatImage } from '@holt/sandbox/types.ts'

/** What is to be done: bundled, and run by a Node for whichever processor. */
export interface Task {
  kind: 'wasm' | 'script'
  /** Paths of files. */
  code: string
  engine: string
  /** Where a vat's image lies to go on from, and where to put it afterwards. */
  from: string | null
  to: string
  deliveries: number
  /** Number of the first. */
  first: number
}

export interface Outcome {
  processor: string
  results: { body: string; meter: number; changes: string[] }[]
}

const task = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Task
const outcomeFile = process.argv[3] as string

const sandbox = new ThreadSandbox({
  startThread: () => startVatThread(new URL('./vat-worker.mjs', import.meta.url)),
  engine: async () => new Uint8Array(readFileSync(task.engine)),
})
const given = { now: 1_800_000_000_000, seed: new Uint8Array(32).fill(7) }
const image: VatImage | undefined =
  task.from === null
    ? undefined
    : { memory: new Uint8Array(readFileSync(`${task.from}.memory`)), state: new Uint8Array(readFileSync(`${task.from}.state`)) }
const vat = await sandbox.openVat({
  code: { id: 'task', kind: task.kind, load: async () => new Uint8Array(readFileSync(task.code)) },
  limits: capLimits({ timeMs: 120_000, meter: 1e12 }),
  powers: async (_name, args) => args.slice(),
  image,
  ...given,
})
const results: Outcome['results'] = []
for (let number = task.first; number < task.first + task.deliveries; number++) {
  const { body, meter, changes } = await vat.deliver({ name: 'test', body: Uint8Array.of(number), ...given })
  results.push({
    body: Buffer.from(body).toString('hex'),
    meter,
    changes: changes.map(({ key, value }) => `${key}=${value === null ? '' : Buffer.from(value).toString('hex')}`),
  })
}
const before = image === undefined ? null : { memory: image.memory.slice(), state: image.state }
const { memory, state } = applySnapshot(before, await vat.snapshot())
writeFileSync(`${task.to}.memory`, memory)
writeFileSync(`${task.to}.state`, state)
await sandbox.stop()
writeFileSync(outcomeFile, JSON.stringify({ processor: process.arch, results } satisfies Outcome))
