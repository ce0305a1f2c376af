import type { DirectoryPlace, NewNode, NodeAttributes } from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'
import { KEY_BYTES } from '@holt/tree/entry.ts'
import type { FileEntry, TreeEntry } from '@holt/tree/types.ts'
import { type FileSaver, isRefusal } from './file-saver.ts'
import type { Inode } from './inode.ts'
import type { KnownEntries } from './known-entries.ts'
import { ownerRecordOf, withOwnerRecord } from './owner-record.ts'
import type { ShownPart } from './shown-part.ts'

/** Files that are changed in place. */
const CHUNK_LOG2 = 16
const SETGID = 0o2000

/** Names that come, go and move: in the tree at once. */
export class TreeNames {
  readonly #part: ShownPart
  readonly #entries: KnownEntries
  readonly #saver: FileSaver
  /** Removed here, and not told of yet. */
  readonly #removed = new Set<string>()

  constructor(part: ShownPart, entries: KnownEntries, saver: FileSaver) {
    this.#part = part
    this.#entries = entries
    this.#saver = saver
  }

  /** Whether that it is gone is no news. */
  wasRemovedHere(path: string): boolean {
    return this.#removed.delete(path)
  }

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
    return this.#part.context.crypto.randomBytes(KEY_BYTES)
  }

  #newEntry({ mode, uid, gid }: NewNode): Pick<FileEntry, 'm' | 'mt' | 'x'> {
    const { options, now } = this.#part
    const isOwners = uid === options.uid && gid === options.gid
    return { m: mode & 0o7777, mt: now, ...(isOwners ? {} : { x: withOwnerRecord(undefined, { uid, gid }) }) }
  }

  async #make({ parent, name }: DirectoryPlace, wanted: TreeEntry): Promise<NodeAttributes> {
    const { table } = this.#part
    const directory = table.get(parent)
    return this.#part.edit(async (edit) => {
      const above = await edit.stat(table.pathOf(directory))
      const entry = above === null ? wanted : this.#inGroup(above, wanted)
      await edit.create(table.pathOf(directory, name), entry)
      const inode = table.seen(directory, name, entry)
      inode.lookups++
      return this.#entries.told(inode, entry)
    })
  }

  /** Below a directory with the set-group-ID bit everything is of its group. */
  #inGroup(above: TreeEntry, entry: TreeEntry): TreeEntry {
    if ((above.m & SETGID) === 0) return entry
    const { gid } = ownerRecordOf(above) ?? this.#part.options
    const { uid } = ownerRecordOf(entry) ?? this.#part.options
    return { ...entry, m: entry.t === 'd' ? entry.m | SETGID : entry.m, x: withOwnerRecord(entry.x, { uid, gid }) }
  }

  async remove({ parent, name }: DirectoryPlace, type: 'directory' | 'other'): Promise<void> {
    const { table } = this.#part
    const directory = table.get(parent)
    await this.#part.edit(async (edit) => {
      const path = table.pathOf(directory, name)
      const entry = await edit.stat(path)
      if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
      if (entry.t === 'v') throw new HoltError('NOT_AUTHORIZED', `${path} is a volume`, { path })
      if (type === 'directory' && entry.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`, { path })
      if (type === 'other' && entry.t === 'd') throw new HoltError('IS_A_DIRECTORY', `${path} is a directory`, { path })
      await edit.remove(path)
      this.#removed.add(path)
      this.lose(directory.children.get(name))
    })
  }

  /** Its name is another's or nobody's. */
  lose(inode: Inode | undefined): void {
    if (inode === undefined) return
    this.#part.table.lose(inode)
    this.#saver.letGo(inode)
  }

  async rename(from: DirectoryPlace, to: DirectoryPlace, how: 'replace' | 'keep' | 'exchange'): Promise<void> {
    const { table } = this.#part
    const [source, target] = [table.get(from.parent), table.get(to.parent)]
    if (how === 'replace') await this.#saveBefore(table.pathOf(target, to.name), source.children.get(from.name))
    await this.#part.edit(async (edit) => {
      const [path, newPath] = [table.pathOf(source, from.name), table.pathOf(target, to.name)]
      if (path === newPath) return
      if (how === 'exchange') await edit.exchange(path, newPath)
      else await edit.move(path, newPath, { replace: how === 'replace' })
      const moved = source.children.get(from.name)
      const replaced = target.children.get(to.name)
      if (how === 'exchange') {
        if (replaced !== undefined) table.move(replaced, source, from.name)
        if (moved !== undefined) table.move(moved, target, to.name)
        if (moved === undefined && target.children.get(to.name) === replaced) target.children.delete(to.name)
        if (replaced !== undefined) source.children.set(from.name, replaced)
        return
      }
      this.#removed.add(path)
      this.lose(replaced)
      if (moved !== undefined) table.move(moved, target, to.name)
    })
  }

  /** Who writes a file anew and renames it over the old one, without a sync, is not to be left with neither when the power goes. */
  async #saveBefore(replaced: string, moved: Inode | undefined): Promise<void> {
    if (moved?.isChanged !== true || moved.isGone || (await this.#part.snapshot.stat(replaced)) === null) return
    await this.#saver.save([moved], { isDurable: false }).catch((error: unknown) => {
      // it waits for a lease, as it would have
      if (!isRefusal(error)) throw error
    })
  }
}
