import { mkdir } from 'node:fs/promises'
import { isAbsolute, normalize, resolve } from 'node:path'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { HoltError } from '@holt/core/errors.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { Machine } from '@holt/core/machine.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import { collectGarbage } from './collect-garbage.ts'
import type { AllJobs } from './jobs.ts'
import { LocalExport } from './local-export.ts'
import { type ImportContext, type ImportOptions, LocalImport } from './local-import.ts'
import { nodejsCrypto } from './nodejs-crypto.ts'
import { readCounters } from './machine/counters.ts'
import { readFacts } from './machine/facts.ts'
import { NodejsDisk } from './nodejs-disk.ts'
import { watchRest } from './rest-watch.ts'
import type { TransferTotals } from '@holt/core/transfer.ts'
import { NodejsWorkPool } from './work-pool.ts'

export interface NodejsPlatformOptions {
  dataFolder: string
  log: (level: 'info' | 'warn' | 'error', text: string) => void
  workers?: number
}

/** Linux under Node.js: a folder for the store, worker threads, local files. */
export async function openNodejsPlatform({ dataFolder, log, workers }: NodejsPlatformOptions) {
  const folder = resolve(dataFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pool = new NodejsWorkPool<AllJobs>({ width: workers, apart: ['encodePack', 'rebuildFragments', 'verifyFragment', 'assemblePack'] })
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const endRest = watchRest({
    onRest: () => {
      collectGarbage()
      delay.disable() // it would wake the processor a hundred times a second for nothing
    },
    onWork: () => void delay.enable(),
  })
  return {
    crypto: nodejsCrypto,
    pool,
    data: new NodejsDisk(folder) as Disk,
    dataFolder: folder,
    openDrive: (path: string): Disk => new NodejsDisk(path),
    driveFolder,
    makeDriveFolder,
    localFiles: localFiles(pool),
    machine: { counters: readCounters, facts: readFacts } as Machine,
    now: () => Date.now(),
    process: () => processFacts(delay),
    log,
    close: async () => {
      endRest()
      delay.disable()
      await pool.close()
    },
  }
}

function driveFolder(folder: string): string {
  mustBeAbsolute(folder, 'folder')
  const clean = normalize(folder)
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean
}

/** What is relative is so to the caller's folder, which the node does not know. @throws HoltError INPUT_INVALID */
function mustBeAbsolute(local: string, field: string): void {
  if (isAbsolute(local) && !local.includes('\0')) return
  throw new HoltError('INPUT_INVALID', `${JSON.stringify(local.slice(0, 300))} is no absolute local path`, { field })
}

/** Only the last folder of the path is made: a longer one that is not there is more likely a drive that is not mounted. */
async function makeDriveFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return
    if (error.code === 'ENOENT')
      throw new HoltError('DRIVE_MISSING', `${folder} cannot be made: the folder it would be in is not there`, { folder })
    throw new HoltError('IO_FAILED', `${folder} cannot be made (${error.code ?? 'unknown'})`, { folder }, { cause: error })
  })
}

function localFiles(pool: WorkPool<AllJobs>) {
  return {
    import: async (context: Omit<ImportContext, 'pool' | 'crypto'>, options: ImportOptions): Promise<TransferTotals> => {
      for (const local of options.locals) mustBeAbsolute(local, 'locals')
      return await new LocalImport({ ...context, pool, crypto: nodejsCrypto }, options).run()
    },
    export: async (
      context: Omit<ConstructorParameters<typeof LocalExport>[0], 'pool'>,
      options: ConstructorParameters<typeof LocalExport>[1],
    ): Promise<TransferTotals> => {
      mustBeAbsolute(options.local, 'local')
      return await new LocalExport({ ...context, pool }, options).run()
    },
  }
}

const NANOSECONDS_PER_MS = 1e6

/** @param delay of the time that the node worked; its samples include the timer's own 10 ms, which is taken off. */
function processFacts(delay: IntervalHistogram) {
  const { rss, heapUsed } = process.memoryUsage()
  const ms = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, Math.round(nanoseconds / NANOSECONDS_PER_MS - 10)) : 0
  return {
    pid: process.pid,
    uptimeSeconds: process.uptime(),
    memory: { rssBytes: rss, heapBytes: heapUsed },
    eventLoopDelayMs: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
  }
}
