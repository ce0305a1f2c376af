import { checkEntry } from './entry.ts'
import { withContent } from './directory-node.ts'
import { type MergeEntries, type NamedChange, updateDirectory } from './directory-update.ts'
import { notADirectory, notOfThisVolume } from './edit-rules.ts'
import { requiredEpoch, withKeyOf } from './key-rotation.ts'
import { joinPath } from './names.ts'
import { sealingKey } from './sealed-block.ts'
import { notFound, openDirectory, type TreeSource, type Walk, walk } from './tree-walk.ts'
import type { DirectoryEntry, Time, TreeEntry } from './types.ts'

export interface WorkingTreePowers {
  source: TreeSource
  /** From now to the commit, blocks that nothing refers to are kept. */
  keepBlocks(): void
  /** Moves what is only in memory into the store. @returns the entry with what it holds sealed. */
  unload(top: DirectoryEntry): Promise<DirectoryEntry>
}

export interface UpdateOptions {
  merge?: MergeEntries
  /** Becomes that of the directory. */
  time?: Time
}

/** What an edit has put beyond this does not stay in memory. */
const UNLOAD_BYTES = 8 << 20
/** What any change holds in memory beside the entries it puts. */
const CHANGE_BYTES = 128

/** A tree that changes by making new nodes: whoever holds an older `top` still has the tree as it was. */
export class WorkingTree {
  top: DirectoryEntry
  /** About what the changes hold in memory at most. */
  putBytes = 0
  readonly #powers: WorkingTreePowers
  #bytesSinceUnload = 0

  constructor(top: DirectoryEntry, powers: WorkingTreePowers) {
    this.top = top
    this.#powers = powers
  }

  /** @throws HoltError NOT_A_DIRECTORY; NOT_AUTHORIZED inside a graft. */
  async walk(names: readonly string[]): Promise<Walk> {
    const found = await walk(this.#powers.source, this.top, names)
    if (found.isGrafted) throw notOfThisVolume(joinPath(names))
    return found
  }

  /** @throws HoltError as `walk`, and NOT_FOUND. */
  async walkTo(names: readonly string[]): Promise<{ entry: TreeEntry; passed: DirectoryEntry[] }> {
    const { entry, passed } = await this.walk(names)
    if (entry === null) throw notFound(names)
    return { entry, passed }
  }

  /** The entry may be missing, but nothing above it. @throws HoltError as `walk`, and NOT_FOUND. */
  async walkToPlace(names: readonly string[]): Promise<TreeEntry | null> {
    const { entry, passed } = await this.walk(names)
    if (passed.length < names.length) throw notFound(names.slice(0, passed.length))
    return entry
  }

  /** Changes names of one directory, and with it every directory above. */
  async update(names: readonly string[], changes: readonly NamedChange[], { merge, time }: UpdateOptions = {}): Promise<void> {
    const { entry, passed } = await this.walkTo(names)
    if (entry.t === 'v') throw notOfThisVolume(joinPath(names))
    if (entry.t !== 'd') throw notADirectory(joinPath(names))
    const directories = [...passed, entry]
    let changed = await this.#updated(directories, changes, merge)
    if (time !== undefined) changed = { ...changed, mt: time }
    for (let depth = names.length - 1; depth >= 0; depth--) {
      // what is as it was leaves everything above it as it was
      if (changed === directories[depth + 1]) return
      changed = await this.#updated(directories.slice(0, depth + 1), [{ name: names[depth] as string, entry: changed }])
    }
    this.top = changed
    this.countPut(CHANGE_BYTES)
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

  /** Puts a name into the directory above it, or removes it. */
  async replace(names: readonly string[], entry: TreeEntry | null, options?: UpdateOptions): Promise<void> {
    await this.update(names.slice(0, -1), [{ name: names.at(-1) as string, entry }], options)
  }

  /** Changes one entry, the top's too. @throws HoltError INPUT_INVALID for what `change` makes of it. */
  async changeEntry(names: readonly string[], change: (entry: TreeEntry) => TreeEntry): Promise<void> {
    const { entry } = await this.walkTo(names)
    const changed = checkEntry(change(entry))
    if (names.length === 0) this.top = changed as DirectoryEntry
    else await this.replace(names, changed)
  }

  countPut(sizeBytes: number): void {
    this.putBytes += sizeBytes
    this.#bytesSinceUnload += sizeBytes
  }

  async #unloadIfLarge(): Promise<void> {
    if (this.#bytesSinceUnload < UNLOAD_BYTES) return
    this.#powers.keepBlocks()
    this.top = await this.#powers.unload(this.top)
    this.#bytesSinceUnload = 0
  }
}
