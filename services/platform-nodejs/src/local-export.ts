import { lstat, lutimes, mkdir, rm, stat, symlink, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { TransferProgress, TransferTotals } from '@holt/core/transfer.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import type { FileEntry, Snapshot, TreeEntry } from '@holt/tree/types.ts'
import { joinPath } from './existing-entries.ts'
import { exportLarge } from './export-large.ts'
import { inParallel } from './in-parallel.ts'
import type { LocalJobs } from './jobs.ts'
import { fetchInto, finishLocal, isThere, localError, openLocal, restoreDirectory } from './local-target.ts'
import { type OpenPiece, secondsOf } from './open-jobs.ts'

export interface ExportOptions {
  path: string
  local: string
  signal?: AbortSignal
  onProgress?: (progress: TransferProgress) => void
}

interface Waiting {
  path: string
  local: string
  entry: FileEntry
}

const BATCH_FILES = 128
const BATCH_BYTES = 4 * 1024 * 1024
const MAX_HOLDBACK = 4
const LARGE_AT_ONCE = 4

/** Copies a snapshot's files out to local paths; workers read, check, open and write, this thread only coordinates. */
export class LocalExport {
  readonly #store: BlockStore
  readonly #snapshot: Snapshot
  readonly #pool: WorkPool<LocalJobs>
  readonly #options: ExportOptions
  readonly #inFlight = new Set<Promise<void>>()
  readonly #large = new Set<Promise<void>>()
  readonly #directories: { local: string; entry: TreeEntry }[] = []
  #batch: Waiting[] = []
  #batchBytes = 0
  #failure: Error | null = null
  #doneBytes = 0
  #measured: { bytes: number; items: number } | null = null
  #isOver = false
  readonly totals: TransferTotals = { files: 0, directories: 0, symlinks: 0, bytes: 0, unchanged: 0, skipped: [] }

  constructor(context: { store: BlockStore; snapshot: Snapshot; pool: WorkPool<LocalJobs> }, options: ExportOptions) {
    this.#store = context.store
    this.#snapshot = context.snapshot
    this.#pool = context.pool
    this.#options = options
  }

  async run(): Promise<TransferTotals> {
    const { path, local } = this.#options
    const entry = await this.#snapshot.stat(path)
    if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
    const into = await stat(local)
      .then((stats) => stats.isDirectory())
      .catch(() => false)
    const target = into && path !== '/' ? join(local, basename(path)) : local
    // What cannot be listed is reported by the walk itself.
    if (this.#options.onProgress !== undefined) this.#measure(path, entry).catch(() => {})
    try {
      await this.#exportEntry(path, target, entry)
      await this.#sendBatch()
    } finally {
      this.#isOver = true
      await Promise.allSettled(this.#large)
      await Promise.allSettled(this.#inFlight)
    }
    if (this.#failure !== null) throw this.#failure
    for (const directory of this.#directories.reverse()) await restoreDirectory(directory.local, directory.entry)
    return this.totals
  }

  async #exportEntry(path: string, local: string, entry: TreeEntry): Promise<void> {
    this.#options.signal?.throwIfAborted()
    if (this.#failure !== null) throw this.#failure
    if (entry.t === 'l') return this.#exportSymlink(local, entry)
    if (entry.t === 'f') return this.#exportFile({ path, local, entry })
    return this.#exportDirectory(path, local, entry)
  }

  async #exportDirectory(path: string, local: string, entry: TreeEntry): Promise<void> {
    await mkdir(local, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await lstat(local)).isDirectory()) throw localError(error, local)
    })
    this.#directories.push({ local, entry })
    this.totals.directories++
    let after: string | undefined
    for (;;) {
      const page = await this.#listOrSkip(path, entry, after)
      if (page === null) return
      for (const child of page.entries) await this.#exportEntry(joinPath(path, child.name), join(local, child.name), child.entry)
      if (!page.more) return
      after = page.entries.at(-1)?.name
    }
  }

  async #listOrSkip(path: string, entry: TreeEntry, after: string | undefined) {
    const options = { after, limit: 1000 }
    try {
      return entry.t === 'd' ? await this.#snapshot.listEntry(entry, options) : await this.#snapshot.list(path, options)
    } catch (error) {
      this.#skip(path, error)
      return null
    }
  }

  async #exportSymlink(local: string, entry: TreeEntry & { t: 'l' }): Promise<void> {
    await unlink(local).catch(() => {})
    await symlink(entry.to, local).catch((error) => Promise.reject(localError(error, local)))
    await lutimes(local, secondsOf(entry.mt), secondsOf(entry.mt))
    this.totals.symlinks++
  }

  async #exportFile(file: Waiting): Promise<void> {
    if (await isThere(file.local, file.entry)) {
      this.totals.unchanged++
      this.#doneBytes += file.entry.z
      return this.#report(file.path)
    }
    if (file.entry.h > 0) return this.#startLarge(file)
    this.#batch.push(file)
    this.#batchBytes += file.entry.z
    if (this.#batch.length >= BATCH_FILES || this.#batchBytes >= BATCH_BYTES) await this.#sendBatch()
  }

  async #sendBatch(): Promise<void> {
    const files = this.#batch
    this.#batch = []
    this.#batchBytes = 0
    if (files.length > 0) await this.#start(() => this.#openBatch(files))
  }

  /** Starts work beside the walk, no more than the workers can take. */
  async #start(work: () => Promise<void>): Promise<void> {
    while (this.#inFlight.size >= this.#pool.width + MAX_HOLDBACK) await Promise.race(this.#inFlight)
    const tracked: Promise<void> = work()
      .catch((error) => {
        this.#failure ??= toHoltError(error)
      })
      .finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }

  async #openBatch(files: Waiting[]): Promise<void> {
    const input = await Promise.all(
      files.map(async ({ local, entry }) => {
        const place = entry.r === null ? null : await this.#store.place(entry.r)
        const pieces: OpenPiece[] = entry.r === null || place === null ? [] : [{ cid: entry.r, place, fileOffset: 0, lengthBytes: entry.z }]
        return { local, mode: entry.m, modified: entry.mt, sizeBytes: entry.z, keys: entry.k, pieces }
      }),
    )
    const { results } = await this.#pool.run('openFiles', { files: input }, { signal: this.#options.signal })
    const slow: Waiting[] = []
    for (const [index, file] of files.entries()) {
      const result = results[index]
      if (typeof result === 'string') throw localError({ code: result }, file.local)
      const whole = result === null && (file.entry.r === null || input[index]?.pieces.length === 1)
      if (whole) this.#count(file)
      else slow.push(file)
    }
    await inParallel(slow, (file) => this.#fetchWhole(file))
  }

  #count({ path, entry }: Waiting): void {
    this.totals.files++
    this.totals.bytes += entry.z
    this.#doneBytes += entry.h > 0 ? 0 : entry.z
    this.#report(path)
  }

  #report(path: string): void {
    const { files, symlinks, directories, unchanged } = this.totals
    this.#options.onProgress?.({
      phase: 'get',
      doneBytes: this.#doneBytes,
      totalBytes: this.#measured?.bytes ?? 0,
      doneItems: files + symlinks + directories + unchanged,
      totalItems: this.#measured?.items ?? 0,
      path,
    })
  }

  /** For those who watch: how much it will be. The nodes it reads are the ones the walk needs next. */
  async #measure(path: string, entry: TreeEntry): Promise<void> {
    const found = { bytes: 0, items: 0 }
    const add = async (at: string, counted: TreeEntry): Promise<void> => {
      found.items++
      if (counted.t === 'f') found.bytes += counted.z
      if (counted.t !== 'd') return
      for (let after: string | undefined, more = true; more && !this.#isOver; ) {
        const page = await this.#snapshot.list(at, { after, limit: 1000 })
        for (const child of page.entries) await add(joinPath(at, child.name), child.entry)
        after = page.entries.at(-1)?.name
        more = page.more
      }
    }
    await add(path, entry)
    this.#measured = found
  }

  #skip(path: string, error: unknown): void {
    const { code, message } = toHoltError(error)
    if (code === 'CANCELLED') throw error
    this.totals.skipped.push({ path, reason: `${code}: ${message}` })
  }

  /** The slow way, through the store, which rebuilds what is missing. */
  async #fetchWhole(file: Waiting): Promise<void> {
    try {
      const source = this.#snapshot.openEntry(file.entry)
      const target = await openLocal(file.local)
      try {
        await fetchInto(source, target, { offset: 0, lengthBytes: file.entry.z })
        await finishLocal(target, file.entry)
      } finally {
        await target.close()
      }
      this.#count(file)
    } catch (error) {
      await rm(file.local, { force: true })
      this.#skip(file.path, error)
    }
  }

  /** Several at once, since a file of a few chunks alone does not keep all workers busy. */
  async #startLarge(file: Waiting): Promise<void> {
    while (this.#large.size >= LARGE_AT_ONCE) await Promise.race(this.#large)
    const work: Promise<void> = this.#exportLarge(file)
      .catch((error) => {
        this.#failure ??= toHoltError(error)
      })
      .finally(() => this.#large.delete(work))
    this.#large.add(work)
  }

  async #exportLarge(file: Waiting): Promise<void> {
    try {
      await exportLarge(
        {
          store: this.#store,
          source: this.#snapshot.openEntry(file.entry),
          pool: this.#pool,
          signal: this.#options.signal,
          start: (work) => this.#start(work),
          onBytes: (count) => {
            this.#doneBytes += count
            this.#report(file.path)
          },
        },
        file,
      )
      this.#count(file)
    } catch (error) {
      await rm(file.local, { force: true })
      this.#skip(file.path, error)
    }
  }
}
