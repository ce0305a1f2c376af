import type { LiveBlocks } from '@holt/store/types.ts'
import type { BlockWriter } from '@holt/tree/block-writer.ts'
import type {
  CommitEvent,
  Edit,
  EntryAttributes,
  FencingToken,
  FileEntry,
  GraftedVolume,
  LazyEdit,
  Retention,
  Snapshot,
  Time,
  TreeEntry,
  VersionName,
  Volume,
} from '@holt/tree/types.ts'
import type { WorkingFile } from '@holt/tree/working-file.ts'
import { checkNotHidden, isHidden } from './hidden-area.ts'
import { visiblePage, VisibleSnapshot } from './visible-snapshot.ts'

/** The root volume as everybody but the trash and its like sees it. */
export class VisibleVolume implements Volume {
  readonly id: Uint8Array
  readonly #whole: Volume

  constructor(whole: Volume) {
    this.#whole = whole
    this.id = whole.id
  }

  current(): Snapshot {
    return new VisibleSnapshot(this.#whole.current())
  }

  async at(version: number | Date | VersionName): Promise<Snapshot> {
    return new VisibleSnapshot(await this.#whole.at(version))
  }

  versions(): AsyncIterable<VersionName> {
    return this.#whole.versions()
  }

  edit<T>(change: (edit: Edit) => Promise<T>, options?: { token?: FencingToken | null; lazy?: LazyEdit | null }): Promise<T> {
    return this.#whole.edit((edit) => change(new VisibleEdit(edit)), options)
  }

  workingFile(entry: FileEntry, redundancyClass: string): WorkingFile {
    return this.#whole.workingFile(entry, redundancyClass)
  }

  blockWriter(redundancyClass: string): BlockWriter {
    return this.#whole.blockWriter(redundancyClass)
  }

  watch(listener: (event: CommitEvent) => void): () => void {
    return this.#whole.watch(({ sequence, changes }) => listener({ sequence, changes: changes.filter(({ path }) => !isHidden(path)) }))
  }

  prune(retention: Retention): Promise<number> {
    return this.#whole.prune(retention)
  }

  live(options?: { signal?: AbortSignal }): AsyncIterable<LiveBlocks> {
    return this.#whole.live(options)
  }

  async revokeReaders(path: string): Promise<void> {
    checkNotHidden(path)
    await this.#whole.revokeReaders(path)
  }

  close(): Promise<void> {
    return this.#whole.close()
  }
}

/** Refuses what would change the hidden area, and does not show it. */
class VisibleEdit implements Edit {
  readonly #whole: Edit

  constructor(whole: Edit) {
    this.#whole = whole
  }

  async stat(path: string): Promise<TreeEntry | null> {
    return isHidden(path) ? null : this.#whole.stat(path)
  }

  async list(
    path: string,
    options?: { after?: string; limit?: number },
  ): Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }> {
    checkNotHidden(path)
    return visiblePage(path === '/', (given) => this.#whole.list(path, given), options)
  }

  async redundancyClass(path: string): Promise<string> {
    return this.#whole.redundancyClass(path)
  }

  async putEntries(directory: string, entries: readonly { name: string; entry: TreeEntry }[]): Promise<void> {
    checkNotHidden(directory)
    if (directory === '/') for (const { name } of entries) checkNotHidden(`/${name}`)
    await this.#whole.putEntries(directory, entries)
  }

  async create(path: string, entry: TreeEntry): Promise<void> {
    checkNotHidden(path)
    await this.#whole.create(path, entry)
  }

  async exchange(one: string, other: string): Promise<void> {
    checkNotHidden(one)
    checkNotHidden(other)
    await this.#whole.exchange(one, other)
  }

  async makeDirectory(path: string, options?: { parents?: boolean; mode?: number; time?: Time }): Promise<void> {
    checkNotHidden(path)
    await this.#whole.makeDirectory(path, options)
  }

  async move(from: string, to: string, options?: { replace?: boolean }): Promise<void> {
    checkNotHidden(from)
    checkNotHidden(to)
    await this.#whole.move(from, to, options)
  }

  async remove(path: string, options?: { recursive?: boolean }): Promise<void> {
    checkNotHidden(path)
    await this.#whole.remove(path, options)
  }

  async setAttributes(path: string, attributes: EntryAttributes): Promise<void> {
    checkNotHidden(path)
    await this.#whole.setAttributes(path, attributes)
  }

  async write(path: string, offset: number, bytes: Uint8Array): Promise<void> {
    checkNotHidden(path)
    await this.#whole.write(path, offset, bytes)
  }

  async truncate(path: string, sizeBytes: number): Promise<void> {
    checkNotHidden(path)
    await this.#whole.truncate(path, sizeBytes)
  }

  async graft(path: string, volume: GraftedVolume): Promise<void> {
    checkNotHidden(path)
    await this.#whole.graft(path, volume)
  }
}
