import { mkdir } from 'node:fs/promises'
import { isAbsolute, join, normalize } from 'node:path'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { StartHost } from '@holt/network/host.ts'
import type { PhoneMedia } from '@holt/node/photos/phone-media.ts'
import { PhonePower, type PowerDemand } from '@holt/node/power/phone-power.ts'
import type { NodePlatform } from '@holt/node/platform.ts'
import type { AllJobs } from '@holt/platform-nodejs/jobs.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { NodejsDisk } from '@holt/platform-nodejs/nodejs-disk.ts'
import { NodejsWorkPool } from '@holt/platform-nodejs/work-pool.ts'
import { type Quota, QuotaDisk } from './quota-disk.ts'

export interface MobilePlatformOptions {
  dataFolder: string
  quota: Quota
  workers: number
  /** The bundle of a worker thread. */
  workerUrl: URL
  startHost: StartHost | null
  /** null where no app is at the other end. */
  media: PhoneMedia | null
  onDemand: (demand: PowerDemand) => void
  log: (level: 'info' | 'warn' | 'error', text: string) => void
}

export interface MobilePlatform extends NodePlatform {
  readonly power: PhonePower
  close(): Promise<void>
}

/**
 * An app on a phone: one folder of its own, threads, no other programs and no files of others. Beside the platform of a laptop it has no
 * timer: what watches the event loop there wakes a processor a hundred times a second. What a node does by itself goes by a clock that rests.
 */
export async function openMobilePlatform(options: MobilePlatformOptions): Promise<MobilePlatform> {
  const { dataFolder, quota, workers, workerUrl, startHost, media, onDemand, log } = options
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const pool = new NodejsWorkPool<AllJobs>({
    width: workers,
    workerUrl,
    apart: ['encodePack', 'rebuildFragments', 'verifyFragment', 'assemblePack'],
  })
  const data = new QuotaDisk(new NodejsDisk(dataFolder), quota)
  const power = await PhonePower.open({ disk: data, onDemand, warn: (text) => log('warn', text) })
  return {
    crypto: nodejsCrypto,
    pool,
    data,
    dataFolder,
    // the drive lies in the data folder, so what it has of the quota is told there
    openDrive: (folder): Disk => new DriveOnPhone(folder, data),
    driveFolder: (folder) => ownFolder(dataFolder, folder),
    makeDriveFolder: async (folder) => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
    localFiles: null,
    machine: null,
    media,
    power,
    clock: power.clock,
    startHost: startHost === null ? null : power.traffic.of(startHost),
    now: () => Date.now(),
    process: processFacts,
    log,
    close: async () => {
      power.close()
      await pool.close()
    },
  }
}

/** Files as on any disk; of room there is what the quota leaves. */
class DriveOnPhone extends NodejsDisk {
  readonly #data: Disk

  constructor(folder: string, data: Disk) {
    super(folder)
    this.#data = data
  }

  override space(): Promise<{ totalBytes: number; freeBytes: number }> {
    return this.#data.space()
  }
}

/** An app has no other folder. @throws HoltError INPUT_INVALID */
function ownFolder(dataFolder: string, folder: string): string {
  const clean = isAbsolute(folder) ? normalize(folder).replace(/(?<=.)\/$/, '') : ''
  if (clean.startsWith(join(dataFolder, '/'))) return clean
  throw new HoltError('INPUT_INVALID', 'on a phone a drive is a folder in the data folder of the app', { field: 'folder' })
}

function processFacts() {
  const { rss, heapUsed } = process.memoryUsage()
  return {
    pid: process.pid,
    uptimeSeconds: process.uptime(),
    memory: { rssBytes: rss, heapBytes: heapUsed },
    eventLoopDelayMs: { p50: 0, p99: 0, max: 0 },
  }
}
