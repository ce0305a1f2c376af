import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskNames, startDisk } from './mount/disks.ts'
import { gitWork } from './mount/git.ts'
import { largeFiles } from './mount/large-files.ts'
import { npmInstall } from './mount/npm.ts'
import { sources } from './mount/source-tree.ts'
import { sqlite } from './mount/sqlite.ts'
import { Timings } from './mount/timings.ts'
import type { Workload } from './mount/workload.ts'
import type { BenchTable } from './report.ts'

const workloads: Record<string, Workload> = { large: largeFiles, tree: sources, git: gitWork, npm: npmInstall, sqlite }

/**
 * A mounted folder against gocryptfs and a plain folder, all on the same disk and one after the other; as root. HOLT_BENCH_ONLY: some of the
 * workloads; HOLT_BENCH_DISKS: some of the three; HOLT_BENCH_SCALE: below 1 for trying.
 */
export async function bench(): Promise<BenchTable[]> {
  if (process.getuid?.() !== 0) {
    console.log('left out: only root may mount and empty caches')
    return []
  }
  const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
  const timings = new Timings()
  const below = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  try {
    for (const name of chosen('HOLT_BENCH_ONLY', Object.keys(workloads))) {
      const workload = workloads[name] as Workload
      const folder = join(below, name)
      const world = { sources: join(folder, 'sources'), scale }
      await mkdir(world.sources, { recursive: true })
      await workload.prepare(world)
      for (const diskName of chosen('HOLT_BENCH_DISKS', diskNames)) {
        const disk = await startDisk[diskName](join(folder, diskName))
        try {
          await workload.run(disk, timings, world)
        } finally {
          await disk.stop()
        }
        await rm(join(folder, diskName), { recursive: true, force: true })
      }
      await rm(folder, { recursive: true, force: true })
    }
    return timings.tables(scale === 1 ? 'a mounted folder' : `a mounted folder, at ${scale} of the size`)
  } finally {
    await rm(below, { recursive: true, force: true })
  }
}

function chosen<T extends string>(variable: string, all: readonly T[]): readonly T[] {
  const wanted = process.env[variable]?.split(',')
  return wanted === undefined ? all : all.filter((name) => wanted.includes(name))
}
