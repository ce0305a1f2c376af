import { randomBytes } from 'node:crypto'
import { basename, resolve } from 'node:path'
import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { splitPath } from '@holt/tree/names.ts'
import type { Snapshot, TreeEntry, Volume } from '@holt/tree/types.ts'
import { existingEntries, isUnchanged, joinPath } from './existing-entries.ts'
import { FolderScans } from './folder-scans.ts'
import { type ImportedFile, importLarge } from './import-large.ts'
import type { LocalJobs } from './jobs.ts'
import type { SealedSmallFile, SealFilesInput } from './read-jobs.ts'
import { describeLocal, type LocalEntry } from './scan-folder.ts'
import { sectionLength, unpackBlocks } from './seal-into-slot.ts'
import { SLOT_BYTES, Slots } from './slots.ts'
import type { TransferProgress, TransferTotals } from '@holt/core/transfer.ts'

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

/** A batch of small files fills one slot at most. */
const BATCH_FILES = 256
/** Entries wait in memory until so many, or so many bytes, are there; then they are committed. So a broken-off import resumes. */
const COMMIT_ENTRIES = 20_000
const COMMIT_BYTES = 2 ** 30
const LARGE_AT_ONCE = 4
/** Folders of few files would else cost a whole round to a worker each. */
const SCANS_AHEAD = 8

interface SmallFile {
  local: string
  directory: string
  entry: LocalEntry
}

/** Copies local files and folders into a volume: reading, sealing and hashing in workers, this thread only coordinates. */
export class LocalImport {
  readonly #context: ImportContext
  readonly #options: ImportOptions
  readonly #slots: Slots
  readonly #folders: FolderScans
  readonly #chunkLog2: 16 | 20
  readonly #signal: AbortSignal
  readonly #failure = new AbortController()
  readonly #inFlight = new Set<Promise<void>>()
  readonly #large = new Set<Promise<void>>()
  readonly #finished = new Map<string, { name: string; entry: TreeEntry }[]>()
  readonly #directoryTimes: { path: string; entry: LocalEntry }[] = []
  readonly #classes = new Map<string, string>()
  #batch: SmallFile[] = []
  #batchBytes = 0
  #batchClass = ''
  #uncommittedEntries = 0
  #uncommittedBytes = 0
  #foundBytes = 0
  #foundItems = 0
  #doneBytes = 0
  #scanned = false
  readonly totals: TransferTotals = { files: 0, directories: 0, symlinks: 0, bytes: 0, unchanged: 0, skipped: [] }

  constructor(context: ImportContext, options: ImportOptions) {
    this.#context = context
    this.#options = options
    this.#chunkLog2 = options.randomAccess === true ? 16 : 20
    this.#slots = new Slots(2 * context.pool.width + 2)
    this.#folders = new FolderScans((path) => context.pool.run('scanFolder', { path }, { signal: this.#signal }))
    this.#signal = options.signal === undefined ? this.#failure.signal : AbortSignal.any([options.signal, this.#failure.signal])
  }

  async run(): Promise<TransferTotals> {
    splitPath(this.#options.path)
    const session = this.#context.store.beginWriting()
    try {
      for (const local of this.#options.locals) await this.#importTop(resolve(local))
      this.#scanned = true
      await this.#sendBatch()
      await this.#drain()
      await this.#commit()
      return this.totals
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
    await this.#commit().catch(() => {})
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
    this.#foundItems++
    if (entry.kind === 'd') {
      await this.#putNow(directory, entry.name, { t: 'd', m: entry.mode, mt: entry.modified, k: [randomBytes32()], r: null })
      this.totals.directories++
      return this.#importFolder(local, joinPath(directory, entry.name), entry)
    }
    if (entry.kind === 'l') {
      this.totals.symlinks++
      return this.#putNow(directory, entry.name, { t: 'l', m: entry.mode, mt: entry.modified, to: entry.target })
    }
    if (entry.kind === 'other') return this.#skip(local, 'not a file, folder or symlink')
    const known = existing.get(entry.name)
    if (known !== undefined && isUnchanged(known, entry)) {
      this.totals.unchanged++
      this.#foundBytes += entry.sizeBytes
      this.#doneBytes += entry.sizeBytes
      return this.#report(joinPath(directory, entry.name))
    }
    this.#foundBytes += entry.sizeBytes
    if (entry.sizeBytes <= 2 ** this.#chunkLog2) await this.#addToBatch({ local, directory, entry })
    else await this.#startLarge(local, directory, entry)
  }

  async #importFolder(local: string, path: string, self: LocalEntry): Promise<void> {
    this.#directoryTimes.push({ path, entry: self })
    const { entries, skipped } = await this.#folders.take(local)
    for (const { name, reason } of skipped) this.#skip(name === '' ? local : `${local}/${name}`, reason)
    const existing = await existingEntries(this.#snapshot(), path)
    for (const entry of entries) if (entry.kind !== 'd') await this.#importEntry(`${local}/${entry.name}`, path, entry, existing)
    const folders = entries.filter(({ kind }) => kind === 'd')
    for (const [index, entry] of folders.entries()) {
      for (const next of folders.slice(index, index + SCANS_AHEAD)) this.#folders.begin(`${local}/${next.name}`)
      await this.#importEntry(`${local}/${entry.name}`, path, entry, existing)
    }
  }

  #skip(path: string, reason: string): void {
    this.totals.skipped.push({ path, reason })
  }

  async #addToBatch(file: SmallFile): Promise<void> {
    const length = sectionLength(file.entry.sizeBytes)
    const redundancyClass = await this.#classOf(file.directory)
    const full = this.#batch.length >= BATCH_FILES || this.#batchBytes + length > SLOT_BYTES
    if (full || redundancyClass !== this.#batchClass) await this.#sendBatch()
    this.#batchClass = redundancyClass
    this.#batch.push(file)
    this.#batchBytes += length
  }

  async #sendBatch(): Promise<void> {
    const files = this.#batch
    this.#batch = []
    this.#batchBytes = 0
    if (files.length === 0) return
    this.#start(this.#sealBatch(files, await this.#slots.take()))
    await this.#commitWhenMuch()
  }

  /** Lets work run beside the scan; its first failure ends the import. */
  #start(work: Promise<void>): void {
    const tracked = work.catch((error) => this.#failure.abort(error)).finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }

  async #sealBatch(files: SmallFile[], buffer: ArrayBuffer): Promise<void> {
    let slot: ArrayBuffer | null = buffer
    try {
      let rest = files
      while (rest.length > 0) {
        const input: SealFilesInput = { slot, files: rest.map(({ local, entry }) => ({ local, sizeBytes: entry.sizeBytes })) }
        slot = null
        const output = await this.#context.pool.run('sealFiles', input, { signal: this.#signal, transfer: [input.slot] })
        slot = output.slot.buffer
        const blocks = unpackBlocks(output.packedBlocks)
        await this.#append(output.slot.subarray(0, output.usedBytes), blocks, rest[0]?.directory ?? '/')
        for (let i = 0; i < output.handled; i++) {
          const key = output.keys.subarray(32 * i, 32 * i + 32)
          await this.#finishSmall(rest[i] as SmallFile, output.files[i] as SealedSmallFile, key, blocks)
        }
        rest = rest.slice(output.handled)
      }
    } finally {
      this.#slots.give(slot)
    }
  }

  async #append(sections: Uint8Array, blocks: { cid: Cid; offset: number; length: number }[], directory: string): Promise<void> {
    if (sections.length === 0) return
    await this.#context.store.append({ sections, blocks }, { redundancyClass: await this.#classOf(directory) })
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

  async #finishSmall(file: SmallFile, sealed: SealedSmallFile, key: Uint8Array, blocks: { cid: Cid }[]): Promise<void> {
    if (sealed.failure !== null) return this.#skip(file.local, sealed.failure)
    this.#doneBytes += sealed.sizeBytes
    const cid = sealed.block < 0 ? null : (blocks[sealed.block] as { cid: Cid }).cid
    this.#finishFile(file.directory, file.entry, { key, root: cid, height: 0, sizeBytes: sealed.sizeBytes })
  }

  #finishFile(directory: string, local: LocalEntry, file: ImportedFile): void {
    this.totals.files++
    this.totals.bytes += file.sizeBytes
    this.#uncommittedBytes += file.sizeBytes
    this.#keep(directory, local.name, {
      t: 'f',
      m: local.mode,
      mt: local.modified,
      k: [file.key],
      r: file.root,
      z: file.sizeBytes,
      c: this.#chunkLog2,
      h: file.height,
    })
    this.#report(joinPath(directory, local.name))
  }

  #keep(directory: string, name: string, entry: TreeEntry): void {
    const list = this.#finished.get(directory)
    if (list === undefined) this.#finished.set(directory, [{ name, entry }])
    else list.push({ name, entry })
    this.#uncommittedEntries++
  }

  async #putNow(directory: string, name: string, entry: TreeEntry): Promise<void> {
    this.#keep(directory, name, entry)
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
          this.#doneBytes += count
          this.#report(directory)
        },
      },
      { local, sizeBytes: entry.sizeBytes, chunkBytes: 2 ** this.#chunkLog2 },
    )
    if (typeof imported === 'string') this.#skip(local, imported)
    else this.#finishFile(directory, entry, imported)
  }

  #report(path: string): void {
    const { files, symlinks, directories, unchanged } = this.totals
    this.#options.onProgress?.({
      phase: 'put',
      doneBytes: this.#doneBytes,
      totalBytes: this.#scanned ? this.#foundBytes : 0,
      doneItems: files + symlinks + directories + unchanged,
      totalItems: this.#scanned ? this.#foundItems : 0,
      path,
    })
  }

  async #commitWhenMuch(): Promise<void> {
    if (this.#uncommittedEntries < COMMIT_ENTRIES && this.#uncommittedBytes < COMMIT_BYTES) return
    await this.#drain()
    await this.#commit()
  }

  async #drain(): Promise<void> {
    await Promise.all(this.#inFlight)
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason
    this.#options.signal?.throwIfAborted()
  }

  async #commit(): Promise<void> {
    const finished = [...this.#finished]
    const directories = this.#directoryTimes.splice(0)
    this.#finished.clear()
    this.#uncommittedEntries = 0
    this.#uncommittedBytes = 0
    if (finished.length === 0 && directories.length === 0) return
    await this.#context.volume.edit(async (edit) => {
      for (const [directory, entries] of finished) {
        await edit.makeDirectory(directory, { parents: true })
        await edit.putEntries(directory, entries)
      }
      // last, since putting an entry into a directory sets its time
      for (const { path, entry } of directories.reverse())
        if (path !== '/') await edit.setAttributes(path, { m: entry.mode, mt: entry.modified })
    })
  }
}

function randomBytes32(): Uint8Array {
  return new Uint8Array(randomBytes(32))
}
