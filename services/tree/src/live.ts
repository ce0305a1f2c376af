import type { Cid } from '@holt/core/cid.ts'
import { CidSet } from './cid-set.ts'
import { contentOf, loadNode, type NodeRef } from './directory-node.ts'
import type { NodeReader } from './node-reader.ts'
import { childOf, decodeHistory, decodeIndex, decodeRoot, INDEX_FANOUT } from './nodes.ts'
import type { KeySource } from './sealed-block.ts'
import type { Keys, TreeEntry } from './types.ts'

export interface LiveOptions {
  reader: NodeReader
  keys: KeySource
  /** What edits have made that is not durable yet; or whatever entry the walk is of. */
  top: TreeEntry
  /** The newest version; null when there is none. */
  root: Cid | null
  history: Cid | null
  signal?: AbortSignal
}

interface DirectoryStep {
  ref: NodeRef
  keys: Keys
}

interface IndexStep {
  cid: Cid
  keys: Keys
  height: number
}

const BATCH = 1024

/**
 * Every CID that these versions need. Walks the newest first and does not go again into what it has seen; remembers
 * the nodes seen, not the chunks, so that a chunk may come more than once.
 */
export class LiveWalk {
  readonly #options: LiveOptions
  readonly #seen = new CidSet()
  readonly #directories: DirectoryStep[] = []
  readonly #indexes: IndexStep[] = []
  #found: Cid[] = []

  constructor(options: LiveOptions) {
    this.#options = options
  }

  async *batches(): AsyncGenerator<Cid[]> {
    this.#addEntry(this.#options.top)
    yield* this.#walkAdded()
    for await (const root of this.#roots()) {
      if (!this.#isNew(root)) continue
      const { reader, keys } = this.#options
      const { dir } = await reader.read(root, keys, decodeRoot, this.#reading)
      this.#addEntry(dir)
      yield* this.#walkAdded()
    }
    if (this.#found.length > 0) yield this.#found
  }

  get #reading(): { keep: false; signal?: AbortSignal } {
    return { keep: false, signal: this.#options.signal }
  }

  async *#roots(): AsyncGenerator<Cid> {
    const { reader, keys, root, history } = this.#options
    if (root !== null) yield root
    for (let leaf = history; leaf !== null; ) {
      this.#isNew(leaf)
      const { entries, prev } = await reader.read(leaf, keys, decodeHistory, this.#reading)
      for (let i = entries.length - 1; i >= 0; i--) yield (entries[i] as { root: Cid }).root
      leaf = prev
    }
  }

  /** Reports a node. @returns false when it was seen before. */
  #isNew(cid: Cid): boolean {
    if (!this.#seen.add(cid)) return false
    this.#found.push(cid)
    return true
  }

  #addEntry(entry: TreeEntry): void {
    if (entry.t === 'd') {
      const ref = contentOf(entry)
      if (ref !== null) this.#directories.push({ ref, keys: entry.k })
    } else if (entry.t === 'f' && entry.r !== null) {
      if (entry.h === 0) this.#found.push(entry.r)
      else this.#indexes.push({ cid: entry.r, keys: entry.k, height: entry.h })
    }
  }

  async *#walkAdded(): AsyncGenerator<Cid[]> {
    for (;;) {
      const index = this.#indexes.pop()
      const directory = index === undefined ? this.#directories.pop() : undefined
      if (index !== undefined) await this.#visitIndex(index)
      else if (directory !== undefined) await this.#visitDirectory(directory)
      else return
      if (this.#found.length >= BATCH) {
        yield this.#found
        this.#found = []
      }
    }
  }

  async #visitIndex({ cid, keys, height }: IndexStep): Promise<void> {
    if (!this.#isNew(cid)) return
    const cids = await this.#options.reader.read(cid, keys, decodeIndex, this.#reading)
    for (let i = 0; i < INDEX_FANOUT; i++) {
      const child = childOf(cids, i)
      if (child === null) continue
      if (height === 1) this.#found.push(child)
      else this.#indexes.push({ cid: child, keys, height: height - 1 })
    }
  }

  async #visitDirectory({ ref, keys }: DirectoryStep): Promise<void> {
    if (ref.cid !== null && !this.#isNew(ref.cid)) return
    const node = await loadNode({ reader: this.#options.reader, keys, root: ref, options: this.#reading }, ref)
    if (node.kind === 'inner') for (const child of node.children) this.#directories.push({ ref: child.ref, keys })
    else for (const { entry } of node.entries) this.#addEntry(entry)
  }
}
