import type { AttributeChanges } from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkEntry } from '@holt/tree/entry.ts'
import type { FileEntry } from '@holt/tree/types.ts'
import type { FileSaver } from './file-saver.ts'
import type { FileState, Inode } from './inode.ts'
import type { KnownEntries } from './known-entries.ts'
import type { ShownPart } from './shown-part.ts'

/** A file may have this much unsealed in memory. */
const MOST_UNSEALED_BYTES = 32 << 20

/** Contents of files: what is written gathers in memory, and the saver puts it into the tree. */
export class OpenFiles {
  readonly #part: ShownPart
  readonly #entries: KnownEntries
  readonly #saver: FileSaver
  #unsealedBytes = 0

  constructor(part: ShownPart, entries: KnownEntries, saver: FileSaver) {
    this.#part = part
    this.#entries = entries
    this.#saver = saver
  }

  async stateOf(inode: Inode): Promise<FileState> {
    if (inode.file !== null) return inode.file
    if (inode.type !== 'f') throw new HoltError(inode.type === 'l' ? 'INPUT_INVALID' : 'IS_A_DIRECTORY', `${inode.name} is no file`)
    const entry = (await this.#entries.of(inode)) as FileEntry
    const { snapshot, table, context } = this.#part
    const redundancyClass = inode.isGone ? 'standard' : await snapshot.redundancyClass(table.pathOf(inode))
    inode.file ??= { working: context.volume.workingFile(entry, redundancyClass), redundancyClass, entry, changes: 0, saved: 0 }
    return inode.file
  }

  async open(inode: Inode, { forWriting }: { forWriting: boolean }): Promise<void> {
    if (forWriting) this.#part.checkWritable()
    inode.opens++
    try {
      if (inode.file === null) await this.stateOf(inode)
      else await this.#entries.of(inode)
    } catch (error) {
      this.close(inode)
      throw error
    }
  }

  close(inode: Inode): void {
    inode.opens = Math.max(0, inode.opens - 1)
    this.#saver.letGo(inode)
    this.#part.table.dropIfUnused(inode)
  }

  async read(inode: Inode, range: { offset: number; lengthBytes: number }, options: { signal: AbortSignal }): Promise<Uint8Array> {
    const { failures, table } = this.#part
    const { working } = await this.stateOf(inode)
    return failures.reporting(() => table.pathOf(inode), working.read(range.offset, range.lengthBytes, options))
  }

  async write(inode: Inode, offset: number, parts: readonly Uint8Array[]): Promise<void> {
    this.#part.checkWritable()
    const sizeBytes = parts.reduce((sum, { length }) => sum + length, 0)
    if (offset + sizeBytes > Number.MAX_SAFE_INTEGER) throw new HoltError('TOO_LARGE', 'no file is so long', { offset, sizeBytes })
    const file = await this.stateOf(inode)
    await file.working.write(offset, parts)
    this.#touched(inode, file)
    this.#unsealedBytes += sizeBytes
    if (this.#unsealedBytes > MOST_UNSEALED_BYTES) {
      this.#unsealedBytes = 0
      if (file.working.memoryBytes > MOST_UNSEALED_BYTES) await file.working.shrink()
      else if (!inode.isGone) await this.#saver.saveSome()
    }
  }

  async clear(inode: Inode, offset: number, lengthBytes: number): Promise<void> {
    this.#part.checkWritable()
    const file = await this.stateOf(inode)
    await file.working.clear(offset, lengthBytes)
    this.#touched(inode, file)
  }

  #touched(inode: Inode, file: FileState): void {
    file.entry = { ...file.entry, mt: this.#part.now }
    inode.changed = file.entry.mt
    this.#saver.changed(inode)
  }

  /** Of its entry, beside what its content says. @throws HoltError INPUT_INVALID, TOO_LARGE: what no tree takes would keep others from being saved. */
  async change(
    inode: Inode,
    change: (entry: FileEntry) => FileEntry,
    { sizeBytes }: Pick<AttributeChanges, 'sizeBytes'> = {},
  ): Promise<void> {
    this.#part.checkWritable()
    const file = await this.stateOf(inode)
    checkEntry(change(file.entry))
    if (sizeBytes !== undefined) await file.working.resize(sizeBytes)
    file.entry = change(file.entry)
    this.#saver.changed(inode)
  }
}
