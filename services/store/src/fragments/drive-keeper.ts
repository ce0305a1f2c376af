import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { KeptPack, MirrorCheck, PackId, PackKeeper, SealedPack } from '../pack-keeper.ts'
import { DEFAULT_CLASS } from '../class-names.ts'
import { checkCode, type ClassCode } from './class-code.ts'
import { nowSeconds } from './clock.ts'
import { type ClassChoice, classChoices, type ClassFacts, classFacts, type DriveFacts, driveFacts } from './drive-facts.ts'
import { type FragmentFacts, fragmentFacts } from './fragment-facts.ts'
import { DriveSet } from './drive-set.ts'
import { Ending } from './ending.ts'
import type { SpreadPack } from './fragment-file.ts'
import type { FragmentsElsewhere, KeeperContext } from './keeper-context.ts'
import { Mirrors } from './mirrors.ts'
import { isUsable, spareOf } from './pack-table.ts'
import { doubtfulSets, readAnyhow, readElsewhere, readOwnColumns, readRange, segmentsOf } from './range-reader.ts'
import { rebalance } from './rebalance.ts'
import { Repair, type RepairOptions, type RepairReport } from './repair.ts'
import { scrub, type ScrubOptions, type ScrubReport } from './scrub.ts'
import { spreadPack } from './spread-pack.ts'
import { verifyPack } from './verify-pack.ts'

/** Keeps packs as fragments on the drives of this node. Made by `openDriveKeeper`. */
export class DriveKeeper implements PackKeeper {
  readonly #context: KeeperContext
  readonly #mirrors: Mirrors
  readonly #drives: DriveSet
  readonly #repair: Repair
  readonly #ending = new Ending()
  readonly #copies: { id: PackId; sizeBytes: number; path: string }[] = []

  constructor(context: KeeperContext, options: { pace?: (bytes: number) => Promise<void> } = {}) {
    this.#context = context
    this.#mirrors = new Mirrors(context)
    this.#drives = new DriveSet(context, this.#mirrors)
    this.#repair = new Repair(context, options.pace)
  }

  /** @param options `background`: false watches no drives and mends nothing by itself. */
  async start(options: { background: boolean }): Promise<void> {
    await this.#drives.start({ timer: options.background })
    if (options.background) this.#repair.start()
  }

  /** Cancels what is at work, and resolves when nothing is any more. */
  async close(): Promise<void> {
    await this.#ending.end()
    await this.#repair.stop()
    await this.#drives.stop()
    await this.#mirrors.close()
  }

  /** Also those whose drives are all missing now: absence is not deletion. */
  packs(): KeptPack[] {
    const { table, elsewhere } = this.#context
    return table.all().map((pack) => {
      const kept = pack.toKept()
      return kept.presentFragments < kept.dataFragments && elsewhere?.has(kept.id) === true ? { ...kept, elsewhere: true } : kept
    })
  }

  /** Where the fragments of a pack are, on missing drives too; empty when there is no such pack. */
  fragmentsOf(id: PackId): FragmentFacts[] {
    return fragmentFacts(this.#context.table.get(id))
  }

  /** Who is asked for what the drives do not have; null: nobody. */
  askElsewhere(elsewhere: FragmentsElsewhere | null): void {
    this.#context.elsewhere = elsewhere
  }

  /**
   * Others have these packs, of which nothing may be on drives: from now on they are this node's, and are brought to its drives in the background.
   * Durable when it resolves.
   */
  async believe(spreads: readonly SpreadPack[]): Promise<void> {
    const { table, drops, repairs } = this.#context
    for (const spread of spreads) if (!drops.has(spread.id) && table.get(spread.id) === undefined) table.add(spread)
    await this.#drives.save()
    repairs.endangerAny()
  }

  /** Copies of packs that were open elsewhere, beside those on drives; files of the data folder. */
  addCopies(copies: readonly { id: PackId; sizeBytes: number; path: string }[]): void {
    this.#copies.push(...copies)
  }

  /** The store has taken them over. */
  async dropCopies(): Promise<void> {
    for (const { path } of this.#copies.splice(0)) await this.#context.dataDisk.remove(path)
  }

  /** What of this node's packs is with others only, and so has yet to be brought to the drives. */
  awaited(): { packs: number; bytes: number; secondsLeft: number | null } {
    const { table, fetchPace } = this.#context
    const awaited = table.all().filter(({ main }) => main.homes.length === 0)
    const bytes = awaited.reduce((sum, { main }) => sum + main.spread.sizeBytes, 0)
    return { packs: awaited.length, bytes, secondsLeft: fetchPace.secondsFor(bytes) }
  }

  /** Of some pack the drives that are there have too little; or one is missing, which may have had a pack that was not written down yet. */
  get isLacking(): boolean {
    const { table, holders } = this.#context
    return holders.some(({ state }) => state === 'missing') || table.all().some(({ main }) => spareOf(main) < 0)
  }

  /** Packs are coming from others at this moment. */
  get isFetching(): boolean {
    return this.#context.fetchPace.isComing
  }

  /** How each pack is spread now. */
  spreads(): SpreadPack[] {
    return this.#context.table.all().map(({ main }) => main.spread)
  }

  /** Fragments of a pack that drives have and that nothing speaks against. */
  readable(spread: SpreadPack): number[] {
    const homes = this.#context.table.get(spread.id)?.spreadingOf(spread)?.homes ?? []
    return [...new Set(homes.filter((home) => isUsable(home) && home.condition !== 'unsure').map(({ index }) => index))]
  }

  /** Columns of one of those, as they are on the drive. @returns null when they cannot be read. */
  async readShard(spread: SpreadPack, index: number, column: number, length: number): Promise<Uint8Array | null> {
    const spreading = this.#context.table.get(spread.id)?.spreadingOf(spread)
    return spreading === undefined ? null : readOwnColumns(this.#context, spreading, { index, column, length })
  }

  async spread(
    pack: SealedPack,
    source: { disk: Disk; path: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<{ consumed: boolean; kept: KeptPack }> {
    return await this.#context.locks.run(pack.id, async () => {
      const { consumed } = await this.#ending.run(options.signal, (signal) => spreadPack(this.#context, pack, source, signal))
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
    if (doubt === undefined) return await readAnyhow(this.#context, pack, { offset, length })
    this.#context.repairs.suspect(id)
    const sets = doubtfulSets(pack.main, offset, length)
    if (doubt.attempt > sets.length + 1) return null
    // At last nothing of what is here is believed: what friends have is proven piece by piece.
    if (doubt.attempt > sets.length) return await readElsewhere(this.#context, pack, { offset, length })
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
    const copyCount = this.#copyCount(options.redundancyClass)
    await this.#context.locks.run(`open/${id}`, () => this.#mirrors.append(id, { offset, bytes, copyCount }))
  }

  async checkMirror(id: PackId, offset: number, bytes: Uint8Array, options: { redundancyClass?: string } = {}): Promise<MirrorCheck> {
    const copyCount = this.#copyCount(options.redundancyClass)
    return await this.#context.locks.run(`open/${id}`, () => this.#mirrors.check(id, { offset, bytes, copyCount }))
  }

  /** As many as the pack will survive losses, and one more. */
  #copyCount(redundancyClass = DEFAULT_CLASS): number {
    const { dataFragments, totalFragments } = this.#context.codeOf(redundancyClass)
    return totalFragments - dataFragments + 1
  }

  async mirrored(): Promise<{ id: PackId; sizeBytes: number }[]> {
    const onDrives = this.#mirrors.list()
    const sizes = new Map(this.#copies.map(({ id, sizeBytes }) => [id, sizeBytes]))
    for (const { id, sizeBytes } of onDrives) sizes.set(id, Math.max(sizeBytes, sizes.get(id) ?? 0))
    return [...sizes].map(([id, sizeBytes]) => ({ id, sizeBytes }))
  }

  async readMirror(id: PackId, offset: number, length: number, options: { attempt?: number } = {}): Promise<Uint8Array | null> {
    const copies = this.#copies.filter((copy) => copy.id === id && copy.sizeBytes >= offset + length)
    const attempt = options.attempt ?? 0
    const copy = copies[attempt]
    if (copy === undefined) return await this.#mirrors.read(id, { offset, length, attempt: attempt - copies.length })
    const file = await this.#context.dataDisk.open(copy.path, { readOnly: true })
    try {
      return (await file?.read(offset, length)) ?? null
    } finally {
      await file?.close()
    }
  }

  async drop(id: PackId): Promise<void> {
    await this.#context.locks.run(id, async () => {
      const { drops, holders, table, clock, elsewhere } = this.#context
      await elsewhere?.drop(id)
      const pack = table.get(id)
      const createdSeconds = pack?.main.spread.createdSeconds ?? nowSeconds(clock)
      await drops.add(id, { driveIds: holders.map((holder) => holder.id), createdSeconds })
      table.remove(id)
      const stuck = await this.#mirrors.remove(id)
      await Promise.all(
        holders.map(async (holder) => {
          try {
            await holder.removePacks([id])
            if (!stuck.has(holder)) drops.strike(holder.id, [id])
          } catch (error) {
            if (!isHoltError(error)) throw error // else it is done when the drive is scanned next
          }
        }),
      )
    })
  }

  drives(): DriveFacts[] {
    return driveFacts(this.#context)
  }

  classes(): ClassFacts[] {
    return classFacts(this.#context)
  }

  choices(): ClassChoice[] {
    return classChoices(this.#context)
  }

  /** How packs of a class are spread from now on. */
  codeOf(name: string): ClassCode {
    return this.#context.codeOf(name)
  }

  /** Fixes k of n for packs of a class that are spread from now on; null lets the number of drives decide. @throws HoltError INPUT_INVALID */
  setClass(name: string, code: ClassCode | null): void {
    if (code === null) this.#context.classes.delete(name)
    else this.#context.classes.set(name, checkCode(code))
  }

  /**
   * Takes an empty folder, or a drive of this owner with what it holds.
   *
   * @returns what it is like; its id belongs into the configuration.
   * @throws HoltError DRIVE_FOREIGN, DRIVE_IN_USE, DRIVE_MISSING, DISK_FULL, IO_FAILED.
   */
  async addDrive(disk: Disk, folder: string): Promise<DriveFacts> {
    const { id } = await this.#drives.add(disk, folder)
    return this.drives().find((drive) => drive.id === id) as DriveFacts
  }

  /**
   * Moves everything away from a drive, then gives it up; its folder is empty after that.
   *
   * @param drive id or folder.
   * @param options `force`: forgets it as it is, also one that is missing.
   * @throws HoltError NOT_FOUND, DRIVE_MISSING, NOT_ENOUGH_DRIVES (it then stays), DISK_FULL, CANCELLED.
   */
  async removeDrive(drive: string, options: RepairOptions & { force?: boolean } = {}): Promise<void> {
    await this.#ending.run(options.signal, (signal) => this.#drives.remove(drive, { ...options, signal }))
  }

  /** Looks at the drives now, instead of some seconds later. */
  async lookAtDrives(): Promise<void> {
    await this.#drives.look()
  }

  /** Reads and checks every fragment. @throws HoltError CANCELLED */
  async scrub(options: ScrubOptions = {}): Promise<ScrubReport> {
    return await this.#ending.run(options.signal, (signal) => scrub(this.#context, { ...options, signal }))
  }

  /** Mends all that is known to be wrong (`scrub` finds what is not) as far as there are drives for it. @throws HoltError CANCELLED */
  async repair(options: RepairOptions = {}): Promise<RepairReport> {
    return await this.#ending.run(options.signal, (signal) => this.#repair.run({ ...options, signal }))
  }

  /**
   * Spreads all packs anew whose k or n is not that of their class any more: after more drives came or the class was set.
   *
   * @returns how many were.
   * @throws HoltError NOT_ENOUGH_DRIVES, DISK_FULL, CANCELLED; what was done stays so.
   */
  async rebalance(options: RepairOptions = {}): Promise<number> {
    return await this.#ending.run(options.signal, (signal) => rebalance(this.#context, { ...options, signal }))
  }
}
