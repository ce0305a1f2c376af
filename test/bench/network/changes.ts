import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchNode, startBenchNode } from '../bench-node.ts'
import { pause } from '../measure.ts'
import type { BenchTable } from '../report.ts'
import { whereItIs } from './idle.ts'

const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
const changes = Math.max(20, Math.round(200 * scale))
const LOOK_MS = 2
const LIMIT_MS = 30_000
const options = ['--no-page', '--peer-interface', 'lo', '--peer-port', '0']

/** How long after a change is made on one node of an owner another one shows it. */
export async function afterChanges(): Promise<BenchTable> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  const [one, other] = [await startBenchNode(join(folder, 'one'), options), await startBenchNode(join(folder, 'other'), options)]
  try {
    await one.control.call('node.init', {})
    await whereItIs(one.control)
    const { link } = await one.control.call('cluster.invite', {})
    await other.control.call('node.join', { code: link })
    await whereItIs(other.control)
    const seen: { there: number[]; back: number[] } = { there: [], back: [] }
    for (let i = -10; i < changes; i++) {
      const [from, to, times] = i % 2 === 0 ? ([one, other, seen.there] as const) : ([other, one, seen.back] as const)
      const ms = await until(from, to, `/change ${i}`)
      if (i >= 0) times.push(ms)
    }
    const row = (name: string, times: number[]): string[] => {
      const sorted = times.sort((a, b) => a - b)
      const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number).toFixed(0)
      return [name, at(0.5), at(0.95), at(1)]
    }
    return {
      title: `a folder is made on one node and seen on another of the same owner, ${changes} times, from the call to its sight (the goal is a median of 300 ms)`,
      columns: ['', 'ms median', 'ms 95 %', 'ms longest'],
      rows: [row('from the first to the one that joined', seen.there), row('and back', seen.back)],
    }
  } finally {
    await Promise.all([one.stop(), other.stop()])
    await rm(folder, { recursive: true, force: true })
  }
}

async function until(from: BenchNode, to: BenchNode, path: string): Promise<number> {
  const startedMs = performance.now()
  await from.control.call('files.mkdir', { path })
  for (;;) {
    const there = await to.control.call('files.stat', { path }).catch(() => null)
    const waitedMs = performance.now() - startedMs
    if (there !== null) return waitedMs
    if (waitedMs > LIMIT_MS) throw new Error(`${path} was not seen within ${LIMIT_MS} ms`)
    await pause(LOOK_MS)
  }
}
