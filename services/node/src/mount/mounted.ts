import type {
  AttributeChanges,
  DirectoryPlace,
  LockPlace,
  MountOptions,
  NewNode,
  NodeAttributes,
  OpenMount,
} from '@holt/control/mounted-tree.ts'
import type { Snapshot, TreeEntry } from '@holt/tree/types.ts'
import { AttributeChanger } from './attribute-changer.ts'
import type { Listing } from './directory-handles.ts'
import { FileSaver } from './file-saver.ts'
import type { Inode } from './inode.ts'
import { KnownEntries } from './known-entries.ts'
import { OpenFiles } from './open-files.ts'
import { OthersChanges } from './others-changes.ts'
import { saveAtLast } from './save-at-last.ts'
import { type MountedContext, ShownPart } from './shown-part.ts'
import { treeListing } from './tree-listing.ts'
import { TreeNames } from './tree-names.ts'

/** Which directories are open, and how full the drives are, is of all that is shown in one folder. */
type OwnOfPart = Omit<OpenMount, 'openDirectory' | 'list' | 'closeDirectory' | 'space'>

/** A part of the tree, by numbers; names change in the tree at once, contents and attributes of files a moment later. */
export class Mounted implements OwnOfPart {
  readonly #part: ShownPart
  readonly #entries: KnownEntries
  readonly #saver: FileSaver
  readonly #files: OpenFiles
  readonly #names: TreeNames
  readonly #attributes: AttributeChanger
  readonly #others: OthersChanges

  constructor(context: MountedContext, options: MountOptions, what: { fixed: Snapshot | null; top: TreeEntry }) {
    const part = new ShownPart(context, options, what)
    this.#part = part
    this.#entries = new KnownEntries(part)
    this.#saver = new FileSaver({
      volume: context.volume,
      table: part.table,
      lost: (failure) => part.failures.lost(failure),
      refused: (failure) => context.log(`what was written to a mounted folder waits: ${failure.message}`),
    })
    this.#files = new OpenFiles(part, this.#entries, this.#saver)
    this.#names = new TreeNames(part, this.#entries, this.#saver)
    this.#attributes = new AttributeChanger(part, this.#entries, this.#files)
    this.#others = new OthersChanges(part, this.#entries, this.#names)
  }

  #get(number: number): Inode {
    return this.#part.table.get(number)
  }

  // what is there

  async attributes(number: number): Promise<NodeAttributes> {
    return this.#entries.attributes(this.#get(number))
  }

  lookupTop(): Promise<NodeAttributes> {
    return this.#entries.lookupTop()
  }

  lookup(place: DirectoryPlace): Promise<NodeAttributes | null> {
    return this.#entries.lookup(place)
  }

  forget(number: number, count: number): void {
    try {
      this.#part.table.forget(this.#get(number), count)
    } catch {}
  }

  async readSymlink(number: number): Promise<string> {
    return this.#entries.symlinkTarget(this.#get(number))
  }

  async openDirectory(number: number): Promise<Listing> {
    const inode = this.#get(number)
    if (!inode.isGone) await this.#entries.of(inode)
    return treeListing(this.#part, inode)
  }

  /** A directory's is of this machine only: a lease of it would be one of all below. */
  async lockPlace(number: number): Promise<LockPlace> {
    const { fixed, table } = this.#part
    const inode = this.#get(number)
    if (fixed !== null) return { identity: `${fixed.sequence} ${inode.identity}`, path: null }
    const isInTree = inode.type === 'f' && !inode.isGone
    return { identity: inode.identity, path: isInTree ? table.pathOf(inode) : null }
  }

  // names

  create(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes> {
    return this.#names.create(place, node)
  }

  makeDirectory(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes> {
    return this.#names.makeDirectory(place, node)
  }

  makeSymlink(place: DirectoryPlace, node: NewNode & { target: string }): Promise<NodeAttributes> {
    return this.#names.makeSymlink(place, node)
  }

  remove(place: DirectoryPlace, type: 'directory' | 'other'): Promise<void> {
    return this.#names.remove(place, type)
  }

  rename(from: DirectoryPlace, to: DirectoryPlace, how: 'replace' | 'keep' | 'exchange'): Promise<void> {
    return this.#names.rename(from, to, how)
  }

  // attributes

  async setAttributes(number: number, changes: AttributeChanges): Promise<NodeAttributes> {
    await this.#attributes.set(this.#get(number), changes)
    return this.attributes(number)
  }

  async extendedAttributes(number: number): Promise<Readonly<Record<string, Uint8Array>>> {
    return this.#attributes.extended(this.#get(number))
  }

  async setExtendedAttribute(number: number, name: string, value: Uint8Array | null): Promise<void> {
    await this.#attributes.setExtended(this.#get(number), name, value)
  }

  // files

  async open(number: number, options: { forWriting: boolean }): Promise<void> {
    await this.#files.open(this.#get(number), options)
  }

  close(number: number): void {
    this.#files.close(this.#get(number))
  }

  async read(number: number, offset: number, lengthBytes: number, options: { signal: AbortSignal }): Promise<Uint8Array> {
    return this.#files.read(this.#get(number), { offset, lengthBytes }, options)
  }

  async write(number: number, offset: number, parts: readonly Uint8Array[]): Promise<void> {
    await this.#files.write(this.#get(number), offset, parts)
  }

  async clear(number: number, offset: number, lengthBytes: number): Promise<void> {
    await this.#files.clear(this.#get(number), offset, lengthBytes)
  }

  async sync(number: number | null): Promise<void> {
    if (!this.#part.isReadOnly) {
      if (number === null) await this.#saver.saveAll({ isDurable: true })
      else await this.#saver.save([this.#get(number)], { isDurable: true })
    }
    this.#part.failures.throwIfLost()
  }

  async end(): Promise<void> {
    const { isOver, table, context } = this.#part
    if (isOver) return
    await this.#saver.stop()
    try {
      if (!this.#part.isReadOnly) await saveAtLast(this.#part, this.#saver)
      this.#part.failures.throwIfLost()
    } finally {
      this.#part.end()
      this.#others.stop()
      for (const inode of table.all()) {
        const { file } = inode
        inode.file = null
        await file?.working.close()
      }
      context.ended()
    }
  }
}
