import { basename, resolve } from 'node:path'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { TransferProgress, TransferTotals } from '@holt/core/transfer.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { splitPath } from '@holt/tree/names.ts'
import type { Snapshot, TreeEntry, Volume } from '@holt/tree/types.ts'
import { existingEntries, isUnchanged, joinPath } from './existing-entries.ts'
import { FolderScans } from './folder-scans.ts'
import { type ImportedFile, importLarge } from './import-large.ts'
import { ImportProgress } from './import-progress.ts'
import { type SmallFile, SmallFileBatches, type StoreBatch } from './import-small.ts'
import type { LocalJobs } from './jobs.ts'
import { describeLocal, type LocalEntry } from './scan-folder.ts'
import { Slots } from './slots.ts'
import { emptyDirectory, UncommittedEntries } from './uncommitted-entries.ts'

export interface ImportOptions {
  /** Absolute local paths. */
  locals: readonly string[]
  path: string
  place: 'into' | 'as'
  randomAccess?: boolean
  signal?: AbortSignal
  onProgress?: (progress: TransferProgress) => void
}

export interface ImportContext {
  store: BlockStore
  volume: Volume
  pool: WorkPool<LocalJobs>
  crypto: Crypto
}

const LARGE_AT_ONCE = 4
/** Folders of few files would else cost a whole round to a worker each. */
const SCANS_AHEAD = 8

/** Copies local files and folders into a volume: reading, sealing and hashing in workers, this thread only coordinates. */
export class LocalImport {
  readonly #context: ImportContext
  readonly #options: ImportOptions
  readonly #slots: Slots
  readonly #folders: FolderScans
  readonly #small: SmallFileBatches
  readonly #progress: ImportProgress
  readonly #uncommitted = new UncommittedEntries()
  readonly #chunkLog2: 16 | 20
  readonly #signal: AbortSignal
  readonly #failure = new AbortController()
  readonly #inFlight = new Set<Promise<void>>()
  readonly #large = new Set<Promise<void>>()
  readonly #classes = new Map<string, string>()

  constructor(context: ImportContext, options: ImportOptions) {
    const { pool, store } = context
    this.#context = context
    this.#options = options
    this.#chunkLog2 = options.randomAccess === true ? 16 : 20
    this.#slots = new Slots(2 * pool.width + 2)
    this.#signal = options.signal === undefined ? this.#failure.signal : AbortSignal.any([options.signal, this.#failure.signal])
    this.#folders = new FolderScans((path) => pool.run('scanFolder', { path }, { signal: this.#signal }))
    const onFile = ({ local, directory, entry }: SmallFile, file: ImportedFile | string): void => {
      if (typeof file === 'string') return this.#progress.skip(local, file)
      this.#progress.doneBytes(file.sizeBytes)
      this.#finishFile(directory, entry, file)
    }
    this.#small = new SmallFileBatches({ store, pool, slots: this.#slots, signal: this.#signal, onFile })
    this.#progress = new ImportProgress(options.onProgress)
  }

  async run(): Promise<TransferTotals> {
    splitPath(this.#options.path)
    const session = this.#context.store.beginWriting()
    try {
      for (const local of this.#options.locals) await this.#importTop(resolve(local))
      this.#progress.scanned()
      await this.#startBatch(this.#small.take())
      await this.#drain()
      await this.#uncommitted.commit(this.#context.volume)
      return this.#progress.totals
    } catch (error) {
      await this.#stop()
      throw error
    } finally {
      session.end()
    }
  }

  /** After a failure or cancel: what is whole already is kept, so that the next try goes on from there. */
  async #stop(): Promise<void> {
    this.#failure.abort(new HoltError('CANCELLED', 'the import ended early'))
    await Promise.allSettled(this.#inFlight)
    await this.#uncommitted.commit(this.#context.volume).catch(() => {})
  }

  async #importTop(local: string): Promise<void> {
    const { path, place } = this.#options
    let entry: LocalEntry
    try {
      entry = describeLocal(local, basename(local))
    } catch (error) {
      throw new HoltError('NOT_FOUND', `${local}: no such file or folder here`, { path: local }, { cause: error })
    }
    const target = place === 'as' ? path : joinPath(path, entry.name)
    if (target === '/') {
      if (entry.kind !== 'd') throw new HoltError('IS_A_DIRECTORY', 'the top of the tree is a directory', { path: target })
      return this.#importFolder(local, '/', entry)
    }
    const slash = target.lastIndexOf('/')
    const directory = slash === 0 ? '/' : target.slice(0, slash)
    await this.#importEntry(
      local,
      directory,
      { ...entry, name: target.slice(slash + 1) },
      await existingEntries(this.#snapshot(), directory, [target.slice(slash + 1)]),
    )
  }

  #snapshot(): Snapshot {
    return this.#context.volume.current()
  }

  async #importEntry(local: string, directory: string, entry: LocalEntry, existing: Map<string, TreeEntry>): Promise<void> {
    this.#signal.throwIfAborted()
    this.#progress.foundItem()
    if (entry.kind === 'd') {
      await this.#putNow(directory, entry.name, emptyDirectory(entry))
      this.#progress.totals.directories++
      return this.#importFolder(local, joinPath(directory, entry.name), entry)
    }
    if (entry.kind === 'l') {
      this.#progress.totals.symlinks++
      return this.#putNow(directory, entry.name, { t: 'l', m: entry.mode, mt: entry.modified, to: entry.target })
    }
    if (entry.kind === 'other') return this.#progress.skip(local, 'not a file, folder or symlink')
    const known = existing.get(entry.name)
    if (known !== undefined && isUnchanged(known, entry)) {
      this.#progress.totals.unchanged++
      this.#progress.foundBytes(entry.sizeBytes)
      this.#progress.doneBytes(entry.sizeBytes)
      return this.#progress.report(joinPath(directory, entry.name))
    }
    this.#progress.foundBytes(entry.sizeBytes)
    if (entry.sizeBytes <= 2 ** this.#chunkLog2)
      await this.#startBatch(this.#small.add({ local, directory, entry }, await this.#classOf(directory)))
    else await this.#startLarge(local, directory, entry)
  }

  async #importFolder(local: string, path: string, self: LocalEntry): Promise<void> {
    this.#uncommitted.addDirectory(path, self)
    const { entries, skipped } = await this.#folders.take(local)
    for (const { name, reason } of skipped) this.#progress.skip(name === '' ? local : `${local}/${name}`, reason)
    const existing = await existingEntries(this.#snapshot(), path)
    for (const entry of entries) if (entry.kind !== 'd') await this.#importEntry(`${local}/${entry.name}`, path, entry, existing)
    const folders = entries.filter(({ kind }) => kind === 'd')
    for (const [index, entry] of folders.entries()) {
      for (const next of folders.slice(index, index + SCANS_AHEAD)) this.#folders.begin(`${local}/${next.name}`)
      await this.#importEntry(`${local}/${entry.name}`, path, entry, existing)
    }
  }

  async #startBatch(store: StoreBatch | null): Promise<void> {
    if (store === null) return
    const slot = await this.#slots.take()
    this.#start(store(slot))
    await this.#commitWhenMuch()
  }

  /** Lets work run beside the scan; its first failure ends the import. */
  #start(work: Promise<void>): void {
    const tracked = work.catch((error) => this.#failure.abort(error)).finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }

  async #classOf(directory: string): Promise<string> {
    const known = this.#classes.get(directory)
    if (known !== undefined) return known
    const found = await this.#snapshot()
      .redundancyClass(directory)
      .catch((error: unknown) => {
        // a directory of this import that is not committed yet has its nearest known parent's class
        if (isHoltError(error, 'NOT_FOUND') && directory !== '/')
          return this.#classOf(directory.slice(0, Math.max(1, directory.lastIndexOf('/'))))
        throw error
      })
    this.#classes.set(directory, found)
    return found
  }

  #finishFile(directory: string, local: LocalEntry, file: ImportedFile): void {
    const { totals } = this.#progress
    totals.files++
    totals.bytes += file.sizeBytes
    this.#uncommitted.add(directory, local.name, {
      t: 'f',
      m: local.mode,
      mt: local.modified,
      k: [file.key],
      r: file.root,
      z: file.sizeBytes,
      c: this.#chunkLog2,
      h: file.height,
    })
    this.#progress.report(joinPath(directory, local.name))
  }

  async #putNow(directory: string, name: string, entry: TreeEntry): Promise<void> {
    this.#uncommitted.add(directory, name, entry)
    await this.#commitWhenMuch()
  }

  /** Several at once, since a file of a few chunks alone does not keep all workers busy. */
  async #startLarge(local: string, directory: string, entry: LocalEntry): Promise<void> {
    while (this.#large.size >= LARGE_AT_ONCE) await Promise.race(this.#large)
    const work: Promise<void> = this.#importLarge(local, directory, entry).finally(() => this.#large.delete(work))
    this.#large.add(work)
    this.#start(work)
    await this.#commitWhenMuch()
  }

  async #importLarge(local: string, directory: string, entry: LocalEntry): Promise<void> {
    const { store, crypto, pool } = this.#context
    const imported = await importLarge(
      {
        store,
        crypto,
        pool,
        slots: this.#slots,
        signal: this.#signal,
        redundancyClass: await this.#classOf(directory),
        fail: (error) => this.#failure.abort(error),
        onBytes: (count) => {
          this.#progress.doneBytes(count)
          this.#progress.report(directory)
        },
      },
      { local, sizeBytes: entry.sizeBytes, chunkBytes: 2 ** this.#chunkLog2 },
    )
    if (typeof imported === 'string') this.#progress.skip(local, imported)
    else this.#finishFile(directory, entry, imported)
  }

  async #commitWhenMuch(): Promise<void> {
    if (!this.#uncommitted.areMany) return
    await this.#drain()
    await this.#uncommitted.commit(this.#context.volume)
  }

  async #drain(): Promise<void> {
    await Promise.all(this.#inFlight)
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason
    this.#options.signal?.throwIfAborted()
  }
}
