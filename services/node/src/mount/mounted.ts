import type {
  AttributeChanges,
  DirectoryPlace,
  ListedName,
  LockPlace,
  MountOptions,
  NewNode,
  NodeAttributes,
  OpenedDirectory,
  OpenMount,
  TreeSpace,
} from '@holt/control/mounted-tree.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { KEY_BYTES } from '@holt/tree/entry.ts'
import { parentPath } from '@holt/tree/names.ts'
import { timeOfMs } from '@holt/tree/times.ts'
import type { CommitEvent, Edit, FileEntry, LazyEdit, Snapshot, Time, TreeEntry, Volume } from '@holt/tree/types.ts'
import { DirectoryHandles } from './directory-handles.ts'
import { FileSaver } from './file-saver.ts'
import { type FileState, type Inode, identityOf } from './inode.ts'
import { InodeTable, type Numbers } from './inode-table.ts'
import { OWNER_ATTRIBUTE, ownerRecordOf, withOwnerRecord } from './owner-record.ts'

export interface MountedContext {
  volume: Volume
  crypto: Crypto
  now(): number
  space(): Promise<TreeSpace>
  log(text: string): void
  ended(): void
  numbers: Numbers
}

/** Files that are changed in place. */
const CHUNK_LOG2 = 16
/** A file may have this much unsealed in memory. */
const MOST_UNSEALED_BYTES = 32 << 20
const REPORT_AGAIN_MS = 60_000
const MOST_REPORTED = 1000
const SETGID = 0o2000
const PAGE_ENTRIES = 1024

const typeOf = { f: 'file', d: 'directory', v: 'directory', l: 'symlink' } as const

/** A part of the tree, by numbers; names change in the tree at once, contents and attributes of files a moment later. */
export class Mounted implements OpenMount {
  readonly #context: MountedContext
  readonly #options: MountOptions
  /** What is shown when it is not the newest version. */
  readonly #fixed: Snapshot | null
  readonly #table: InodeTable
  readonly #saver: FileSaver
  readonly #directories = new DirectoryHandles()
  readonly #stopWatching: () => void
  /** Removed here, and not told of yet. */
  readonly #removed = new Set<string>()
  #unsealedBytes = 0
  #failure: HoltError | null = null
  /** When it was last written down that they cannot be read. */
  readonly #reported = new Map<string, number>()
  #isOver = false

  constructor(context: MountedContext, options: MountOptions, { fixed, top }: { fixed: Snapshot | null; top: TreeEntry }) {
    this.#context = context
    this.#options = options
    this.#fixed = fixed
    this.#table = new InodeTable(options.path, top, context.numbers)
    const refused = (failure: HoltError): void => context.log(`what was written to a mounted folder waits: ${failure.message}`)
    this.#saver = new FileSaver({ volume: context.volume, table: this.#table, lost: (failure) => this.#lost(failure), refused })
    this.#stopWatching = fixed === null ? context.volume.watch((event) => void this.#see(event)) : () => {}
  }

  get #snapshot(): Snapshot {
    return this.#fixed ?? this.#context.volume.current()
  }

  get #now(): Time {
    return timeOfMs(this.#context.now())
  }

  #lost(failure: unknown): void {
    this.#failure = toHoltError(failure)
    this.#context.log(`what was written to a mounted folder is not durable: ${this.#failure.message}`)
  }

  get #lazy(): LazyEdit {
    return { failed: (failure) => this.#lost(failure) }
  }

  #edit<T>(change: (edit: Edit) => Promise<T>): Promise<T> {
    if (this.#fixed !== null || this.#options.readOnly) throw readOnlyError()
    return this.#context.volume.edit(change, { lazy: this.#lazy })
  }

  // attributes

  async attributes(number: number): Promise<NodeAttributes> {
    const inode = this.#table.get(number)
    return this.#told(inode, await this.#entryOf(inode))
  }

  /** What it is now, with what the tree does not know yet. @throws HoltError NOT_FOUND with `replaced` when its name is another's, or nobody's. */
  async #entryOf(inode: Inode): Promise<TreeEntry> {
    if (inode.isGone || inode.isChanged) return inode.file?.entry ?? inode.known
    const entry = await this.#snapshot.stat(this.#table.pathOf(inode))
    if (inode.isGone || inode.isChanged) return inode.file?.entry ?? inode.known
    if (entry === null || (inode.parent !== null && identityOf(entry) !== inode.identity)) {
      this.#table.lose(inode)
      if (inode.file !== null) return inode.known
      throw new HoltError('NOT_FOUND', `${inode.name} is not there any more`, { replaced: true })
    }
    this.#refresh(inode, entry)
    return entry
  }

  /** The tree has it like this. */
  #refresh(inode: Inode, entry: TreeEntry): void {
    inode.known = entry
    const { file } = inode
    if (file === null || entry.t !== 'f') return
    const isNew = file.working.stored.r !== entry.r || file.working.stored.z !== entry.z
    if (isNew && !file.working.isChanged && !isSameContent(file.working.stored, entry)) {
      void file.working.close()
      file.working = this.#context.volume.workingFile(entry, file.redundancyClass)
    }
    file.entry = entry
  }

  #told(inode: Inode, entry: TreeEntry): NodeAttributes {
    const { uid, gid } = ownerRecordOf(entry) ?? this.#options
    const changed = inode.changed ?? entry.mt
    const size = entry.t === 'f' ? (inode.file?.working.sizeBytes ?? entry.z) : entry.t === 'l' ? lengthOf(entry.to) : 0
    return { number: inode.number, type: typeOf[entry.t], sizeBytes: size, mode: entry.m, uid, gid, modified: entry.mt, changed }
  }

  /** Of what is mounted; counts as having been looked up. */
  async lookupTop(): Promise<NodeAttributes> {
    const { top } = this.#table
    top.lookups++
    return this.#told(top, await this.#entryOf(top))
  }

  async lookup({ parent, name }: DirectoryPlace): Promise<NodeAttributes | null> {
    const directory = this.#table.get(parent)
    const path = this.#table.pathOf(directory, name)
    const entry = await this.#snapshot.stat(path)
    if (entry === null) return null
    const inode = this.#table.seen(directory, name, entry)
    inode.lookups++
    if (inode.isChanged) return this.#told(inode, inode.file?.entry ?? entry)
    this.#refresh(inode, entry)
    return this.#told(inode, entry)
  }

  forget(number: number, count: number): void {
    try {
      this.#table.forget(this.#table.get(number), count)
    } catch {}
  }

  async setAttributes(number: number, changes: AttributeChanges): Promise<NodeAttributes> {
    const inode = this.#table.get(number)
    if (inode.type === 'f') await this.#setFileAttributes(inode, changes)
    else {
      const path = this.#table.pathOf(inode)
      await this.#edit(async (edit) => {
        const entry = await edit.stat(path)
        if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
        const { m, mt, x } = this.#withChanges(entry, changes)
        await edit.setAttributes(path, { m, mt, x })
      })
    }
    inode.changed = this.#now
    return this.attributes(number)
  }

  #withChanges<E extends TreeEntry>(entry: E, { mode, uid, gid, modified }: AttributeChanges): E {
    const changed = { ...entry, m: mode ?? entry.m }
    if (modified !== undefined) changed.mt = modified === 'now' ? this.#now : modified
    if (uid !== undefined || gid !== undefined) {
      const before = ownerRecordOf(entry) ?? this.#options
      changed.x = withOwnerRecord(entry.x, { uid: uid ?? before.uid, gid: gid ?? before.gid })
    }
    return changed
  }

  async #setFileAttributes(inode: Inode, changes: AttributeChanges): Promise<void> {
    this.#checkWritable()
    const file = await this.#fileOf(inode)
    if (changes.sizeBytes !== undefined) await file.working.resize(changes.sizeBytes)
    const modified = changes.modified ?? (changes.sizeBytes === undefined ? undefined : 'now')
    file.entry = this.#withChanges(file.entry, { ...changes, modified })
    this.#saver.changed(inode)
  }

  #checkWritable(): void {
    if (this.#isOver) throw new HoltError('NODE_STOPPING', 'it is not mounted any more')
    if (this.#fixed !== null || this.#options.readOnly) throw readOnlyError()
  }

  // files

  async #fileOf(inode: Inode): Promise<FileState> {
    if (inode.file !== null) return inode.file
    if (inode.type !== 'f') throw new HoltError(inode.type === 'l' ? 'INPUT_INVALID' : 'IS_A_DIRECTORY', `${inode.name} is no file`)
    const entry = (await this.#entryOf(inode)) as FileEntry
    const redundancyClass = inode.isGone ? 'standard' : await this.#snapshot.redundancyClass(this.#table.pathOf(inode))
    inode.file ??= { working: this.#context.volume.workingFile(entry, redundancyClass), redundancyClass, entry, changes: 0, saved: 0 }
    return inode.file
  }

  async open(number: number, { forWriting }: { forWriting: boolean }): Promise<void> {
    if (forWriting) this.#checkWritable()
    const inode = this.#table.get(number)
    inode.opens++
    try {
      if (inode.file === null) await this.#fileOf(inode)
      else await this.#entryOf(inode)
    } catch (error) {
      this.close(number)
      throw error
    }
  }

  close(number: number): void {
    const inode = this.#table.get(number)
    inode.opens = Math.max(0, inode.opens - 1)
    this.#saver.letGo(inode)
    this.#table.dropIfUnused(inode)
  }

  async read(number: number, offset: number, lengthBytes: number, options: { signal: AbortSignal }): Promise<Uint8Array> {
    const inode = this.#table.get(number)
    const file = await this.#fileOf(inode)
    try {
      return await file.working.read(offset, lengthBytes, options)
    } catch (error) {
      this.#unreadable(this.#table.pathOf(inode), error)
      throw error
    }
  }

  /** The program is told that it failed, not why. Programs and kernels try again: a path is written down once a minute. */
  #unreadable(path: string, error: unknown): void {
    const { code, message } = toHoltError(error)
    const now = this.#context.now()
    if (code === 'CANCELLED' || now - (this.#reported.get(path) ?? Number.NEGATIVE_INFINITY) < REPORT_AGAIN_MS) return
    if (this.#reported.size >= MOST_REPORTED) this.#reported.clear()
    this.#reported.set(path, now)
    this.#context.log(`${path} cannot be read: ${message} (${code})`)
  }

  async write(number: number, offset: number, parts: readonly Uint8Array[]): Promise<void> {
    this.#checkWritable()
    const inode = this.#table.get(number)
    const file = await this.#fileOf(inode)
    await file.working.write(offset, parts)
    file.entry = { ...file.entry, mt: this.#now }
    inode.changed = file.entry.mt
    this.#saver.changed(inode)
    for (const { length } of parts) this.#unsealedBytes += length
    if (this.#unsealedBytes > MOST_UNSEALED_BYTES) {
      this.#unsealedBytes = 0
      if (file.working.memoryBytes > MOST_UNSEALED_BYTES) await file.working.shrink()
      else if (!inode.isGone) await this.#saver.saveSome()
    }
  }

  async clear(number: number, offset: number, lengthBytes: number): Promise<void> {
    this.#checkWritable()
    const inode = this.#table.get(number)
    const file = await this.#fileOf(inode)
    await file.working.clear(offset, lengthBytes)
    file.entry = { ...file.entry, mt: this.#now }
    this.#saver.changed(inode)
  }

  async sync(number: number | null): Promise<void> {
    if (this.#fixed === null && !this.#options.readOnly) {
      if (number === null) await this.#saver.saveAll({ isDurable: true })
      else await this.#saver.save([this.#table.get(number)], { isDurable: true })
    }
    const failure = this.#failure
    this.#failure = null
    if (failure !== null) throw failure
  }

  // names

  async create(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes> {
    const entry: FileEntry = { ...this.#newEntry(node), t: 'f', c: CHUNK_LOG2, h: 0, k: [this.#newKey()], r: null, z: 0 }
    return this.#make(place, entry)
  }

  async makeDirectory(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes> {
    return this.#make(place, { ...this.#newEntry(node), t: 'd', k: [this.#newKey()], r: null })
  }

  async makeSymlink(place: DirectoryPlace, { target, ...node }: NewNode & { target: string }): Promise<NodeAttributes> {
    return this.#make(place, { ...this.#newEntry({ ...node, mode: 0o777 }), t: 'l', to: target })
  }

  #newKey(): Uint8Array {
    return this.#context.crypto.randomBytes(KEY_BYTES)
  }

  #newEntry({ mode, uid, gid }: NewNode): Pick<FileEntry, 'm' | 'mt' | 'x'> {
    const isOwners = uid === this.#options.uid && gid === this.#options.gid
    return { m: mode & 0o7777, mt: this.#now, ...(isOwners ? {} : { x: withOwnerRecord(undefined, { uid, gid }) }) }
  }

  async #make({ parent, name }: DirectoryPlace, wanted: TreeEntry): Promise<NodeAttributes> {
    const directory = this.#table.get(parent)
    return this.#edit(async (edit) => {
      const above = await edit.stat(this.#table.pathOf(directory))
      const entry = above === null ? wanted : this.#inGroup(above, wanted)
      await edit.create(this.#table.pathOf(directory, name), entry)
      const inode = this.#table.seen(directory, name, entry)
      inode.lookups++
      return this.#told(inode, entry)
    })
  }

  /** Below a directory with the set-group-ID bit everything is of its group. */
  #inGroup(above: TreeEntry, entry: TreeEntry): TreeEntry {
    if ((above.m & SETGID) === 0) return entry
    const { gid } = ownerRecordOf(above) ?? this.#options
    const { uid } = ownerRecordOf(entry) ?? this.#options
    return { ...entry, m: entry.t === 'd' ? entry.m | SETGID : entry.m, x: withOwnerRecord(entry.x, { uid, gid }) }
  }

  async readSymlink(number: number): Promise<string> {
    const entry = await this.#entryOf(this.#table.get(number))
    if (entry.t !== 'l') throw new HoltError('INPUT_INVALID', 'it is no symlink')
    return entry.to
  }

  async remove({ parent, name }: DirectoryPlace, type: 'directory' | 'other'): Promise<void> {
    const directory = this.#table.get(parent)
    await this.#edit(async (edit) => {
      const path = this.#table.pathOf(directory, name)
      const entry = await edit.stat(path)
      if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
      if (entry.t === 'v') throw new HoltError('NOT_AUTHORIZED', `${path} is a volume`, { path })
      if (type === 'directory' && entry.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`, { path })
      if (type === 'other' && entry.t === 'd') throw new HoltError('IS_A_DIRECTORY', `${path} is a directory`, { path })
      await edit.remove(path)
      this.#removed.add(path)
      this.#lose(directory.children.get(name))
    })
  }

  #lose(inode: Inode | undefined): void {
    if (inode === undefined) return
    this.#table.lose(inode)
    this.#saver.letGo(inode)
  }

  async rename(from: DirectoryPlace, to: DirectoryPlace, how: 'replace' | 'keep' | 'exchange'): Promise<void> {
    const [source, target] = [this.#table.get(from.parent), this.#table.get(to.parent)]
    await this.#edit(async (edit) => {
      const [path, newPath] = [this.#table.pathOf(source, from.name), this.#table.pathOf(target, to.name)]
      if (path === newPath) return
      if (how === 'exchange') await edit.exchange(path, newPath)
      else await edit.move(path, newPath, { replace: how === 'replace' })
      const moved = source.children.get(from.name)
      const replaced = target.children.get(to.name)
      if (how === 'exchange') {
        if (replaced !== undefined) this.#table.move(replaced, source, from.name)
        if (moved !== undefined) this.#table.move(moved, target, to.name)
        if (moved === undefined && target.children.get(to.name) === replaced) target.children.delete(to.name)
        if (replaced !== undefined) source.children.set(from.name, replaced)
        return
      }
      this.#removed.add(path)
      this.#lose(replaced)
      if (moved !== undefined) this.#table.move(moved, target, to.name)
    })
  }

  // directories

  async openDirectory(number: number): Promise<OpenedDirectory> {
    const inode = this.#table.get(number)
    if (!inode.isGone) await this.#entryOf(inode)
    return { handle: this.#directories.add(inode, this.#pages(inode)), isTold: true }
  }

  #pages(inode: Inode): (after: string | undefined) => Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }> {
    if (inode.isGone) return async () => ({ entries: [], more: false })
    const snapshot = this.#snapshot
    const path = this.#table.pathOf(inode)
    return (after) => snapshot.list(path, { after, limit: PAGE_ENTRIES })
  }

  async list(handle: number, cookie: number, limit: number): Promise<readonly ListedName[]> {
    const inode = this.#directories.inodeOf(handle)
    if (cookie === 0) this.#directories.renew(handle, this.#pages(inode))
    try {
      return await this.#directories.list(handle, cookie, limit)
    } catch (error) {
      this.#unreadable(this.#table.pathOf(inode), error)
      throw error
    }
  }

  closeDirectory(handle: number): void {
    this.#directories.close(handle)
  }

  // extended attributes

  async extendedAttributes(number: number): Promise<Readonly<Record<string, Uint8Array>>> {
    const { x = {} } = await this.#entryOf(this.#table.get(number))
    return Object.fromEntries(Object.entries(x).filter(([name]) => name !== OWNER_ATTRIBUTE))
  }

  async setExtendedAttribute(number: number, name: string, value: Uint8Array | null): Promise<void> {
    this.#checkWritable()
    const inode = this.#table.get(number)
    const change = <E extends TreeEntry>(entry: E): E => {
      const x = Object.fromEntries(Object.entries(entry.x ?? {}).filter(([other]) => other !== name))
      if (value !== null) x[name] = value.slice()
      return { ...entry, x: Object.keys(x).length === 0 ? undefined : x }
    }
    inode.changed = this.#now
    if (inode.type === 'f') {
      const file = await this.#fileOf(inode)
      file.entry = change(file.entry)
      this.#saver.changed(inode)
      return
    }
    await this.#edit(async (edit) => {
      const path = this.#table.pathOf(inode)
      const entry = await edit.stat(path)
      if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
      await edit.setAttributes(path, { x: change(entry).x ?? {} })
    })
  }

  /** A directory's is of this machine only: a lease of it would be one of all below. */
  async lockPlace(number: number): Promise<LockPlace> {
    const inode = this.#table.get(number)
    if (this.#fixed !== null) return { identity: `${this.#fixed.sequence} ${inode.identity}`, path: null }
    const isInTree = inode.type === 'f' && !inode.isGone
    return { identity: inode.identity, path: isInTree ? this.#table.pathOf(inode) : null }
  }

  space(): Promise<TreeSpace> {
    return this.#context.space()
  }

  // what others do

  async #see({ changes }: CommitEvent): Promise<void> {
    for (const { path } of changes) {
      if (this.#removed.delete(path)) continue
      await this.#seeOne(path).catch(() => {})
    }
  }

  async #seeOne(path: string): Promise<void> {
    const inode = this.#table.find(path)
    if (inode === null) {
      if (path === '/') return
      const above = this.#table.find(parentPath(path))
      if (above === null) return
      this.#options.events.changed(above.number)
      this.#options.events.renamed(above.number, path.slice(path.lastIndexOf('/') + 1))
      return
    }
    if (inode.isChanged) return
    const entry = await this.#snapshot.stat(path)
    if (inode.isChanged || entry === inode.known) return
    const { parent, name } = inode
    const isOther = entry === null || (parent !== null && identityOf(entry) !== inode.identity)
    if (!isOther && isSameFor(inode.known, entry)) return
    if (!isOther) {
      // the kernel keeps its own size of a file while it knows its number
      if (entry.t === 'f' && inode.opens === 0 && !isSameContent(inode.known as FileEntry, entry)) this.#lose(inode)
      else this.#refresh(inode, entry)
    } else this.#lose(inode)
    this.#options.events.changed(inode.number)
    if (parent === null) return
    this.#options.events.changed(parent.number)
    if (inode.isGone) this.#options.events.renamed(parent.number, name)
  }

  async end(): Promise<void> {
    if (this.#isOver) return
    try {
      await this.sync(null)
    } finally {
      this.#isOver = true
      this.#stopWatching()
      await this.#saver.stop()
      for (const inode of this.#table.all()) {
        const { file } = inode
        inode.file = null
        await file?.working.close()
      }
      this.#context.ended()
    }
  }
}

export function readOnlyError(): HoltError {
  return new HoltError('NOT_AUTHORIZED', 'it is shown for reading only', { readOnly: true })
}

function lengthOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function isSameContent(a: FileEntry, b: FileEntry): boolean {
  return (
    a.z === b.z && (a.r === b.r || (a.r !== null && b.r !== null && a.r.length === b.r.length && a.r.every((byte, i) => byte === b.r?.[i])))
  )
}

/** What a directory holds is not of itself. */
function isSameFor(a: TreeEntry, b: TreeEntry): boolean {
  if (a.t !== b.t || a.m !== b.m || a.mt[0] !== b.mt[0] || a.mt[1] !== b.mt[1] || (a.x === undefined) !== (b.x === undefined)) return false
  return a.t !== 'f' || b.t !== 'f' || isSameContent(a, b)
}
