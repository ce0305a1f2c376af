import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import type { PackId } from '../pack-keeper.ts'
import type { KeeperContext } from './keeper-context.ts'
import { lackingIndices, mendPack } from './mend-pack.ts'
import { type KnownPack, spareOf } from './pack-table.ts'
import { SomeAtOnce } from './some-at-once.ts'
import { isUntidy } from './tidy-pack.ts'

/** A restart of a drive's cable, hub or power must not start a repair, which costs far more than waiting. */
export const MISSING_GRACE_MS = 10 * 60_000
/** When background repair looks again without being asked. */
const ROUND_MS = 60_000
/** While one pack is made durable the next one comes. Each has some MiB in memory. */
const FETCHED_AT_ONCE = 2

export interface RepairProgress {
  doneItems: number
  totalItems: number
  doneBytes: number
  totalBytes: number
}

export interface RepairOptions {
  signal?: AbortSignal
  onProgress?: (progress: RepairProgress) => void
}

export interface RepairReport {
  rebuiltFragments: number
  /** Drives whose marker was damaged and is whole again. */
  mendedMarkers: string[]
  /** Packs that still lack fragments: too few drives have room. */
  degraded: PackId[]
  /** Packs with fewer than k fragments left. */
  lost: PackId[]
}

/** Makes fragments anew: all that lack now, when asked; by itself shortly after something was noticed. */
export class Repair {
  readonly #context: KeeperContext
  readonly #pace: ((bytes: number) => Promise<void>) | undefined
  #running: Promise<unknown> = Promise.resolve()
  #isBackground = false
  /** Stops the background's work that runs now. */
  #look: AbortController | null = null
  #callOff: (() => void) | null = null

  constructor(context: KeeperContext, pace?: (bytes: number) => Promise<void>) {
    this.#context = context
    this.#pace = pace
  }

  /** Mends every pack that can be mended, the most endangered first. @throws HoltError CANCELLED; what was mended stays so. */
  async run(options: RepairOptions = {}): Promise<RepairReport> {
    this.#look?.abort() // what it was at is among what is done now
    return await this.#alone(() => this.#mendAll({ ...options, graceMs: 0 }))
  }

  /** From now on works by itself. */
  start(): void {
    this.#isBackground = true
    this.#context.repairs.onAdd = () => this.#lookSoon(0)
    this.#lookSoon(0)
  }

  /** Resolves when nothing runs any more; to be called when those who called `run` have cancelled it. */
  async stop(): Promise<void> {
    this.#isBackground = false
    this.#context.repairs.onAdd = () => {}
    this.#callOff?.()
    this.#look?.abort()
    await this.#running
  }

  #alone<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#running.then(action)
    this.#running = result.catch(() => {})
    return result
  }

  #lookSoon(delayMs: number): void {
    if (!this.#isBackground) return
    this.#callOff?.()
    this.#callOff = this.#context.clock.after(delayMs, () => {
      this.#callOff = null
      void this.#alone(() => this.#lookNow())
    })
  }

  async #lookNow(): Promise<void> {
    if (!this.#isBackground) return
    const { signal } = (this.#look = new AbortController())
    try {
      const { rebuiltFragments } = await this.#mendAll({ signal, graceMs: MISSING_GRACE_MS })
      if (rebuiltFragments > 0) this.#context.emit({ kind: 'repair', text: `${rebuiltFragments} fragments were made anew` })
    } catch (error) {
      if (!signal.aborted) this.#context.emit({ kind: 'repair', text: `repair stopped: ${toHoltError(error).message}` })
    }
    this.#look = null
    if (this.#callOff !== null) return
    this.#context.repairs.isAnyWanting = true
    this.#lookSoon(ROUND_MS)
  }

  /** Those that were noticed, or looks at all; the most endangered first. */
  async #wanting(graceMs: number): Promise<KnownPack[]> {
    const { table, repairs } = this.#context
    const ids = new Set([...repairs.suspects, ...repairs.endangered])
    for (const id of ids) if (table.get(id) === undefined) repairs.forget(id)
    const noticed = [...ids].flatMap((id) => table.get(id) ?? [])
    if (!repairs.isAnyWanting && graceMs > 0) return mostEndangeredFirst(noticed)
    repairs.isAnyWanting = false
    const slice = new TimeSlice()
    const wanting = new Set(noticed)
    for (const pack of table.all()) {
      if (isUntidy(pack) || lackingIndices(this.#context, pack.main, graceMs).length > 0) wanting.add(pack)
      if (slice.isOver) await slice.next()
    }
    return mostEndangeredFirst([...wanting])
  }

  /** @returns the drives whose marker was written anew. */
  async #lookAtDrives(): Promise<string[]> {
    const mended = this.#context.holders.map(async (holder) => {
      await holder.check()
      const isMended = await holder.mendMarker().catch(() => false) // `problem` goes on saying so
      return isMended ? [holder.id] : []
    })
    return (await Promise.all(mended)).flat()
  }

  async #mendAll({ graceMs, signal, onProgress }: RepairOptions & { graceMs: number }): Promise<RepairReport> {
    const mendedMarkers = await this.#lookAtDrives()
    const packs = await this.#wanting(graceMs)
    const report: RepairReport = { rebuiltFragments: 0, mendedMarkers, degraded: [], lost: [] }
    const slice = new TimeSlice()
    const progress = {
      doneItems: 0,
      totalItems: packs.length,
      doneBytes: 0,
      totalBytes: packs.reduce((sum, { main }) => sum + main.spread.sizeBytes, 0),
    }
    const mend = async (pack: KnownPack): Promise<void> => {
      const { rebuilt, lacking, isLost } = await mendPack(this.#context, pack.id, { graceMs, signal, pace: this.#pace })
      report.rebuiltFragments += rebuilt
      if (isLost) report.lost.push(pack.id)
      else if (lacking > 0) report.degraded.push(pack.id)
      progress.doneItems++
      progress.doneBytes += pack.main.spread.sizeBytes
      onProgress?.({ ...progress })
    }
    const fetching = new SomeAtOnce(FETCHED_AT_ONCE)
    try {
      for (const pack of packs) {
        if (signal?.aborted) throw new HoltError('CANCELLED', 'the repair was cancelled')
        // what comes from others waits for them, and for drives in between
        if (pack.main.homes.length === 0 && this.#context.elsewhere?.has(pack.id) === true) await fetching.begin(() => mend(pack))
        else await mend(pack)
        if (slice.isOver) await slice.next()
      }
    } finally {
      await fetching.end()
    }
    return report
  }
}

function mostEndangeredFirst(packs: readonly KnownPack[]): KnownPack[] {
  const spares = new Map(packs.map((pack) => [pack, spareOf(pack.main)]))
  return [...packs].sort((a, b) => (spares.get(a) as number) - (spares.get(b) as number))
}
