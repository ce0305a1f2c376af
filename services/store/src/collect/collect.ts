import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import type { BlockReader } from '../block-reader.ts'
import type { PackKeeper } from '../pack-keeper.ts'
import type { PackRegistry, PackState } from '../pack-registry.ts'
import { tocOf } from '../pack-tocs.ts'
import type { OpenPack, PackWriter } from '../pack-writer.ts'
import { copyLive } from './copy-live.ts'
import { LiveSet } from './live-set.ts'
import { planSweep, type Victim } from './sweep-plan.ts'

export interface CollectProgress {
  doneBytes: number
  totalBytes: number
  doneItems: number
  totalItems: number
}

export interface CollectOptions {
  /** Every block that anything needs, in any order; iterated once. */
  live: AsyncIterable<Cid[]>
  signal?: AbortSignal
  onProgress?(progress: CollectProgress): void
}

export interface CollectReport {
  /** What was removed less what was copied. */
  freedBytes: number
  movedBytes: number
  packsRemoved: number
}

/** What collecting needs of the store. */
export interface CollectContext {
  keeper: PackKeeper
  registry: PackRegistry
  reader: BlockReader
  packBytes: number
  /** Only packs sealed before this place in time may be given up. */
  sealedBefore: number
  /** A writer into packs of its own. */
  makeWriter(redundancyClass: string, onFull: (pack: OpenPack) => void): PackWriter
  /** Seals a pack and gives it to the keeper. */
  spread(pack: PackState): Promise<void>
  /** Takes a pack that is to be spread later. */
  handOver(pack: PackState): void
  /** Makes the newest heads durable in a newer pack and where a lost local disk does not matter. */
  keepHeads(): Promise<void>
  /** Makes durable that these packs are gone. */
  saveRemoval(): Promise<void>
}

/**
 * Frees what nothing needs: marks what is live, then gives up packs that are mostly dead, after their live blocks were copied into new
 * packs of the same class and these were spread. A power cut at any place leaves every live block in at least one pack.
 *
 * @throws HoltError CANCELLED, DISK_FULL, NOT_ENOUGH_DRIVES, STORE_FAILED: what was done so far stays done.
 */
export async function collect(context: CollectContext, options: CollectOptions): Promise<CollectReport> {
  const collection = new Collection(context, options)
  try {
    return await collection.run()
  } finally {
    collection.leave()
  }
}

class Collection {
  readonly #context: CollectContext
  readonly #options: CollectOptions
  readonly #report: CollectReport = { freedBytes: 0, movedBytes: 0, packsRemoved: 0 }
  readonly #progress: CollectProgress = { doneBytes: 0, totalBytes: 0, doneItems: 0, totalItems: 0 }
  /** Filled with copies; to be spread. */
  readonly #full: OpenPack[] = []
  /** Copied, but not yet all of it spread. */
  #copied: Victim[] = []
  #headsKept = false

  constructor(context: CollectContext, options: CollectOptions) {
    this.#context = context
    this.#options = options
  }

  async run(): Promise<CollectReport> {
    const { keeper, packBytes } = this.#context
    const live = await this.#mark()
    const candidates = this.#candidates()
    this.#advance({ totalItems: candidates.length })
    const victims = await planSweep(keeper, { candidates, live, packBytes, onLooked: (doneItems) => this.#advance({ doneItems }) })
    this.#advance({ totalBytes: victims.reduce((sum, { liveBytes }) => sum + liveBytes, 0) })
    await this.#giveUp(victims.filter(({ liveBlocks }) => liveBlocks === 0))
    const classes = new Set(victims.map(({ pack }) => pack.redundancyClass))
    for (const name of classes) {
      await this.#compact(
        name,
        victims.filter(({ pack, liveBlocks }) => liveBlocks > 0 && pack.redundancyClass === name),
      )
    }
    return this.#report
  }

  /** Copies that are not spread yet, because something failed, will be in time. */
  leave(): void {
    for (const pack of this.#full) this.#context.handOver(pack)
  }

  async #mark(): Promise<LiveSet> {
    const live = new LiveSet()
    const slice = new TimeSlice()
    for await (const cids of this.#options.live) {
      for (const cid of cids) live.add(cid)
      if (slice.isOver) await slice.next()
      this.#check()
    }
    return live
  }

  #candidates(): PackState[] {
    const { registry, keeper, sealedBefore } = this.#context
    const readable = new Set(keeper.packs().flatMap((pack) => (pack.presentFragments >= pack.dataFragments ? pack.id : [])))
    return registry
      .all()
      .filter((pack) => pack.sealed && pack.isSpread && !pack.log && pack.sealedTick < sealedBefore && readable.has(pack.id))
  }

  /** Each time a new pack is full and spread, the old ones that went into it wholly are given up: little more room is needed than one pack. */
  async #compact(redundancyClass: string, victims: readonly Victim[]): Promise<void> {
    const { keeper, reader, packBytes, makeWriter } = this.#context
    const writer = makeWriter(redundancyClass, (pack) => this.#full.push(pack))
    try {
      for (const victim of victims) {
        const toc = await tocOf(keeper, victim.pack)
        if (!toc || !(await copyLive(victim, toc, { reader, writer, packBytes, signal: this.#options.signal }))) continue
        this.#copied.push(victim)
        this.#report.movedBytes += victim.liveBytes
        this.#advance({ doneBytes: this.#progress.doneBytes + victim.liveBytes })
        if (this.#full.length > 0) await this.#spreadFull(writer.pack)
      }
    } finally {
      await writer.roll() // what was copied is of use, however this ended
    }
    await this.#spreadFull(null)
  }

  /** @param open may hold copies of the victim that was copied last. */
  async #spreadFull(open: OpenPack | null): Promise<void> {
    for (let pack = this.#full[0]; pack; pack = this.#full[0]) {
      await this.#context.spread(pack)
      this.#full.shift()
    }
    const last = open ? this.#copied.pop() : undefined
    await this.#giveUp(this.#copied)
    this.#copied = last ? [last] : []
  }

  async #giveUp(victims: readonly Victim[]): Promise<void> {
    if (victims.length === 0) return
    this.#check()
    const { registry, keeper, keepHeads, saveRemoval } = this.#context
    if (!this.#headsKept && victims.some(({ hasCommits }) => hasCommits)) {
      await keepHeads()
      this.#headsKept = true
    }
    for (const { pack } of victims) registry.remove(pack)
    try {
      await saveRemoval()
    } catch (error) {
      for (const { pack } of victims) registry.restore(pack)
      throw error
    }
    for (const { pack, liveBytes } of victims) {
      await keeper.drop(pack.id)
      this.#report.packsRemoved++
      this.#report.freedBytes += pack.sizeBytes - liveBytes
    }
  }

  #advance(change: Partial<CollectProgress>): void {
    Object.assign(this.#progress, change)
    this.#options.onProgress?.({ ...this.#progress })
  }

  #check(): void {
    if (this.#options.signal?.aborted) throw new HoltError('CANCELLED', 'collecting was cancelled')
  }
}
