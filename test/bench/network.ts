import { afterChanges } from './network/changes.ts'
import { betweenTwo } from './network/between-two.ts'
import { idle } from './network/idle.ts'
import { recovery } from './network/recovery.ts'
import type { BenchTable } from './report.ts'

/** Nodes among others, against a bare libp2p stream in the same run, and what a node costs that does nothing. */
export async function bench(): Promise<BenchTable[]> {
  const only = process.env['HOLT_BENCH_ONLY']?.split(',')
  const tables = { betweenTwo, recovery, afterChanges, idle }
  const made: BenchTable[] = []
  for (const [name, make] of Object.entries(tables)) if (only === undefined || only.includes(name)) made.push(await make())
  return made
}
