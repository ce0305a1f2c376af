import { HoltError } from '@holt/core/errors.ts'
import { ChangeList } from './changes.ts'
import { alreadyExists, checkReplaceable, holdsMore, keepContents, notEmpty } from './edit-rules.ts'
import type { NamedChange } from './directory-update.ts'
import { checkEntry, compactEntry, encodedEntryBytes } from './entry.ts'
import { checkedInOrder } from './entry-batch.ts'
import { truncateFile, writeIntoFile } from './file-update.ts'
import { requiredEpoch, withKeyForPlace, withKeyOf } from './key-rotation.ts'
import { isAtOrUnder, joinPath, splitPath } from './names.ts'
import type { MergedFields } from './merge/merge-entry.ts'
import { newDirectory } from './new-directory.ts'
import type { NamedEntry } from './nodes.ts'
import { classOfPath, type ListOptions, listPath, statPath } from './tree-read.ts'
import { notFound } from './tree-walk.ts'
import { Turns } from './turns.ts'
import type { DirectoryEntry, Edit, EntryAttributes, FileEntry, GraftedVolume, Time, TreeEntry } from './types.ts'
import { WorkingTree, type WorkingTreePowers } from './working-tree.ts'

/** What an edit may use besides the tree. */
export interface EditPowers extends WorkingTreePowers {
  /** How often readers of this volume were revoked. */
  epoch: number
  now(): Time
  /** @throws HoltError NOT_AUTHORIZED when the signer may not write at this path. */
  checkMayWrite(path: string): void
}

interface MakeDirectoryOptions {
  parents?: boolean
  mode?: number
  time?: Time
}

/** One edit: a tree of its own, which becomes the volume's when the edit succeeds. */
export class EditSession implements Edit {
  readonly changes = new ChangeList()
  readonly #powers: EditPowers
  readonly #tree: WorkingTree
  /** What a caller starts at once is done one after the other. */
  readonly #steps = new Turns()
  #isOver = false

  constructor(top: DirectoryEntry, powers: EditPowers) {
    this.#powers = powers
    this.#tree = new WorkingTree(top, powers)
  }

  get top(): DirectoryEntry {
    return this.#tree.top
  }

  get putBytes(): number {
    return this.#tree.putBytes
  }

  /** Waits for the steps under way; there are none after them. */
  async end(): Promise<void> {
    await this.#steps.run(async () => {
      this.#isOver = true
    })
  }

  /** A step is done whole or, when it throws, not at all: an edit may go on after it. */
  #step(paths: readonly string[], work: (changes: ChangeList) => Promise<void>, isNeeded = async () => true): Promise<void> {
    return this.#steps.run(async () => {
      if (this.#isOver) throw new HoltError('INPUT_INVALID', 'the edit is over')
      // what changes nothing is refused nowhere
      if (!(await isNeeded())) return
      for (const path of paths) this.#powers.checkMayWrite(path)
      const { top } = this.#tree
      const changes = new ChangeList()
      try {
        await work(changes)
        this.changes.addAll(changes)
      } catch (error) {
        this.#tree.top = top
        throw error
      }
    })
  }

  stat(path: string): Promise<TreeEntry | null> {
    return statPath(this.#powers.source, this.top, path)
  }

  list(path: string, options?: ListOptions): Promise<{ entries: NamedEntry[]; more: boolean }> {
    return listPath(this.#powers.source, this.top, path, options)
  }

  redundancyClass(path: string): Promise<string> {
    return classOfPath(this.#powers.source, this.top, path)
  }

  async putEntries(directory: string, entries: readonly NamedEntry[]): Promise<void> {
    const names = splitPath(directory)
    const paths = entries.map(({ name }) => joinPath([...names, name]))
    await this.#step(paths, async (changes) => {
      const { source, epoch } = this.#powers
      const { sorted, sizeBytes } = await checkedInOrder(entries, source.reader.slice)
      this.#tree.countPut(sizeBytes)
      await this.#tree.update(names, sorted, {
        merge: (old, { name, entry }) => {
          changes.add(joinPath([...names, name]), old === null ? 'created' : 'changed')
          return withKeyForPlace(source.reader.crypto, keepContents(old, entry as TreeEntry), { replaced: old, epoch })
        },
      })
    })
  }

  async makeDirectory(
    path: string,
    { parents = false, mode = 0o755, time = this.#powers.now() }: MakeDirectoryOptions = {},
  ): Promise<void> {
    const names = splitPath(path)
    const make = async (changes: ChangeList): Promise<void> => {
      const { entry, passed } = await this.#tree.walk(names)
      if (entry !== null) throw alreadyExists(path)
      const depth = passed.length
      const missing = names.slice(depth - 1)
      if (missing.length > 1 && !parents) throw notFound(names.slice(0, depth))
      const made = await newDirectory(this.#powers.source, missing.slice(1), { mode, time, epoch: requiredEpoch(passed) })
      await this.#tree.replace(names.slice(0, depth), made, { time })
      for (let i = depth; i <= names.length; i++) changes.add(joinPath(names.slice(0, i)), 'created')
    }
    await this.#step([path], make, async () => !parents || !(await this.#isDirectory(path)))
  }

  async #isDirectory(path: string): Promise<boolean> {
    const entry = await this.stat(path)
    return entry?.t === 'd' || entry?.t === 'v'
  }

  async move(from: string, to: string, { replace = false }: { replace?: boolean } = {}): Promise<void> {
    const [source, target] = [splitPath(from), splitPath(to)]
    await this.#step([from, to], async (changes) => {
      const { entry, passed } = await this.#tree.walkTo(source)
      if (from === '/' || (from !== to && isAtOrUnder(to, from))) {
        throw new HoltError('INPUT_INVALID', `${from} cannot move into itself`, { path: from })
      }
      if (from === to) return
      const replaced = await this.#tree.walkToPlace(target)
      if (replaced !== null && !replace) throw alreadyExists(to)
      if (replaced !== null) checkReplaceable(entry, replaced, to)
      const time = this.#powers.now()
      await this.#tree.replace(source, null, { time })
      await this.#tree.replace(target, this.#withKeyOf(entry, requiredEpoch(passed)), { time })
      changes.add(from, 'removed')
      changes.add(to, replaced === null ? 'created' : 'changed')
    })
  }

  async create(path: string, entry: TreeEntry): Promise<void> {
    const names = splitPath(path)
    await this.#step([path], async (changes) => {
      if ((await this.#tree.walkToPlace(names)) !== null) throw alreadyExists(path)
      const checked = checkEntry(entry)
      this.#tree.countPut(encodedEntryBytes(checked))
      await this.#tree.replace(names, checked, { time: this.#powers.now() })
      changes.add(path, 'created')
    })
  }

  async exchange(one: string, other: string): Promise<void> {
    const [names, otherNames] = [splitPath(one), splitPath(other)]
    await this.#step([one, other], async (changes) => {
      const first = await this.#tree.walkTo(names)
      const second = await this.#tree.walkTo(otherNames)
      if (one === other) return
      if (isAtOrUnder(one, other) || isAtOrUnder(other, one)) {
        throw new HoltError('INPUT_INVALID', `of ${one} and ${other} one lies in the other`, { path: one })
      }
      const time = this.#powers.now()
      await this.#tree.replace(names, this.#withKeyOf(second.entry, requiredEpoch(first.passed)), { time })
      await this.#tree.replace(otherNames, this.#withKeyOf(first.entry, requiredEpoch(second.passed)), { time })
      changes.add(one, 'changed')
      changes.add(other, 'changed')
    })
  }

  #withKeyOf(entry: TreeEntry, epoch: number): TreeEntry {
    return entry.t === 'f' || entry.t === 'd' ? withKeyOf(this.#powers.source.reader.crypto, entry, epoch) : entry
  }

  async remove(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    const names = splitPath(path)
    await this.#step([path], async (changes) => {
      if (path === '/') throw new HoltError('INPUT_INVALID', 'the top cannot be removed', { path })
      const { entry } = await this.#tree.walkTo(names)
      if (!recursive && holdsMore(entry)) throw notEmpty(path)
      await this.#tree.replace(names, null, { time: this.#powers.now() })
      changes.add(path, 'removed')
    })
  }

  async setAttributes(path: string, { m, mt, cl, x }: EntryAttributes): Promise<void> {
    await this.#changeEntry(path, (entry) => {
      const changed: TreeEntry = { ...entry, m: m ?? entry.m, mt: mt ?? entry.mt, x: x ?? entry.x }
      if (cl === undefined) return changed
      if (changed.t !== 'f' && changed.t !== 'd') throw new HoltError('INPUT_INVALID', 'only files and directories have a class', { path })
      return { ...changed, cl: cl ?? undefined }
    })
  }

  async #changeEntry(path: string, change: (entry: TreeEntry) => TreeEntry): Promise<void> {
    const names = splitPath(path)
    await this.#step([path], async (changes) => {
      await this.#tree.changeEntry(names, change)
      changes.add(path, 'changed')
    })
  }

  /** Gives the entry at `path` a key of this epoch; what is below follows when it is written. */
  async revokeReaders(path: string, epoch: number): Promise<void> {
    await this.#changeEntry(path, (entry) => {
      if (entry.t === 'f' || entry.t === 'd') return this.#withKeyOf(entry, epoch)
      throw new HoltError('INPUT_INVALID', `${path} has no keys of this volume`, { path })
    })
  }

  /** Changes names of one directory as a merge has decided; no time is set. */
  async mergeEntries(names: readonly string[], merged: readonly NamedChange[]): Promise<void> {
    const path = (name: string): string => joinPath([...names, name])
    await this.#step(
      merged.map(({ name }) => path(name)),
      async (changes) => {
        const { source, epoch } = this.#powers
        await this.#tree.update(names, merged, {
          merge: (old, { name, entry }) => {
            changes.add(path(name), entry === null ? 'removed' : old === null ? 'created' : 'changed')
            return entry === null ? null : withKeyForPlace(source.reader.crypto, entry, { replaced: old, epoch })
          },
        })
      },
    )
  }

  /** Changes what a directory is besides its contents; nothing is told when only its time is new. */
  async mergeFields(names: readonly string[], fields: MergedFields): Promise<void> {
    await this.#step([joinPath(names)], async () => {
      await this.#tree.changeEntry(names, (entry) => compactEntry({ ...entry, ...fields } as TreeEntry))
    })
  }

  async graft(path: string, { id, owner, salt, keys, mode = 0o755, time = this.#powers.now() }: GraftedVolume): Promise<void> {
    const names = splitPath(path)
    await this.#step([path], async (changes) => {
      if ((await this.#tree.walkToPlace(names)) !== null) throw alreadyExists(path)
      await this.#tree.replace(names, checkEntry({ k: keys, m: mode, o: owner, s: salt, t: 'v', id, mt: time }), { time })
      changes.add(path, 'created')
    })
  }

  async write(path: string, offset: number, bytes: Uint8Array): Promise<void> {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new HoltError('INPUT_INVALID', 'no place in a file', { offset })
    const { reader } = this.#powers.source
    await this.#changeFile(path, (file, redundancyClass) => writeIntoFile(reader, file, { offset, bytes, redundancyClass }))
  }

  async truncate(path: string, sizeBytes: number): Promise<void> {
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new HoltError('INPUT_INVALID', 'no size of a file', { sizeBytes })
    const { reader } = this.#powers.source
    await this.#changeFile(path, (file, redundancyClass) => truncateFile(reader, file, { sizeBytes, redundancyClass }))
  }

  async #changeFile(path: string, change: (file: FileEntry, redundancyClass: string) => Promise<FileEntry>): Promise<void> {
    const names = splitPath(path)
    await this.#step([path], async (changes) => {
      const { entry, passed } = await this.#tree.walkTo(names)
      if (entry.t !== 'f') throw new HoltError(entry.t === 'l' ? 'INPUT_INVALID' : 'IS_A_DIRECTORY', `${path} is no file`, { path })
      this.#powers.keepBlocks()
      const changed = await change(this.#withKeyOf(entry, requiredEpoch(passed)) as FileEntry, await this.redundancyClass(path))
      await this.#tree.changeEntry(names, () => ({ ...changed, mt: this.#powers.now() }))
      changes.add(path, 'changed')
    })
  }
}
