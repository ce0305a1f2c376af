import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { DriveHolder } from './drive-holder.ts'
import { UNFINISHED_SUFFIX } from './drive-folder.ts'
import { DriveWatch } from './drive-watch.ts'
import { joinDrive } from './join-drive.ts'
import type { KeeperContext } from './keeper-context.ts'
import { forgetDrive, releaseDrive, vacateDrive } from './leave-drive.ts'
import type { Mirrors } from './mirrors.ts'
import { spareOf } from './pack-table.ts'
import type { RepairOptions } from './repair.ts'
import { placeUnreadable, scanHolder } from './scan-holder.ts'
import { encodeTable, KEEPER_FOLDER, TABLE_PATH } from './table-file.ts'

/** The table is written when so much changed, or when nothing changed for a while. */
const SAVED_CHANGES = 4096

/** The drives that come and go, and the files about them in the data folder. */
export class DriveSet {
  readonly #context: KeeperContext
  readonly #mirrors: Mirrors
  readonly #watch: DriveWatch
  #savedChanges = 0
  #seenChanges = 0

  constructor(context: KeeperContext, mirrors: Mirrors) {
    this.#context = context
    this.#mirrors = mirrors
    this.#watch = new DriveWatch(
      context,
      (holders) => this.#scan(holders),
      () => this.#saveSometimes(),
    )
  }

  async start(options: { timer: boolean }): Promise<void> {
    const { dataDisk, table, drops, holders } = this.#context
    const leftovers = ((await dataDisk.list(KEEPER_FOLDER)) ?? []).filter((name) => name.endsWith(UNFINISHED_SUFFIX))
    await Promise.all(leftovers.map((name) => dataDisk.remove(`${KEEPER_FOLDER}/${name}`)))
    this.#savedChanges = table.changes
    for (const { id } of table.all()) if (drops.has(id)) table.remove(id) // the table on disk may be older than the drop
    await this.#scan(holders)
    await this.#save()
    this.#watch.start(options)
  }

  async stop(): Promise<void> {
    await this.#watch.stop()
    await this.#save()
  }

  async look(): Promise<void> {
    await this.#watch.look()
  }

  async add(disk: Disk, folder: string): Promise<DriveHolder> {
    const holder = await joinDrive(this.#context, disk, folder)
    await this.#scan([holder])
    this.#watch.add(holder)
    await this.#save()
    return holder
  }

  async remove(drive: string, options: RepairOptions & { force?: boolean }): Promise<void> {
    const holder = this.#context.holders.find(({ id, folder }) => id === drive || folder === drive)
    if (holder === undefined) throw new HoltError('NOT_FOUND', `${drive} is no drive of this node`, { drive })
    if (options.force === true) {
      await forgetDrive(this.#context, holder)
      await this.#mirrors.forget(holder)
    } else await this.#vacate(holder, options)
    await this.#save()
  }

  async #vacate(holder: DriveHolder, options: RepairOptions): Promise<void> {
    await holder.check()
    if (holder.state === 'missing') throw new HoltError('DRIVE_MISSING', `the drive ${holder.folder} is missing`, { drive: holder.id })
    holder.isRemoving = true
    try {
      await vacateDrive(this.#context, holder, options)
      await this.#mirrors.leave(holder)
      await releaseDrive(this.#context, holder)
    } catch (error) {
      holder.isRemoving = false
      throw error
    }
  }

  async #scan(holders: readonly DriveHolder[]): Promise<ReadonlySet<DriveHolder>> {
    const { table } = this.#context
    const there = holders.filter(({ state }) => state !== 'missing')
    const scans = there.map(async (holder) => {
      await this.#mirrors.scan(holder)
      return { holder, unreadable: await scanHolder(this.#context, holder) }
    })
    const scanned = new Set<DriveHolder>()
    for (const result of await Promise.allSettled(scans)) {
      if (result.status === 'fulfilled') {
        scanned.add(result.value.holder)
        placeUnreadable(this.#context, result.value.holder, result.value.unreadable)
      } else if (!isHoltError(result.reason)) throw result.reason
    }
    if (scanned.size > 0) this.#context.repairs.endangerAny()
    await this.#mirrors.removeUnneeded((id) => {
      const pack = table.get(id)
      return pack === undefined || spareOf(pack.main) < 0
    })
    return scanned
  }

  async #saveSometimes(): Promise<void> {
    const { changes } = this.#context.table
    const isDue = changes === this.#seenChanges || changes - this.#savedChanges >= SAVED_CHANGES
    this.#seenChanges = changes
    if (isDue) await this.#save()
  }

  /** Makes the table durable now. */
  async save(): Promise<void> {
    await this.#save()
  }

  /** The table is a cache: that it cannot be written is no fault of what called this. */
  #save(): Promise<void> {
    return this.#context.locks.run(TABLE_PATH, () => this.#saveNow())
  }

  async #saveNow(): Promise<void> {
    const { table, drops } = this.#context
    const carriedOut = drops.carriedOut()
    if (table.changes === this.#savedChanges || (await this.#saveTable())) drops.forgetCarriedOut(carriedOut)
    await drops.save()
  }

  async #saveTable(): Promise<boolean> {
    const { dataDisk, table, holders } = this.#context
    const { changes } = table
    try {
      await dataDisk.replaceFile(TABLE_PATH, await encodeTable(table, holders))
      this.#savedChanges = changes
      return true
    } catch (error) {
      if (!isHoltError(error)) throw error
      return false
    }
  }
}
