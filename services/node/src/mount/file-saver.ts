import { HoltError, type HoltErrorCode, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { BlockWriter } from '@holt/tree/block-writer.ts'
import { Turns } from '@holt/tree/turns.ts'
import type { Edit, FileEntry, LazyEdit, Volume } from '@holt/tree/types.ts'
import type { SavedFile } from '@holt/tree/working-file.ts'
import { type FileState, type Inode, identityOf } from './inode.ts'
import type { InodeTable } from './inode-table.ts'

interface Saving {
  inode: Inode
  state: FileState
  changes: number
  saved: SavedFile
}

export interface FileSaverOptions {
  volume: Volume
  table: InodeTable
  /** What nobody waited for could not be made durable. */
  lost(failure: unknown): void
  /** A file may not be changed now; what was written stays in memory, and is tried again. */
  refused(failure: HoltError): void
}

/** A lease of another node's, or a right that was taken back: that one file's affair. */
const REFUSALS = new Set<HoltErrorCode>(['CONFLICT', 'NOT_AUTHORIZED', 'CAP_EXPIRED', 'CAP_REVOKED'])
export const isRefusal = (error: unknown): error is HoltError => isHoltError(error) && REFUSALS.has(error.code)

/** What stays only in memory for longer than this is put into the tree. */
const SAVE_AFTER_MS = 1000
const REFUSED_AGAIN_MS = 5000
const MOST_CHANGED_FILES = 4096

/** Puts changed files into the tree: many in one edit, what is small of them in one batch of blocks. */
export class FileSaver {
  readonly #options: FileSaverOptions
  readonly #changed = new Set<Inode>()
  readonly #turns = new Turns()
  #timer: ReturnType<typeof setTimeout> | null = null
  /** The last time that nobody waited for. */
  #isRefused = false
  #isStopped = false

  constructor(options: FileSaverOptions) {
    this.#options = options
  }

  /** Something about this file is only in memory. */
  changed(inode: Inode): void {
    const state = inode.file as FileState
    state.changes++
    this.#changed.add(inode)
    if (this.#changed.size >= MOST_CHANGED_FILES) this.#saveSoon(0)
    else if (this.#timer === null) this.#saveSoon(SAVE_AFTER_MS)
  }

  #saveSoon(waitMs: number): void {
    if (this.#isStopped) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.saveAll({ isDurable: false }).then(
        () => (this.#isRefused = false),
        (error: unknown) => this.#failed(error),
      )
    }, waitMs)
  }

  #failed(error: unknown): void {
    if (!isRefusal(error)) return this.#options.lost(error)
    if (!this.#isRefused) this.#options.refused(error)
    this.#isRefused = true
    if (this.#timer === null) this.#saveSoon(REFUSED_AGAIN_MS)
  }

  /** @throws HoltError of the store and of edits; what could not be saved stays in memory. */
  saveAll({ isDurable }: { isDurable: boolean }): Promise<void> {
    return this.save([...this.#changed], { isDurable })
  }

  /** As that; what is refused waits, and is not the affair of whoever writes something else. */
  async saveSome(): Promise<void> {
    await this.saveAll({ isDurable: false }).catch((error: unknown) => {
      if (!isRefusal(error)) throw error
      this.#failed(error)
    })
  }

  async save(inodes: readonly Inode[], { isDurable }: { isDurable: boolean }): Promise<void> {
    await this.#turns.run(async () => {
      const saving = await this.#saveContents(inodes.filter((inode) => inode.isChanged && !inode.isGone))
      for (const { saved } of saving) saved.settle()
      const lazy: LazyEdit | null = isDurable ? null : { failed: (failure) => this.#options.lost(failure) }
      if (saving.length > 0) await this.#putAll(saving, lazy)
      for (const inode of inodes) if (inode.isGone) this.#changed.delete(inode)
    })
    // also what others did, and what was saved lazily before
    if (isDurable) await this.#options.volume.edit(async () => {})
  }

  /** What is only in memory and has a name still. */
  waiting(): readonly Inode[] {
    return [...this.#changed].filter((inode) => inode.isChanged && !inode.isGone)
  }

  /** Puts its content where nothing is, and leaves what has its name as that is. @param place says where, within the edit that puts it there. */
  async saveBeside(inode: Inode, place: (edit: Edit) => Promise<string>): Promise<string> {
    return this.#turns.run(async () => {
      const [saving] = await this.#saveContents([inode])
      if (saving === undefined) throw new HoltError('NOT_FOUND', `${inode.name} was removed`)
      const { state, changes, saved } = saving
      saved.settle()
      const { r, h, z, c } = saved.entry
      const path = await this.#options.volume.edit(async (edit) => {
        const free = await place(edit)
        await edit.create(free, { ...state.entry, r, h, z, c })
        return free
      })
      this.#isSaved(inode, state, changes)
      return path
    })
  }

  /** What one of them is refused for keeps none of the others. @throws the first refusal, when all that can be is saved. */
  async #putAll(saving: readonly Saving[], lazy: LazyEdit | null): Promise<void> {
    try {
      await this.#options.volume.edit((edit) => this.#putEntries(edit, saving), { lazy })
    } catch (error) {
      if (saving.length === 1 || !isRefusal(error)) throw error
      const middle = saving.length >> 1
      const halves = [saving.slice(0, middle), saving.slice(middle)]
      const failures: unknown[] = []
      for (const half of halves) await this.#putAll(half, lazy).catch((failure: unknown) => failures.push(failure))
      if (failures.length > 0) throw toHoltError(failures[0])
      return
    }
    for (const { inode, state, changes } of saving) this.#isSaved(inode, state, changes)
  }

  async #saveContents(inodes: readonly Inode[]): Promise<Saving[]> {
    const writers = new Map<string, BlockWriter>()
    const saving: Saving[] = []
    for (const inode of inodes) {
      const state = inode.file
      if (state === null) continue // removed while those before it were saved
      const { redundancyClass } = state
      let blocks = writers.get(redundancyClass)
      if (blocks === undefined) writers.set(redundancyClass, (blocks = this.#options.volume.blockWriter(redundancyClass)))
      const { changes } = state
      saving.push({ inode, state, changes, saved: await state.working.save(blocks) })
    }
    for (const blocks of writers.values()) await blocks.flush()
    return saving
  }

  async #putEntries(edit: Edit, saving: readonly Saving[]): Promise<void> {
    const directories = new Map<string, { name: string; entry: FileEntry }[]>()
    for (const { inode, state, saved } of saving) {
      if (inode.isGone || inode.parent === null) continue
      const path = this.#options.table.pathOf(inode)
      const there = await edit.stat(path)
      // somebody else put another file in its place: the name is that one's
      if (there === null || there.t !== 'f' || identityOf(there) !== inode.identity) continue
      const { r, h, z, c } = saved.entry
      const entry: FileEntry = { ...state.entry, r, h, z, c, k: there.k.length > state.entry.k.length ? there.k : state.entry.k }
      inode.known = entry
      const directory = this.#options.table.pathOf(inode.parent)
      const entries = directories.get(directory)
      if (entries === undefined) directories.set(directory, [{ name: inode.name, entry }])
      else entries.push({ name: inode.name, entry })
    }
    for (const [directory, entries] of directories) await edit.putEntries(directory, entries)
  }

  #isSaved(inode: Inode, state: FileState, changes: number): void {
    state.saved = changes
    state.working.release()
    if (inode.isChanged) return
    this.#changed.delete(inode)
    this.letGo(inode)
  }

  /** A file that nobody has open needs nothing in memory once it is saved. */
  letGo(inode: Inode): void {
    if (inode.file === null || inode.opens > 0 || (inode.isChanged && !inode.isGone)) return
    const { working } = inode.file
    inode.file = null
    this.#changed.delete(inode)
    void working.close()
    this.#options.table.dropIfUnused(inode)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#turns.run(async () => {})
  }
}
