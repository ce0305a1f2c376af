import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { erasureCode } from '@holt/core/erasure/erasure.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import { checkCode, chooseCode, type ClassCode } from './class-code.ts'
import { type Clock, systemClock } from './clock.ts'
import { DriveHolder } from './drive-holder.ts'
import { DriveKeeper } from './drive-keeper.ts'
import { DropList } from './drop-list.ts'
import { FetchPace } from './fetch-pace.ts'
import type { FragmentJobs } from './fragment-jobs.ts'
import type { KeeperContext, KeeperEvent } from './keeper-context.ts'
import { KeyedLocks } from './locks.ts'
import { PackTable } from './pack-table.ts'
import { RepairQueue } from './repair-queue.ts'
import { loadTable } from './table-file.ts'

export interface DriveConfig {
  /** The drive's folder as a disk. */
  disk: Disk
  /** As `addDrive` gave it. */
  id: string
  /** As the owner knows it. */
  folder: string
}

export interface DriveKeeperOptions {
  /** The node's own folder; the keeper writes below `keeper/` there. */
  dataDisk: Disk
  drives: readonly DriveConfig[]
  /** Codes that the owner fixed, by class. */
  classes?: Readonly<Record<string, ClassCode>>
  pool: WorkPool<FragmentJobs>
  crypto: Crypto
  /** Seed of the storage principal, which signs fragments and drives. */
  storageSeed: Uint8Array
  clock?: Clock
  onEvent?: (event: KeeperEvent) => void
  /** Called by repair before it reads or writes so many bytes; resolves when it may. */
  pace?: (bytes: number) => Promise<void>
  /** False: watches no drives and repairs nothing by itself. */
  background?: boolean
}

/** Where copies of open packs lie that were fetched from elsewhere, until the store has them. */
export const COPIES_FOLDER = 'keeper/copies'

/**
 * Opens the keeper on the drives that are there; the others count as missing until they come.
 *
 * @throws HoltError IO_FAILED of the data folder. Faults of drives are no errors: see `drives()`.
 */
export async function openDriveKeeper(options: DriveKeeperOptions): Promise<DriveKeeper> {
  await options.dataDisk.makeFolder('keeper')
  // of a recovery that was cut short: it fetches them again
  for (const name of (await options.dataDisk.list(COPIES_FOLDER)) ?? []) await options.dataDisk.remove(`${COPIES_FOLDER}/${name}`)
  const context = await createContext(options)
  if (context.drops.isDamaged)
    context.emit({ kind: 'repair', text: 'the list of dropped packs was damaged; some may come back until they are cleaned up again' })
  await Promise.all(context.holders.map((holder) => holder.check()))
  const { table, holders, ownerKey: owner } = context
  await loadTable(options.dataDisk, table, { holders, owner })
  const keeper = new DriveKeeper(context, options)
  await keeper.start({ background: options.background ?? true })
  return keeper
}

async function createContext(options: DriveKeeperOptions): Promise<KeeperContext> {
  const { dataDisk, pool, crypto, storageSeed, clock = systemClock, onEvent = () => {} } = options
  const owner = { crypto, storageSeed }
  const holders = options.drives.map(({ disk, id, folder }) => new DriveHolder({ disk, id, folder, owner, clock }))
  const classes = new Map(Object.entries(options.classes ?? {}).map(([name, code]) => [name, checkCode(code)]))
  return {
    dataDisk,
    owner,
    ownerKey: crypto.ed25519PublicKey(storageSeed),
    clock,
    pool,
    erasure: erasureCode,
    holders,
    table: new PackTable(),
    drops: await DropList.open(dataDisk),
    locks: new KeyedLocks(),
    classes,
    codeOf: (redundancyClass) =>
      classes.get(redundancyClass) ?? chooseCode(redundancyClass, holders.filter(({ isRemoving }) => !isRemoving).length, classes.values()),
    emit: onEvent,
    repairs: new RepairQueue(),
    elsewhere: null,
    fetchPace: new FetchPace(clock),
  }
}
