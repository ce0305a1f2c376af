import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { CidSet } from '@holt/tree/cid-set.ts'
import { listEntries } from '@holt/tree/directory.ts'
import { contentOf } from '@holt/tree/directory-node.ts'
import { EntryCursor } from '@holt/tree/entry-cursor.ts'
import { epochOf } from '@holt/tree/key-rotation.ts'
import { LiveWalk } from '@holt/tree/live.ts'
import { isSameEntry } from '@holt/tree/merge/merge-entry.ts'
import { compareNames } from '@holt/tree/names.ts'
import type { NodeReader } from '@holt/tree/node-reader.ts'
import type { DirectoryEntry, FileEntry, TreeEntry } from '@holt/tree/types.ts'

/** What somebody else made may not be made to wear this node out. */
export const MOST_BLOCKS = 1 << 20
const MOST_DEPTH = 100
/** Names of classes are anybody's to choose, and each has packs of its own. */
const MOST_CLASSES = 8
const AT_ONCE = 16

interface Directory {
  dir: DirectoryEntry
  /** What is here by that name; only what differs is looked at. */
  known: DirectoryEntry | null
  depth: number
}

export interface BroughtFolder {
  /** Of what is known and complete here; null when nothing is. */
  known: DirectoryEntry | null
  dir: DirectoryEntry
  /** No key below may be of a later one: it would not be replaced when a reader is shut out. */
  mostEpoch: number
  onChunks: (cids: readonly Cid[]) => Promise<void>
}

/**
 * Reads every node of a folder that `known` does not have, by a reader whose store gets from the other node what it lacks, and names all contents.
 *
 * @returns the latest epoch of what is new.
 * @throws HoltError TOO_LARGE, NOT_AUTHORIZED for what no honest node makes; of the reader.
 */
export async function bringFolder(reader: NodeReader, folder: BroughtFolder): Promise<number> {
  const walk = new FolderWalk(reader, folder)
  await walk.run()
  return walk.epoch
}

class FolderWalk {
  readonly #reader: NodeReader
  readonly #folder: BroughtFolder
  readonly #seen = new CidSet()
  readonly #classes = new Set<string>()
  epoch = 0
  #blocks = 0

  constructor(reader: NodeReader, folder: BroughtFolder) {
    this.#reader = reader
    this.#folder = folder
  }

  async run(): Promise<void> {
    const { known, dir } = this.#folder
    this.#check(dir, 0)
    const waiting: Directory[] = [{ dir, known, depth: 0 }]
    while (waiting.length > 0) {
      const found = await Promise.all(waiting.splice(-AT_ONCE).map((one) => this.#directory(one)))
      for (const below of found) waiting.push(...below)
    }
  }

  /** @returns directories in it that are new or changed. */
  async #directory({ dir, known, depth }: Directory): Promise<Directory[]> {
    const root = contentOf(dir)
    if (root?.cid && known === null && !this.#isNew(root.cid)) return []
    const below: Directory[] = []
    const before = new EntryCursor(this.#reader, known)
    await before.next()
    for await (const entries of listEntries({ reader: this.#reader, keys: dir.k, root })) {
      this.#count(1)
      for (const { name, entry } of entries) {
        while (before.at !== null && compareNames(before.at.name, name) < 0) await before.next()
        const old = before.at?.name === name ? before.at.entry : null
        if (isSameEntry(old, entry)) continue
        this.#check(entry, depth + 1)
        if (entry.t === 'd') below.push({ dir: entry, known: old?.t === 'd' ? old : null, depth: depth + 1 })
        else if (entry.t === 'f') await this.#file(entry)
      }
    }
    return below
  }

  #check(entry: TreeEntry, depth: number): void {
    if (entry.t === 'v') throw new HoltError('NOT_AUTHORIZED', 'a shared folder has no other volumes in it')
    const [e, cl] = [epochOf(entry), entry.t === 'l' ? undefined : entry.cl]
    this.epoch = Math.max(this.epoch, e)
    if (e > this.#folder.mostEpoch) throw new HoltError('NOT_AUTHORIZED', 'keys in the folder are later than those of its volume')
    if (cl !== undefined) this.#classes.add(cl)
    if (depth > MOST_DEPTH || this.#classes.size > MOST_CLASSES) throw tooLarge()
  }

  /** Small files are most files. */
  async #file(file: FileEntry): Promise<void> {
    if (file.r === null) return
    if (file.h === 0) return this.#chunks([file.r])
    for await (const { cids } of new LiveWalk({ reader: this.#reader, keys: [], top: file, root: null, history: null }).batches())
      await this.#chunks(cids)
  }

  async #chunks(cids: readonly Cid[]): Promise<void> {
    const fresh = cids.filter((cid) => this.#isNew(cid))
    if (fresh.length > 0) await this.#folder.onChunks(fresh)
  }

  #isNew(cid: Cid): boolean {
    if (!this.#seen.add(cid)) return false
    this.#count(1)
    return true
  }

  #count(blocks: number): void {
    this.#blocks += blocks
    if (this.#blocks > MOST_BLOCKS) throw tooLarge()
  }
}

function tooLarge(): HoltError {
  return new HoltError('TOO_LARGE', 'this is too much, or too deep, for a shared folder')
}
