import type { Disk } from '@holt/core/disk.ts'
import { erasureCode } from '@holt/core/erasure/erasure.ts'
import { toHex } from '@holt/core/bytes.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { InlineWorkPool } from '@holt/core/work-pool.ts'
import type { SealedPack } from '../pack-keeper.ts'
import type { Clock } from './clock.ts'
import type { DriveKeeper } from './drive-keeper.ts'
import { type FragmentJobs, fragmentJobs } from './fragment-jobs.ts'
import type { KeeperEvent } from './keeper-context.ts'
import { type DriveConfig, type DriveKeeperOptions, openDriveKeeper } from './open-drive-keeper.ts'
import { UnpluggableDisk } from './testing/unpluggable-disk.ts'

/** A clock that stands until a test moves it. */
export class StandingClock implements Clock {
  #nowMs = 1_800_000_000_000
  readonly #timers = new Set<{ atMs: number; action: () => void }>()

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, action }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** As when somebody sets it: what waits does not wait longer for that. */
  setBack(ms: number): void {
    this.#nowMs -= ms
    for (const timer of this.#timers) timer.atMs -= ms
  }

  /** Calls what falls due, in order. */
  advance(ms: number): void {
    this.#nowMs += ms
    for (const timer of [...this.#timers].sort((a, b) => a.atMs - b.atMs)) {
      if (timer.atMs <= this.#nowMs && this.#timers.delete(timer)) timer.action()
    }
  }
}

/** A keeper on disks of any kind, for tests: opens it, closes it, makes packs for it. */
export class KeeperWorld<D extends Disk = UnpluggableDisk> {
  readonly dataDisk: Disk
  readonly clock = new StandingClock()
  readonly crypto = webCrypto
  readonly storageSeed = new Uint8Array(32).fill(7)
  readonly events: KeeperEvent[] = []
  /** The disks of the drives, in the order they were added. */
  readonly disks: D[] = []
  readonly configs: DriveConfig[] = []
  readonly #others = new Map<string, Disk>()
  #keeper: DriveKeeper | null = null

  constructor(dataDisk: Disk = new MemoryDisk()) {
    this.dataDisk = dataDisk
    this.#others.set(dataDisk.id, dataDisk)
  }

  static async withDrives(count: number): Promise<KeeperWorld> {
    const world = new KeeperWorld()
    await world.open()
    for (let i = 0; i < count; i++) await world.addDrive(new UnpluggableDisk())
    return world
  }

  /** The same node on other disks: each is made from the one of before. Not opened yet. */
  fork<E extends Disk>(dataDisk: Disk, other: (disk: D) => E): KeeperWorld<E> {
    const world = new KeeperWorld<E>(dataDisk)
    for (const [i, { id, folder }] of this.configs.entries()) {
      const disk = other(this.disks[i] as D)
      world.disks.push(disk)
      world.configs.push({ disk, id, folder })
    }
    return world
  }

  get keeper(): DriveKeeper {
    if (this.#keeper === null) throw new Error('the keeper is not open')
    return this.#keeper
  }

  async addDrive(disk: D): Promise<string> {
    this.#others.set(disk.id, disk)
    const { id } = await this.keeper.addDrive(disk, disk.id)
    this.disks.push(disk)
    this.configs.push({ disk, id, folder: disk.id })
    return id
  }

  /** The same, also with a disk that is no drive yet. */
  poolWith(disk: Disk): InlineWorkPool<FragmentJobs> {
    this.#others.set(disk.id, disk)
    return this.pool()
  }

  /** A pool whose jobs find the disks of this world. */
  pool(): InlineWorkPool<FragmentJobs> {
    const disk = (id: string): Disk => {
      const found = this.#others.get(id) ?? this.configs.find((config) => config.disk.id === id)?.disk
      if (found === undefined) throw new RangeError(`no disk is called ${id}`)
      return found
    }
    return new InlineWorkPool(fragmentJobs, { crypto: this.crypto, erasure: erasureCode, disk })
  }

  async open(options: Partial<DriveKeeperOptions> = {}): Promise<DriveKeeper> {
    const { dataDisk, crypto, storageSeed, clock } = this
    const onEvent = (event: KeeperEvent): void => void this.events.push(event)
    const base = { dataDisk, crypto, storageSeed, clock, onEvent, drives: this.configs, pool: this.pool(), background: false }
    this.#keeper = await openDriveKeeper({ ...base, ...options })
    return this.#keeper
  }

  async reopen(options: Partial<DriveKeeperOptions> = {}): Promise<DriveKeeper> {
    await this.keeper.close()
    return await this.open(options)
  }

  /** A pack of random bytes in a file of the data disk. */
  async makePack(sizeBytes: number, redundancyClass = 'standard'): Promise<{ pack: SealedPack; bytes: Uint8Array; path: string }> {
    const bytes = randomBytes(sizeBytes)
    const id = toHex(webCrypto.randomBytes(16))
    const path = `${id}.car`
    await this.dataDisk.replaceFile(path, bytes)
    const toc = { offset: Math.max(0, sizeBytes - 40), length: Math.min(40, sizeBytes) }
    return { pack: { id, redundancyClass, sizeBytes, toc, createdSeconds: 1_700_000_000 }, bytes, path }
  }

  /** Makes a pack, spreads it, and removes the source. */
  async spreadNew(sizeBytes: number, redundancyClass = 'standard'): Promise<{ pack: SealedPack; bytes: Uint8Array }> {
    const { pack, bytes, path } = await this.makePack(sizeBytes, redundancyClass)
    const { consumed } = await this.keeper.spread(pack, { disk: this.dataDisk, path })
    if (!consumed) await this.dataDisk.remove(path)
    return { pack, bytes }
  }
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) bytes.set(webCrypto.randomBytes(Math.min(65_536, length - at)), at)
  return bytes
}
