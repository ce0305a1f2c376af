import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initBenchNode, startBenchNode } from './bench-node.ts'
import { type Corpus, makeLargeFiles, makeSmallFiles } from './corpora.ts'
import { bytesIn, coldStart, command, pause, residentMiB, resetPeak, secondsUntilSynced } from './measure.ts'
import type { BenchTable } from './report.ts'

/**
 * Whole runs against `restic` and `cp -a` of the same files on the same disk, one after the other. Every timing begins
 * with nothing left to write and (as root) an empty page cache, and ends when a sync of the file system is done. Files
 * are incompressible. Nothing else should run on the machine; HOLT_BENCH_ROUNDS > 1 keeps the best of several rounds.
 */
const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
/** 'large' or 'small': that corpus alone. */
const only = process.env['HOLT_BENCH_CORPUS']
const rounds = Number(process.env['HOLT_BENCH_ROUNDS'] ?? 1)

const shapes = [
  { name: 'holt, 1 drive', drives: 1, k: 1, n: 1 },
  { name: 'holt, 6 drives 4-of-6', drives: 6, k: 4, n: 6 },
]

interface Times {
  in: number
  out: number
}

interface HoltRun extends Times {
  /** From the acknowledged `put` until every pack is on all its drives. */
  settle: number
  storedBytes: number
  peakMiB: number
  idleMiB: number
  /** How late the main thread was for its timers, over both runs. */
  delayP99Ms: number
}

export async function bench(): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  try {
    const corpora: Corpus[] = []
    if (only !== 'small') corpora.push(await makeLargeFiles(join(folder, 'large'), Math.round(scale * 2 ** 31)))
    if (only !== 'large') corpora.push(await makeSmallFiles(join(folder, 'small'), Math.round(scale * 20_000)))
    const cold = await coldStart()
    console.log(`page cache ${cold ? 'dropped' : 'NOT dropped (needs root)'} before each run, sync of the file system inside each`)
    const tables: BenchTable[] = []
    for (const corpus of corpora) tables.push(...(await compare(corpus, folder)))
    return tables
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(corpus: Corpus, folder: string): Promise<BenchTable[]> {
  const cp = await bestOf(() => runCp(corpus, join(folder, 'cp')))
  const restic = await bestOf(() => runRestic(corpus, join(folder, 'restic')))
  const title = `${corpus.name}: ${corpus.files} files, ${(corpus.bytes / 2 ** 20).toFixed(0)} MiB`
  const speed: BenchTable = {
    title,
    columns: ['', 'in MB/s', 'out MB/s', 'in ÷ restic', 'out ÷ restic', 'in ÷ cp', 'out ÷ cp', 'settled after'],
    rows: [],
  }
  const room: BenchTable = {
    title: `${title}: room and memory`,
    columns: ['', 'stored ÷ data', 'n ÷ k', 'RSS peak MiB', 'RSS idle MiB', 'loop delay p99 ms'],
    rows: [],
  }
  const speedRow = (name: string, times: Times, settled = ''): void => {
    const rate = (seconds: number): string => (corpus.bytes / 1e6 / seconds).toFixed(0)
    const ratio = (of: number, to: number): string => (to / of).toFixed(2)
    speed.rows.push([
      name,
      rate(times.in),
      rate(times.out),
      ratio(times.in, restic.in),
      ratio(times.out, restic.out),
      ratio(times.in, cp.in),
      ratio(times.out, cp.out),
      settled,
    ])
  }
  speedRow('cp -a', cp)
  speedRow('restic', restic)
  for (const shape of shapes) {
    const run = await bestOf(() => runHolt(corpus, join(folder, 'holt'), shape))
    speedRow(shape.name, run, `+${run.settle.toFixed(1)} s`)
    const { k, n } = shape
    room.rows.push([
      shape.name,
      (run.storedBytes / corpus.bytes).toFixed(3),
      (n / k).toFixed(3),
      run.peakMiB.toFixed(0),
      run.idleMiB.toFixed(0),
      run.delayP99Ms.toFixed(0),
    ])
  }
  return [speed, room]
}

async function bestOf<T extends Times>(run: () => Promise<T>): Promise<T> {
  let best = await run()
  for (let i = 1; i < rounds; i++) {
    const next = await run()
    best = { ...next, in: Math.min(best.in, next.in), out: Math.min(best.out, next.out) }
  }
  return best
}

/** Runs with a folder of its own, which is gone afterwards. */
async function inFolder<T>(folder: string, run: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true })
  try {
    return await run()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runCp(corpus: Corpus, folder: string): Promise<Times> {
  return inFolder(folder, async () => {
    const copy = join(folder, 'copy')
    return {
      in: await secondsUntilSynced(folder, () => command('cp', ['-a', corpus.folder, copy])),
      out: await secondsUntilSynced(folder, () => command('cp', ['-a', copy, join(folder, 'again')])),
    }
  })
}

function runRestic(corpus: Corpus, folder: string): Promise<Times> {
  return inFolder(folder, async () => {
    const restic = (...args: string[]): Promise<void> =>
      command('restic', ['--quiet', '--repo', join(folder, 'repository'), '--cache-dir', join(folder, 'cache'), ...args], {
        RESTIC_PASSWORD: 'bench',
      })
    await restic('init')
    return {
      in: await secondsUntilSynced(folder, () => restic('backup', corpus.folder)),
      out: await secondsUntilSynced(folder, () => restic('restore', 'latest', '--target', join(folder, 'again'))),
    }
  })
}

function runHolt(corpus: Corpus, folder: string, shape: (typeof shapes)[number]): Promise<HoltRun> {
  return inFolder(folder, async () => {
    const data = join(folder, 'data')
    const drives = Array.from({ length: shape.drives }, (_, i) => join(folder, `drive-${i}`))
    const node = await startBenchNode(data)
    try {
      await initBenchNode(node, drives, shape)
      await resetPeak(node.pid)
      const seconds = await secondsUntilSynced(folder, () =>
        node.control.call('files.importLocal', { locals: [corpus.folder], path: '/corpus', place: 'as' }),
      )
      const settleStarted = performance.now()
      await node.control.call('store.settle', {})
      const settle = (performance.now() - settleStarted) / 1000
      const storedBytes = await bytesIn(data, ...drives)
      const again = join(folder, 'again')
      const out = await secondsUntilSynced(folder, () => node.control.call('files.exportLocal', { path: '/corpus', local: again }))
      const { peak } = await residentMiB(node.pid)
      const { eventLoopDelayMs } = await node.control.call('node.status', {})
      execFileSync('diff', ['-r', corpus.folder, again]) // a fast wrong answer is no result
      await pause(15_000) // idle threads have ended by then
      const { now } = await residentMiB(node.pid)
      return { in: seconds, out, settle, storedBytes, peakMiB: peak, idleMiB: now, delayP99Ms: eventLoopDelayMs.p99 }
    } finally {
      await node.stop()
    }
  })
}
