import { HoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import type { BlockReader } from '../block-reader.ts'
import type { PackKeeper } from '../pack-keeper.ts'
import type { PackRegistry, PackState } from '../pack-registry.ts'
import { tocOf } from '../pack-tocs.ts'
import type { OpenPack, PackWriter } from '../pack-writer.ts'
import type { LiveBlocks } from '../types.ts'
import { copyPart } from './copy-part.ts'
import { LiveSet } from './live-set.ts'
import { type LookedAt, type Part, planSweep } from './sweep-plan.ts'

export interface CollectProgress {
  doneBytes: number
  totalBytes: number
  doneItems: number
  totalItems: number
}

export interface CollectOptions {
  /** Every block that anything needs, in any order, and the class it belongs in; iterated once. */
  live: AsyncIterable<LiveBlocks>
  /** Decides when one block is wanted in two classes; without, the first that was named holds. */
  isSafer?(one: string, other: string): boolean
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
 * Frees what nothing needs, and moves what belongs in another class: marks what is live, copies what strays into packs of its class, then
 * gives up packs that are mostly dead, after their live blocks were copied into new packs of the same class. No pack goes before the copies
 * are spread: a power cut at any place leaves every live block in at least one.
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
  #copied: LookedAt[] = []
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
    const plan = await planSweep(keeper, { candidates, live, packBytes, onLooked: (doneItems) => this.#advance({ doneItems }) })
    const { victims, straying } = plan
    const strays = straying.flatMap((one) => [...one.strays.values()])
    this.#advance({ totalBytes: bytesOf(victims.map((victim) => victim.live)) + bytesOf(strays) })
    await this.#giveUp(victims.filter(({ live, strays }) => live.blocks === 0 && strays.size === 0))
    const kept = await this.#moveStrays(straying, new Set(victims))
    const worn = victims.filter((victim) => victim.live.blocks > 0 && !kept.has(victim))
    for (const name of new Set(worn.map(({ pack }) => pack.redundancyClass))) {
      await this.#compact(
        name,
        worn.filter(({ pack }) => pack.redundancyClass === name),
      )
    }
    return this.#report
  }

  /** Copies that are not spread yet, because something failed, will be in time. */
  leave(): void {
    for (const pack of this.#full) this.#context.handOver(pack)
  }

  async #mark(): Promise<LiveSet> {
    const live = new LiveSet(this.#options.isSafer ?? (() => false))
    const slice = new TimeSlice()
    for await (const { cids, redundancyClass } of this.#options.live) {
      for (const cid of cids) live.add(cid, redundancyClass)
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

  /**
   * About a pack's worth at a time, so that little more room is needed than that.
   *
   * @param victims packs to give up, at once where nothing is left in them.
   * @returns those that must be kept, since something in them cannot be read now.
   */
  async #moveStrays(straying: readonly LookedAt[], victims: ReadonlySet<LookedAt>): Promise<Set<LookedAt>> {
    const kept = new Set<LookedAt>()
    for (const round of roundsOf(straying, this.#context.packBytes)) {
      const classes = new Set(round.flatMap(({ strays }) => [...strays.keys()]))
      for (const name of classes) for (const one of await this.#moveInto(name, round)) kept.add(one)
      await this.#spreadFull(null)
      await this.#giveUp(round.filter((one) => victims.has(one) && one.live.blocks === 0 && !kept.has(one)))
    }
    return kept
  }

  /** @returns those of which something cannot be read. */
  async #moveInto(redundancyClass: string, round: readonly LookedAt[]): Promise<LookedAt[]> {
    const writer = this.#writer(redundancyClass)
    const unreadable: LookedAt[] = []
    try {
      for (const one of round) {
        const part = one.strays.get(redundancyClass)
        if (part !== undefined && !(await this.#copy(one, part, writer))) unreadable.push(one)
      }
    } finally {
      await writer.roll() // what was copied is of use, however this ended
    }
    return unreadable
  }

  /** @returns false when something in it cannot be read. */
  async #copy({ pack }: LookedAt, part: Part, writer: PackWriter): Promise<boolean> {
    const { keeper, reader, packBytes } = this.#context
    const toc = await tocOf(keeper, pack)
    if (!toc || !(await copyPart(part, { pack, toc }, { reader, writer, packBytes, signal: this.#options.signal }))) return false
    this.#report.movedBytes += part.bytes
    this.#advance({ doneBytes: this.#progress.doneBytes + part.bytes })
    return true
  }

  #writer(redundancyClass: string): PackWriter {
    return this.#context.makeWriter(redundancyClass, (pack) => this.#full.push(pack))
  }

  /** Each time a new pack is full and spread, the old ones that went into it wholly are given up: little more room is needed than one pack. */
  async #compact(redundancyClass: string, victims: readonly LookedAt[]): Promise<void> {
    const writer = this.#writer(redundancyClass)
    try {
      for (const victim of victims) {
        if (!(await this.#copy(victim, victim.live, writer))) continue
        this.#copied.push(victim)
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

  async #giveUp(victims: readonly LookedAt[]): Promise<void> {
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
    for (const { pack, live, strays } of victims) {
      await keeper.drop(pack.id)
      this.#report.packsRemoved++
      this.#report.freedBytes += pack.sizeBytes - bytesOf([live, ...strays.values()])
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

function bytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Packs in their order, together until so much strays in them. */
function roundsOf(straying: readonly LookedAt[], roundBytes: number): LookedAt[][] {
  const rounds: LookedAt[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const one of straying) {
    if (bytes >= roundBytes) {
      rounds.push([])
      bytes = 0
    }
    rounds.at(-1)?.push(one)
    bytes += bytesOf([...one.strays.values()])
  }
  return rounds
}
