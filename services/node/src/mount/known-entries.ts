import type { DirectoryPlace, NodeAttributes } from '@holt/control/mounted-tree.ts'
import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FileEntry, TreeEntry } from '@holt/tree/types.ts'
import { type Inode, identityOf, typeOf } from './inode.ts'
import { ownerRecordOf } from './owner-record.ts'
import type { ShownPart } from './shown-part.ts'

/** What numbers stand for now: what the tree has, and what it does not know yet. */
export class KnownEntries {
  readonly #part: ShownPart

  constructor(part: ShownPart) {
    this.#part = part
  }

  async attributes(inode: Inode): Promise<NodeAttributes> {
    return this.told(inode, await this.of(inode))
  }

  /** @throws HoltError NOT_FOUND with `replaced` when its name is another's, or nobody's. */
  async of(inode: Inode): Promise<TreeEntry> {
    const { snapshot, table } = this.#part
    if (inode.isGone || inode.isChanged) return inode.file?.entry ?? inode.known
    const entry = await snapshot.stat(table.pathOf(inode))
    if (inode.isGone || inode.isChanged) return inode.file?.entry ?? inode.known
    if (entry === null || (inode.parent !== null && identityOf(entry) !== inode.identity)) {
      table.lose(inode)
      if (inode.file !== null) return inode.known
      throw new HoltError('NOT_FOUND', `${inode.name} is not there any more`, { replaced: true })
    }
    this.refresh(inode, entry)
    return entry
  }

  /** The tree has it like this. */
  refresh(inode: Inode, entry: TreeEntry): void {
    inode.known = entry
    const { file } = inode
    if (file === null || entry.t !== 'f') return
    const isNew = file.working.stored.r !== entry.r || file.working.stored.z !== entry.z
    if (isNew && !file.working.isChanged && !isSameContent(file.working.stored, entry)) {
      void file.working.close()
      file.working = this.#part.context.volume.workingFile(entry, file.redundancyClass)
    }
    file.entry = entry
  }

  told(inode: Inode, entry: TreeEntry): NodeAttributes {
    const { uid, gid } = ownerRecordOf(entry) ?? this.#part.options
    const changed = inode.changed ?? entry.mt
    const size = entry.t === 'f' ? (inode.file?.working.sizeBytes ?? entry.z) : entry.t === 'l' ? utf8(entry.to).length : 0
    const { number, isGone: isRemoved } = inode
    const numbers = { number, lasting: inode.lasting ?? number }
    return { ...numbers, type: typeOf[entry.t], sizeBytes: size, mode: entry.m, uid, gid, modified: entry.mt, changed, isRemoved }
  }

  /** Of what is mounted; counts as having been looked up. */
  async lookupTop(): Promise<NodeAttributes> {
    const { top } = this.#part.table
    top.lookups++
    return this.attributes(top)
  }

  async lookup({ parent, name }: DirectoryPlace): Promise<NodeAttributes | null> {
    const { snapshot, table } = this.#part
    const directory = table.get(parent)
    const entry = await snapshot.stat(table.pathOf(directory, name))
    if (entry === null) return null
    const inode = table.seen(directory, name, entry)
    inode.lookups++
    if (inode.isChanged) return this.told(inode, inode.file?.entry ?? entry)
    this.refresh(inode, entry)
    return this.told(inode, entry)
  }

  async symlinkTarget(inode: Inode): Promise<string> {
    const entry = await this.of(inode)
    if (entry.t !== 'l') throw new HoltError('INPUT_INVALID', 'it is no symlink')
    return entry.to
  }
}

export function isSameContent(a: FileEntry, b: FileEntry): boolean {
  return (
    a.z === b.z && (a.r === b.r || (a.r !== null && b.r !== null && a.r.length === b.r.length && a.r.every((byte, i) => byte === b.r?.[i])))
  )
}
