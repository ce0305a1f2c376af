import type { AttributeChanges } from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { TreeEntry } from '@holt/tree/types.ts'
import type { Inode } from './inode.ts'
import type { KnownEntries } from './known-entries.ts'
import type { OpenFiles } from './open-files.ts'
import { OWNER_ATTRIBUTE, ownerRecordOf, withOwnerRecord } from './owner-record.ts'
import type { ShownPart } from './shown-part.ts'

type Change = <E extends TreeEntry>(entry: E) => E

/** Modes, owners, times and extended attributes: of files saved with their contents, of all else changed in the tree at once. */
export class AttributeChanger {
  readonly #part: ShownPart
  readonly #entries: KnownEntries
  readonly #files: OpenFiles

  constructor(part: ShownPart, entries: KnownEntries, files: OpenFiles) {
    this.#part = part
    this.#entries = entries
    this.#files = files
  }

  async set(inode: Inode, changes: AttributeChanges): Promise<void> {
    const { sizeBytes } = changes
    const modified = changes.modified ?? (inode.type === 'f' && sizeBytes !== undefined ? 'now' : undefined)
    const change: Change = (entry) => this.#withChanges(entry, { ...changes, modified })
    if (inode.type === 'f') await this.#files.change(inode, change, sizeBytes === undefined ? {} : { sizeBytes })
    else await this.#changeInTree(inode, change)
    inode.changed = this.#part.now
  }

  #withChanges<E extends TreeEntry>(entry: E, { mode, uid, gid, modified }: AttributeChanges): E {
    const changed = { ...entry, m: mode ?? entry.m }
    if (modified !== undefined) changed.mt = modified === 'now' ? this.#part.now : modified
    if (uid !== undefined || gid !== undefined) {
      const before = ownerRecordOf(entry) ?? this.#part.options
      changed.x = withOwnerRecord(entry.x, { uid: uid ?? before.uid, gid: gid ?? before.gid })
    }
    return changed
  }

  async #changeInTree(inode: Inode, change: Change): Promise<void> {
    const path = this.#part.table.pathOf(inode)
    await this.#part.edit(async (edit) => {
      const entry = await edit.stat(path)
      if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
      const { m, mt, x } = change(entry)
      await edit.setAttributes(path, { m, mt, x: x ?? (entry.x === undefined ? undefined : {}) })
    })
  }

  /** Without Holt's own. */
  async extended(inode: Inode): Promise<Readonly<Record<string, Uint8Array>>> {
    const { x = {} } = await this.#entries.of(inode)
    return Object.fromEntries(Object.entries(x).filter(([name]) => name !== OWNER_ATTRIBUTE))
  }

  /** null removes. */
  async setExtended(inode: Inode, name: string, value: Uint8Array | null): Promise<void> {
    this.#part.checkWritable()
    const kept = value?.slice()
    const change: Change = (entry) => {
      const x = Object.fromEntries(Object.entries(entry.x ?? {}).filter(([other]) => other !== name))
      if (kept !== undefined) x[name] = kept
      return { ...entry, x: Object.keys(x).length === 0 ? undefined : x }
    }
    inode.changed = this.#part.now
    if (inode.type === 'f') await this.#files.change(inode, change)
    else await this.#changeInTree(inode, change)
  }
}
