import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { CidSet } from '@holt/tree/cid-set.ts'
import { contentOf, loadNode, type NodeRef } from '@holt/tree/directory-node.ts'
import { epochOf } from '@holt/tree/key-rotation.ts'
import { LiveWalk } from '@holt/tree/live.ts'
import { DirectoryMerge, type MergeTarget } from '@holt/tree/merge/merge-directories.ts'
import type { NodeReader } from '@holt/tree/node-reader.ts'
import type { DirectoryEntry, FileEntry, Keys, TreeEntry } from '@holt/tree/types.ts'

/** What somebody else made may not be made to wear this node out. */
export const MOST_BLOCKS = 1 << 20
const MOST_DEPTH = 100
/** Names of classes are anybody's to choose, and each has packs of its own. */
const MOST_CLASSES = 8
const AT_ONCE = 16

interface Directory {
  ref: NodeRef
  keys: Keys
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
    if (known === null) return this.#walk(dir, 0)
    const target: MergeTarget = {
      change: async (directory, changes) => {
        for (const { entry, old } of changes) {
          if (entry === null) continue
          this.#check(entry, directory.length)
          if (entry.t !== 'd' || old?.t !== 'd') await this.#walk(entry, directory.length)
        }
      },
      setFields: async (directory, { e = 0, cl }) => this.#checkKeys({ e, cl, depth: directory.length }),
      conflict: () => {},
    }
    await new DirectoryMerge(this.#reader, { wins: 'theirs', target, opensAll: true }).run({ base: known, ours: known, theirs: dir })
  }

  #check(entry: TreeEntry, depth: number): void {
    if (entry.t === 'v') throw new HoltError('NOT_AUTHORIZED', 'a shared folder has no other volumes in it')
    this.#checkKeys({ e: epochOf(entry), cl: entry.t === 'l' ? undefined : entry.cl, depth })
  }

  #checkKeys({ e, cl, depth }: { e: number; cl: string | undefined; depth: number }): void {
    this.epoch = Math.max(this.epoch, e)
    if (e > this.#folder.mostEpoch) throw new HoltError('NOT_AUTHORIZED', 'keys in the folder are later than those of its volume')
    if (cl !== undefined) this.#classes.add(cl)
    if (depth > MOST_DEPTH || this.#classes.size > MOST_CLASSES) throw tooLarge()
  }

  async #walk(entry: TreeEntry, depth: number): Promise<void> {
    if (entry.t === 'f') return this.#file(entry)
    if (entry.t !== 'd') return
    const waiting: Directory[] = []
    const add = ({ k: keys }: DirectoryEntry, ref: NodeRef | null, at: number): void => void (ref && waiting.push({ ref, keys, depth: at }))
    add(entry, contentOf(entry), depth + 1)
    while (waiting.length > 0) {
      const some = waiting.splice(-AT_ONCE).filter(({ ref }) => ref.cid === null || this.#isNew(ref.cid))
      const nodes = await Promise.all(some.map(async ({ ref, keys }) => loadNode({ reader: this.#reader, keys, root: ref }, ref)))
      for (const [i, node] of nodes.entries()) {
        const { keys, depth: at } = some[i] as Directory
        if (node.kind === 'inner') for (const { ref } of node.children) waiting.push({ ref, keys, depth: at })
        else
          for (const { entry: below } of node.entries) {
            this.#check(below, at)
            if (below.t === 'd') add(below, contentOf(below), at + 1)
            else if (below.t === 'f') await this.#file(below)
          }
      }
    }
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
    if (++this.#blocks > MOST_BLOCKS) throw tooLarge()
    return true
  }
}

function tooLarge(): HoltError {
  return new HoltError('TOO_LARGE', 'this is too much, or too deep, for a shared folder')
}
