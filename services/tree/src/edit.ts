import { HoltError } from '@holt/core/errors.ts'
import { ChangeList } from './changes.ts'
import { contentOf, isEmptyDirectory, withContent } from './directory-node.ts'
import { type MergeEntries, type NamedChange, updateDirectory } from './directory-update.ts'
import { checkEntry, compactEntry, encodedSlotBytes, KEY_BYTES } from './entry.ts'
import { truncateFile, writeIntoFile } from './file-update.ts'
import { requiredEpoch, withKeyForPlace, withKeyOf } from './key-rotation.ts'
import { sortByName } from './name-sort.ts'
import { checkName, isAtOrUnder, joinPath, splitPath } from './names.ts'
import type { NamedEntry } from './nodes.ts'
import { sealingKey } from './sealed-block.ts'
import { classOfPath, type ListOptions, listPath, statPath } from './tree-read.ts'
import { notFound, openDirectory, type TreeSource, walk } from './tree-walk.ts'
import type { DirectoryEntry, Edit, EntryAttributes, FileEntry, GraftedVolume, Time, TreeEntry } from './types.ts'

/** What an edit may use besides the tree. */
export interface EditPowers {
  source: TreeSource
  /** How often readers of this volume were revoked. */
  epoch: number
  now(): Time
  /** @throws HoltError NOT_AUTHORIZED when the signer may not write at this path. */
  checkMayWrite(path: string): void
  /** From now to the commit, blocks that nothing refers to are kept. */
  keepBlocks(): void
  /** Moves what is only in memory into the store. @returns the entry with what it holds sealed. */
  unload(top: DirectoryEntry): Promise<DirectoryEntry>
}

/** Entries put by one edit beyond this size do not stay in memory. */
const UNLOAD_BYTES = 8 << 20

/** What any change holds in memory beside the entries it puts. */
const CHANGE_BYTES = 128

/** Between two looks at the clock. */
const CHECKS_AT_ONCE = 64

/** One edit: a tree of its own, which becomes the volume's when the edit succeeds. */
export class EditSession implements Edit {
  readonly changes = new ChangeList()
  /** Of all entries put: about what the edit holds in memory at most. */
  putBytes = 0
  readonly #powers: EditPowers
  #top: DirectoryEntry
  #bytesSinceUnload = 0

  constructor(top: DirectoryEntry, powers: EditPowers) {
    this.#top = top
    this.#powers = powers
  }

  get top(): DirectoryEntry {
    return this.#top
  }

  stat(path: string): Promise<TreeEntry | null> {
    return statPath(this.#powers.source, this.#top, path)
  }

  list(path: string, options?: ListOptions): Promise<{ entries: NamedEntry[]; more: boolean }> {
    return listPath(this.#powers.source, this.#top, path, options)
  }

  redundancyClass(path: string): Promise<string> {
    return classOfPath(this.#powers.source, this.#top, path)
  }

  async putEntries(directory: string, entries: readonly NamedEntry[]): Promise<void> {
    const names = splitPath(directory)
    for (const { name } of entries) this.#powers.checkMayWrite(joinPath([...names, name]))
    const changes = await this.#checkedInOrder(entries)
    const merge: MergeEntries = (old, { name, entry }) => {
      this.changes.add(joinPath([...names, name]), old === null ? 'created' : 'changed')
      const { source, epoch } = this.#powers
      return withKeyForPlace(source.reader.crypto, keepContents(old, entry as TreeEntry), { replaced: old, epoch })
    }
    await this.#update(names, changes, { merge })
  }

  /** @throws HoltError NAME_INVALID; INPUT_INVALID for a bad entry or a name that comes twice; TOO_LARGE. */
  async #checkedInOrder(entries: readonly NamedEntry[]): Promise<NamedEntry[]> {
    const { slice } = this.#powers.source.reader
    const checked: NamedEntry[] = []
    for (const { name, entry } of entries) {
      checked.push({ name: checkName(name), entry: checkEntry(entry) })
      this.#countPut(encodedSlotBytes(name, entry))
      if (checked.length % CHECKS_AT_ONCE === 0 && slice.isOver) await slice.next()
    }
    const sorted = await sortByName(checked, slice)
    for (let i = 1; i < sorted.length; i++) {
      const { name } = sorted[i] as NamedEntry
      if (name === sorted[i - 1]?.name) throw new HoltError('INPUT_INVALID', 'a name comes twice', { name })
    }
    return sorted
  }

  async makeDirectory(
    path: string,
    { parents = false, mode = 0o755, time = this.#powers.now() }: { parents?: boolean; mode?: number; time?: Time } = {},
  ): Promise<void> {
    const names = this.#writablePath(path)
    const { entry, passed, isGrafted } = await walk(this.#powers.source, this.#top, names)
    if (entry !== null) {
      if (parents && (entry.t === 'd' || entry.t === 'v')) return
      throw alreadyExists(path)
    }
    if (isGrafted) throw notOfThisVolume(path)
    const missing = names.slice(passed.length - 1)
    if (missing.length > 1 && !parents) throw notFound(names.slice(0, passed.length))
    const made = await this.#newDirectories(missing.slice(1), { mode, time, epoch: requiredEpoch(passed) })
    const parent = names.slice(0, passed.length - 1)
    for (let i = 0; i < missing.length; i++) this.changes.add(joinPath(names.slice(0, passed.length + i)), 'created')
    await this.#update(parent, [{ name: missing[0] as string, entry: made }], { time })
  }

  /** A directory that holds a chain of empty ones. */
  async #newDirectories(
    names: readonly string[],
    { mode, time, epoch }: { mode: number; time: Time; epoch: number },
  ): Promise<DirectoryEntry> {
    const { crypto } = this.#powers.source.reader
    const empty = (): DirectoryEntry => ({
      k: [crypto.randomBytes(KEY_BYTES)],
      m: mode,
      r: null,
      t: 'd',
      mt: time,
      ...(epoch > 0 && { e: epoch }),
    })
    let entry = checkEntry(empty()) as DirectoryEntry
    for (const name of [...names].reverse()) {
      const parent = empty()
      const content = await updateDirectory(openDirectory(this.#powers.source, parent), [{ name, entry }], { key: sealingKey(parent.k) })
      entry = withContent(parent, content)
    }
    return entry
  }

  async move(from: string, to: string, { replace = false }: { replace?: boolean } = {}): Promise<void> {
    const source = this.#writablePath(from)
    const target = this.#writablePath(to)
    const { entry, passed } = await this.#walkHere(source)
    if (source.length === 0 || (from !== to && isAtOrUnder(to, from)))
      throw new HoltError('INPUT_INVALID', `${from} cannot move into itself`, { path: from })
    if (from === to) return
    const replaced = target.length === 0 ? this.#top : (await this.#walkParent(target)).entry
    if (replaced !== null) {
      if (!replace) throw alreadyExists(to)
      checkReplaceable(entry, replaced, to)
    }
    const time = this.#powers.now()
    const moved = entry.t === 'f' || entry.t === 'd' ? withKeyOf(this.#powers.source.reader.crypto, entry, requiredEpoch(passed)) : entry
    await this.#update(source.slice(0, -1), [{ name: source.at(-1) as string, entry: null }], { time })
    await this.#update(target.slice(0, -1), [{ name: target.at(-1) as string, entry: moved }], { time })
    this.changes.add(from, 'removed')
    this.changes.add(to, replaced === null ? 'created' : 'changed')
  }

  async remove(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    const names = this.#writablePath(path)
    if (names.length === 0) throw new HoltError('INPUT_INVALID', 'the top cannot be removed')
    const { entry } = await this.#walkHere(names)
    if (!recursive && holdsMore(entry)) throw notEmpty(path)
    await this.#update(names.slice(0, -1), [{ name: names.at(-1) as string, entry: null }], { time: this.#powers.now() })
    this.changes.add(path, 'removed')
  }

  async setAttributes(path: string, { m, mt, cl, x }: EntryAttributes): Promise<void> {
    await this.#changeEntry(path, (entry) => {
      const changed: TreeEntry = { ...entry, m: m ?? entry.m, mt: mt ?? entry.mt, x: x ?? entry.x }
      if (cl === undefined) return changed
      if (changed.t !== 'f' && changed.t !== 'd') throw new HoltError('INPUT_INVALID', 'only files and directories have a class', { path })
      return { ...changed, cl: cl ?? undefined }
    })
  }

  async write(path: string, offset: number, bytes: Uint8Array): Promise<void> {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new HoltError('INPUT_INVALID', 'no place in a file', { offset })
    await this.#changeFile(path, (file, redundancyClass) =>
      writeIntoFile(this.#powers.source.reader, file, { offset, bytes, redundancyClass }),
    )
  }

  async truncate(path: string, sizeBytes: number): Promise<void> {
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new HoltError('INPUT_INVALID', 'no size of a file', { sizeBytes })
    await this.#changeFile(path, (file, redundancyClass) => truncateFile(this.#powers.source.reader, file, { sizeBytes, redundancyClass }))
  }

  async graft(path: string, { id, owner, salt, keys, mode = 0o755, time = this.#powers.now() }: GraftedVolume): Promise<void> {
    const names = this.#writablePath(path)
    if (names.length === 0 || (await this.#walkParent(names)).entry !== null) throw alreadyExists(path)
    const entry = checkEntry({ k: keys, m: mode, o: owner, s: salt, t: 'v', id, mt: time })
    await this.#update(names.slice(0, -1), [{ name: names.at(-1) as string, entry }], { time })
    this.changes.add(path, 'created')
  }

  /** Gives the entry at `path` a key of this epoch; what is below follows when it is written. */
  async revokeReaders(path: string, epoch: number): Promise<void> {
    await this.#changeEntry(path, (entry) => {
      if (entry.t !== 'f' && entry.t !== 'd') throw new HoltError('INPUT_INVALID', `${path} has no keys of this volume`, { path })
      return withKeyOf(this.#powers.source.reader.crypto, entry, epoch)
    })
  }

  async #changeFile(path: string, change: (file: FileEntry, redundancyClass: string) => Promise<FileEntry>): Promise<void> {
    const names = this.#writablePath(path)
    const { entry, passed } = await this.#walkHere(names)
    if (entry.t !== 'f') throw new HoltError(entry.t === 'l' ? 'INPUT_INVALID' : 'IS_A_DIRECTORY', `${path} is no file`, { path })
    this.#powers.keepBlocks()
    const file = withKeyOf(this.#powers.source.reader.crypto, entry, requiredEpoch(passed))
    const changed = await change(file, await this.redundancyClass(path))
    await this.#changeEntry(path, () => ({ ...changed, mt: this.#powers.now() }))
  }

  async #changeEntry(path: string, change: (entry: TreeEntry) => TreeEntry): Promise<void> {
    const names = this.#writablePath(path)
    const { entry } = await this.#walkHere(names)
    const changed = checkEntry(change(entry))
    if (names.length === 0) this.#top = changed as DirectoryEntry
    else await this.#update(names.slice(0, -1), [{ name: names.at(-1) as string, entry: changed }])
    this.changes.add(path, 'changed')
  }

  #writablePath(path: string): string[] {
    const names = splitPath(path)
    this.#powers.checkMayWrite(path)
    return names
  }

  /** @throws HoltError NOT_FOUND, NOT_AUTHORIZED inside a graft. */
  async #walkHere(names: readonly string[]): Promise<{ entry: TreeEntry; passed: DirectoryEntry[] }> {
    const { entry, passed, isGrafted } = await walk(this.#powers.source, this.#top, names)
    if (isGrafted) throw notOfThisVolume(joinPath(names))
    if (entry === null) throw notFound(names)
    return { entry, passed }
  }

  /** The entry may be missing, what is above it not. */
  async #walkParent(names: readonly string[]): Promise<{ entry: TreeEntry | null }> {
    const { entry, passed, isGrafted } = await walk(this.#powers.source, this.#top, names)
    if (isGrafted) throw notOfThisVolume(joinPath(names))
    if (passed.length < names.length) throw notFound(names.slice(0, passed.length))
    return { entry }
  }

  /** Changes names of one directory, and with it every directory above. */
  async #update(
    names: readonly string[],
    changes: readonly NamedChange[],
    { merge, time }: { merge?: MergeEntries; time?: Time } = {},
  ): Promise<void> {
    const { entry, passed } = await this.#walkHere(names)
    if (entry.t === 'v') throw notOfThisVolume(joinPath(names))
    if (entry.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${joinPath(names)} is no directory`, { path: joinPath(names) })
    const directories = [...passed, entry]
    let changed = await this.#updated(directories, changes, merge)
    if (time !== undefined) changed = { ...changed, mt: time }
    for (let depth = names.length - 1; depth >= 0 && changed !== directories[depth + 1]; depth--) {
      changed = await this.#updated(directories.slice(0, depth + 1), [{ name: names[depth] as string, entry: changed }])
    }
    this.#top = changed
    this.#countPut(CHANGE_BYTES)
    await this.#unloadIfLarge()
  }

  /** The last of these directories with changed names; itself when they are the same as before. */
  async #updated(directories: readonly DirectoryEntry[], changes: readonly NamedChange[], merge?: MergeEntries): Promise<DirectoryEntry> {
    const { source } = this.#powers
    const directory = directories.at(-1) as DirectoryEntry
    const touched = withKeyOf(source.reader.crypto, directory, requiredEpoch(directories))
    const opened = openDirectory(source, directory)
    const content = await updateDirectory(opened, changes, { key: sealingKey(touched.k), merge })
    return content === opened.root ? directory : withContent(touched, content)
  }

  #countPut(sizeBytes: number): void {
    this.putBytes += sizeBytes
    this.#bytesSinceUnload += sizeBytes
  }

  async #unloadIfLarge(): Promise<void> {
    if (this.#bytesSinceUnload < UNLOAD_BYTES) return
    this.#powers.keepBlocks()
    this.#top = await this.#powers.unload(this.#top)
    this.#bytesSinceUnload = 0
  }
}

function keepContents(old: TreeEntry | null, entry: TreeEntry): TreeEntry {
  if (old?.t !== 'd' || entry.t !== 'd' || !isEmptyDirectory(entry)) return entry
  return compactEntry({ ...old, m: entry.m, mt: entry.mt, x: entry.x ?? old.x, cl: entry.cl ?? old.cl })
}

function holdsMore(entry: TreeEntry): boolean {
  return entry.t === 'v' || (entry.t === 'd' && contentOf(entry) !== null)
}

function checkReplaceable(moved: TreeEntry, replaced: TreeEntry, path: string): void {
  const isDirectory = replaced.t === 'd' || replaced.t === 'v'
  if (moved.t === 'd' && !isDirectory) throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`, { path })
  if (moved.t !== 'd' && isDirectory) throw new HoltError('IS_A_DIRECTORY', `${path} is a directory`, { path })
  if (holdsMore(replaced)) throw notEmpty(path)
}

function alreadyExists(path: string): HoltError {
  return new HoltError('ALREADY_EXISTS', `${path} is there already`, { path })
}

function notEmpty(path: string): HoltError {
  return new HoltError('NOT_EMPTY', `${path} is not empty`, { path })
}

function notOfThisVolume(path: string): HoltError {
  return new HoltError('NOT_AUTHORIZED', `${path} is in a grafted volume: edit that one`, { path })
}
