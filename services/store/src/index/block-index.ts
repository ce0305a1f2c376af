import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { BlockLocation } from './block-location.ts'
import { BlockTable, ENTRY_WORDS, keyWords } from './block-table.ts'
import { IndexRun } from './index-run.ts'
import { mergeRuns } from './merge-runs.ts'
import type { RunDescriptor } from './run-format.ts'
import { RunWriter } from './run-writer.ts'

export const INDEX_FOLDER = 'index'

/** Entries in memory before they are written as a run: about 2 MB, sorted in some 10 ms. */
const TABLE_ENTRIES = 1 << 15

/** So many full tables may wait to be written before `keepUp` waits. */
const TABLES_BEHIND = 3

/** So many runs of about one size are merged into one; sizes differ by this factor from tier to tier. */
const RUNS_PER_TIER = 4
const SMALLEST_TIER_ENTRIES = 1 << 12

export interface BlockIndexOptions {
  disk: Disk
  isPackThere(pack: number): boolean
  /** Makes the list of runs durable, with what belongs to it. */
  save(runs: readonly RunDescriptor[]): Promise<void>
  /**
   * A run turned out to be damaged and was left out: the blocks of these packs must be added again. From the call on, and not only
   * when it resolves, `save` must not list them as indexed.
   */
  reindex(packs: { first: number; last: number }): Promise<void>
  tableEntries?: number
}

/**
 * Where each block lies. Derived data: everything in it is in the packs' tables of contents too.
 *
 * Recent blocks are in tables in memory, older ones in sorted runs on disk, merged tier by tier (a log-structured merge tree). Own code,
 * because what an embedded store does besides (a write-ahead log, deletion, recovery, values of any size, a cache) is not needed for facts
 * that never change and can be read again: this needs no fsync per commit, no native code on any platform, 28 bytes per block on disk,
 * one and a half in memory, and a lookup is one read of 4 KiB. `test/bench/index-store.ts` measures it against classic-level and lmdb.
 */
export class BlockIndex {
  readonly #options: BlockIndexOptions
  readonly #ending = new AbortController()
  #runs: IndexRun[] = []
  #nextRun = 0
  #table = new BlockTable()
  #tableNumber = 1
  /** Full tables that are not written yet, oldest first. */
  #frozen: BlockTable[] = []
  #writing: Promise<void> | null = null
  #reindexing: Promise<void> | null = null

  constructor(options: BlockIndexOptions) {
    this.#options = options
  }

  /** Opens the runs of the manifest. @returns the packs whose blocks must be added again, by number. */
  async open(descriptors: readonly RunDescriptor[]): Promise<{ first: number; last: number }[]> {
    const damaged = []
    for (const descriptor of descriptors) {
      const run = await IndexRun.open(this.#options.disk, pathOf(descriptor.name), descriptor)
      if (run) this.#runs.push(run)
      else damaged.push({ first: descriptor.firstPack, last: descriptor.lastPack })
      this.#nextRun = Math.max(this.#nextRun, Number(descriptor.name) + 1)
    }
    await this.#removeOthers()
    return damaged
  }

  /** The table that `add` adds to; numbers grow. */
  get tableNumber(): number {
    return this.#tableNumber
  }

  /** Tables up to this one are in runs of which `save` was told. */
  get writtenTable(): number {
    return this.#tableNumber - 1 - this.#frozen.length
  }

  get memoryEntries(): number {
    return this.#frozen.reduce((sum, table) => sum + table.count, this.#table.count)
  }

  add(digest: Uint8Array, location: BlockLocation): void {
    this.#table.add(digest, location)
    if (this.#table.count >= (this.#options.tableEntries ?? TABLE_ENTRIES)) this.#freeze()
  }

  /**
   * Places listed for the block, of packs that are there. Some may be stale, or of a block whose digest only begins alike.
   *
   * @param options `all`: every place; else the search ends at the first table or run that has one.
   */
  async find(digest: Uint8Array, options: { all?: boolean } = {}): Promise<BlockLocation[]> {
    const key = keyWords(digest)
    for (;;) {
      const reindexing = this.#reindexing
      const found = await this.#search(key, options.all ?? false)
      if (found !== null && (found.length > 0 || !reindexing)) return found
      await this.#reindexing
    }
  }

  /** To be awaited now and then by who adds very many: resolves when memory does not hold more than it should. */
  async keepUp(): Promise<void> {
    if (this.#frozen.length > TABLES_BEHIND) await this.#writing
  }

  /** Writes what is in memory to disk and merges what is due; resolves when both are done. */
  async flush(): Promise<void> {
    if (this.#table.count > 0) this.#freeze()
    else this.#startWriting()
    await this.#writing
  }

  /** Reads every run and checks it; damaged ones are left out and their blocks added again. @returns how many were damaged. */
  async verify(options: { signal?: AbortSignal } = {}): Promise<number> {
    let damaged = 0
    for (const run of this.#runs) {
      for await (const entries of run.entries()) {
        if (options.signal?.aborted) return damaged
        if (entries || !this.#runs.includes(run)) continue
        damaged++
        await this.#leaveOut(run)
      }
    }
    return damaged
  }

  async close(): Promise<void> {
    this.#ending.abort()
    await this.#writing
    for (const run of this.#runs) await run.close()
  }

  /** @returns null when a damaged run was met and left out: search again after that. */
  async #search(key: Uint32Array, all: boolean): Promise<BlockLocation[] | null> {
    const found: BlockLocation[] = []
    const isEnough = (): boolean => {
      for (let i = found.length - 1; i >= 0; i--) if (!this.#options.isPackThere((found[i] as BlockLocation).pack)) found.splice(i, 1)
      return found.length > 0 && !all
    }
    for (const table of [this.#table, ...this.#frozen]) table.find(key, found)
    if (isEnough()) return found
    const runs = this.#runs
    for (let i = runs.length - 1; i >= 0; i--) {
      const run = runs[i] as IndexRun
      if (!run.mayHave(key)) continue
      if (!(await run.find(key, found))) {
        void this.#leaveOut(run)
        return null
      }
      if (isEnough()) return found
    }
    return found
  }

  #freeze(): void {
    this.#frozen.push(this.#table)
    this.#table = new BlockTable()
    this.#tableNumber++
    this.#startWriting()
  }

  #startWriting(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
  }

  /** A failure is no harm but for the memory: what is not written is tried again with the next table, or read from the packs. */
  async #write(): Promise<void> {
    try {
      for (let table = this.#frozen[0]; table; table = this.#frozen[0]) await this.#writeTable(table)
      for (let due = this.#dueForMerge(); due; due = this.#dueForMerge()) await this.#merge(due)
    } catch (error) {
      if (!isHoltError(error)) throw error
    }
  }

  async #writeTable(table: BlockTable): Promise<void> {
    const entries = table.sorted()
    const run = await this.#writeRun(table.count, async (writer) => {
      for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
        if (writer.isFull) await writer.flush()
        writer.add(entries, at)
      }
      return true
    })
    if (run) await this.#replaceRuns([], run, () => this.#frozen.shift())
  }

  /** The newest runs of one tier, when there are enough. */
  #dueForMerge(): IndexRun[] | null {
    const tiers = new Map<number, IndexRun[]>()
    for (const run of this.#runs) {
      const tier = Math.max(0, Math.floor(Math.log(run.descriptor.entries / SMALLEST_TIER_ENTRIES) / Math.log(RUNS_PER_TIER)))
      tiers.set(tier, [...(tiers.get(tier) ?? []), run])
    }
    return [...tiers.values()].find((runs) => runs.length >= RUNS_PER_TIER) ?? null
  }

  async #merge(runs: readonly IndexRun[]): Promise<void> {
    const options = { isPackThere: this.#options.isPackThere, signal: this.#ending.signal }
    const expected = runs.reduce((sum, run) => sum + run.descriptor.entries, 0)
    let damaged: IndexRun | null = null
    const merged = await this.#writeRun(expected, async (writer) => {
      damaged = await mergeRuns(runs, writer, options)
      return damaged === null
    })
    if (damaged)
      void this.#leaveOut(damaged) // not awaited: adding blocks again waits for this writing
    else await this.#replaceRuns(runs, merged)
  }

  /** @returns null when `fill` says no, or nothing was left to write. */
  async #writeRun(expectedEntries: number, fill: (writer: RunWriter) => Promise<boolean>): Promise<IndexRun | null> {
    const { disk } = this.#options
    const name = String(this.#nextRun++)
    const writer = await RunWriter.create(disk, pathOf(name), expectedEntries)
    try {
      if (await fill(writer)) {
        const descriptor = { name, ...(await writer.finish()) }
        await disk.syncFolder(INDEX_FOLDER)
        if (descriptor.entries > 0) return await IndexRun.open(disk, pathOf(name), descriptor)
      }
    } catch (error) {
      await writer.abandon()
      throw error
    }
    await writer.abandon()
    return null
  }

  /** @param before done together with the change, so that no search sees one without the other. */
  async #replaceRuns(old: readonly IndexRun[], next: IndexRun | null, before?: () => void): Promise<void> {
    before?.()
    this.#runs = this.#runs.filter((run) => !old.includes(run))
    if (next) this.#runs = [...this.#runs, next]
    await this.#options.save(this.#runs.map(({ descriptor }) => descriptor))
    for (const run of old) await this.#remove(run)
  }

  async #remove(run: IndexRun): Promise<void> {
    await run.close()
    await this.#options.disk.remove(pathOf(run.descriptor.name))
  }

  /** Does without a damaged run, and has its blocks added again; searches that find nothing wait for that. */
  #leaveOut(run: IndexRun): Promise<void> {
    if (!this.#runs.includes(run)) return this.#reindexing ?? Promise.resolve()
    this.#runs = this.#runs.filter((other) => other !== run)
    const { firstPack, lastPack } = run.descriptor
    const work = Promise.all([this.#reindexing, this.#options.reindex({ first: firstPack, last: lastPack })])
      .then(() => this.#remove(run))
      .finally(() => {
        if (this.#reindexing === work) this.#reindexing = null
      })
    work.catch(() => {}) // those who wait for it are told
    this.#reindexing = work
    return work
  }

  /** What a crash left behind. */
  async #removeOthers(): Promise<void> {
    const { disk } = this.#options
    const known = new Set(this.#runs.map(({ descriptor }) => pathOf(descriptor.name)))
    for (const name of (await disk.list(INDEX_FOLDER)) ?? []) {
      const path = `${INDEX_FOLDER}/${name}`
      if (name.startsWith('run-') && !known.has(path)) await disk.remove(path)
    }
  }
}

function pathOf(run: string): string {
  return `${INDEX_FOLDER}/run-${run}`
}
