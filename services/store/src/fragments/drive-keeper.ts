import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { KeptPack, PackId, PackKeeper, SealedPack } from '../pack-keeper.ts'
import { DEFAULT_CLASS } from './class-code.ts'
import type { DriveHolder } from './drive-holder.ts'
import type { KeeperContext } from './keeper-context.ts'
import { joinDrive } from './join-drive.ts'
import { Mirrors } from './mirrors.ts'
import { isUsable, presentIndices, spareOf } from './pack-table.ts'
import { doubtfulSets, readRange, segmentsOf } from './range-reader.ts'
import { placeUnreadable, scanHolder } from './scan-holder.ts'
import { spreadPack } from './spread-pack.ts'
import { encodeTable, TABLE_PATH } from './table-file.ts'
import { verifyPack } from './verify-pack.ts'

/** Keeps packs as fragments on the drives of this node. Made by `openDriveKeeper`. */
export class DriveKeeper implements PackKeeper {
  readonly #context: KeeperContext
  readonly #mirrors: Mirrors
  #savedChanges = 0

  constructor(context: KeeperContext) {
    this.#context = context
    this.#mirrors = new Mirrors(context)
  }

  /** Looks what is on the drives. */
  async start(): Promise<void> {
    this.#savedChanges = this.#context.table.changes
    await this.#scan(this.#context.holders)
    await this.#save()
  }

  /**
   * Takes an empty folder, or a drive of this owner with what it holds.
   *
   * @returns its id, which belongs into the configuration.
   * @throws HoltError DRIVE_FOREIGN, DRIVE_IN_USE, DRIVE_MISSING, DISK_FULL, IO_FAILED.
   */
  async addDrive(disk: Disk, folder: string): Promise<string> {
    const holder = await joinDrive(this.#context, disk, folder)
    await this.#scan([holder])
    await this.#save()
    return holder.id
  }

  async close(): Promise<void> {
    await this.#mirrors.close()
    await this.#save()
  }

  async #scan(holders: readonly DriveHolder[]): Promise<void> {
    const scans = holders
      .filter(({ state }) => state !== 'missing')
      .map(async (holder) => {
        const unreadable = await scanHolder(this.#context, holder)
        await this.#mirrors.scan(holder)
        return { holder, unreadable }
      })
    for (const result of await Promise.allSettled(scans)) {
      if (result.status === 'fulfilled') placeUnreadable(this.#context, result.value.holder, result.value.unreadable)
      else if (!isHoltError(result.reason)) throw result.reason
    }
    const { drops, table } = this.#context
    await this.#mirrors.removeUnneeded((id) => {
      const pack = table.get(id)
      return !drops.has(id) && (pack === undefined || spareOf(pack.main) < 0)
    })
  }

  /** The table is a cache: that it cannot be written is no fault of what called this. */
  async #save(): Promise<void> {
    const { dataDisk, table, holders, drops } = this.#context
    await drops.save()
    if (table.changes === this.#savedChanges) return
    this.#savedChanges = table.changes
    await dataDisk.replaceFile(TABLE_PATH, encodeTable(table, holders)).catch(() => {})
  }

  /** Also those whose drives are all missing now: absence is not deletion. */
  packs(): KeptPack[] {
    return this.#context.table.all().map((pack) => pack.toKept())
  }

  async spread(
    pack: SealedPack,
    source: { disk: Disk; path: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<{ consumed: boolean; kept: KeptPack }> {
    return await this.#context.locks.run(pack.id, async () => {
      const { consumed } = await spreadPack(this.#context, pack, source, options.signal)
      const known = this.#context.table.get(pack.id)
      if (known === undefined) throw new HoltError('INTERNAL', 'a pack was spread and is not known', { pack: pack.id })
      await this.#mirrors.remove(pack.id)
      const kept = known.toKept()
      if (kept.presentFragments < kept.totalFragments) this.#context.repairs.endanger(pack.id)
      return { consumed, kept }
    })
  }

  async read(
    id: PackId,
    offset: number,
    length: number,
    { doubt }: { doubt?: { attempt: number }; signal?: AbortSignal } = {},
  ): Promise<Uint8Array | null> {
    const pack = this.#context.table.get(id)
    if (pack === undefined) return null
    if (doubt === undefined) return await readRange(this.#context, pack.main, { offset, length, distrusted: new Set() })
    this.#context.repairs.suspect(id)
    const sets = doubtfulSets(pack.main, offset, length)
    if (doubt.attempt > sets.length) return null
    // When leaving out what lies in the range does not help, all fragments are checked and the wrong ones left out.
    if (doubt.attempt === sets.length) await verifyPack(this.#context, pack)
    return await readRange(this.#context, pack.main, { offset, length, distrusted: sets[doubt.attempt] ?? new Set() })
  }

  place(id: PackId, offset: number, length: number): { path: string; offset: number } | null {
    const main = this.#context.table.get(id)?.main
    if (main === undefined || offset + length > main.spread.sizeBytes) return null
    const [segment, more] = segmentsOf(offset, length, main.spread.shardBytes)
    if (segment === undefined || more !== undefined) return null
    const home = main.homes.find((other) => other.index === segment.index && other.condition === 'trusted' && isUsable(other))
    const path = home?.holder.localPath({ pack: id, index: segment.index }) ?? null
    return path === null ? null : { path, offset: segment.column }
  }

  suspect(id: PackId): void {
    this.#context.repairs.suspect(id)
  }

  async mirror(id: PackId, offset: number, bytes: Uint8Array, options: { redundancyClass?: string } = {}): Promise<void> {
    const { dataFragments, totalFragments } = this.#context.codeOf(options.redundancyClass ?? DEFAULT_CLASS)
    const copyCount = totalFragments - dataFragments + 1
    await this.#context.locks.run(`open/${id}`, () => this.#mirrors.append(id, { offset, bytes, copyCount }))
  }

  async mirrored(): Promise<{ id: PackId; sizeBytes: number }[]> {
    return this.#mirrors.list()
  }

  async readMirror(id: PackId, offset: number, length: number, options: { attempt?: number } = {}): Promise<Uint8Array | null> {
    return await this.#mirrors.read(id, { offset, length, attempt: options.attempt ?? 0 })
  }

  async drop(id: PackId): Promise<void> {
    await this.#context.locks.run(id, async () => {
      const { drops, holders, table, clock } = this.#context
      const pack = table.get(id)
      const createdSeconds = pack?.main.spread.createdSeconds ?? Math.floor(clock.nowMs() / 1000)
      await drops.add(id, { driveIds: holders.map((holder) => holder.id), createdSeconds })
      table.remove(id)
      await this.#mirrors.remove(id)
      await Promise.all(
        holders.map(async (holder) => {
          try {
            await holder.removePacks([id])
            drops.strike(holder.id, [id])
          } catch (error) {
            if (!isHoltError(error)) throw error // else it is done when the drive is scanned next
          }
        }),
      )
    })
  }

  /** Distinct fragments of a pack that can be read now; 0 when it is not known. */
  presentFragments(id: PackId): number {
    const pack = this.#context.table.get(id)
    return pack === undefined ? 0 : presentIndices(pack.main).size
  }
}
