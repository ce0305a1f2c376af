import type { Cid } from '@holt/core/cid.ts'
import { DEFAULT_CLASS } from '@holt/store/class-names.ts'
import type { LiveBlocks } from '@holt/store/types.ts'
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

/** The class that files have there, unless they have their own; null in older versions, whose blocks may lie anywhere. */
type PlaceClass = string | null

interface DirectoryStep {
  ref: NodeRef
  keys: Keys
  place: PlaceClass
}

interface IndexStep {
  cid: Cid
  keys: Keys
  height: number
  place: PlaceClass
}

const BATCH = 1024

/**
 * Every CID that these versions need, and the class that the newest one wants it in. Walks the newest first and does not go again into what
 * it has seen with the same class; remembers the nodes seen, not the chunks, so that a chunk may come more than once.
 */
export class LiveWalk {
  readonly #options: LiveOptions
  readonly #seen = new CidSet()
  /** Of the newest version, by class: what two directories share may be wanted in two. */
  readonly #seenIn = new Map<string, CidSet>()
  readonly #directories: DirectoryStep[] = []
  readonly #indexes: IndexStep[] = []
  readonly #found = new Map<PlaceClass, Cid[]>()

  constructor(options: LiveOptions) {
    this.#options = options
  }

  async *batches(): AsyncGenerator<LiveBlocks> {
    this.#addEntry(this.#options.top, DEFAULT_CLASS)
    yield* this.#walkAdded()
    for await (const root of this.#roots()) {
      if (!this.#isNew(root, null)) continue
      this.#find(root, null)
      const { reader, keys } = this.#options
      const { dir } = await reader.read(root, keys, decodeRoot, this.#reading)
      this.#addEntry(dir, null)
      yield* this.#walkAdded()
    }
    yield* this.#takeFound(1)
  }

  get #reading(): { keep: false; signal?: AbortSignal } {
    return { keep: false, signal: this.#options.signal }
  }

  async *#roots(): AsyncGenerator<Cid> {
    const { reader, keys, root, history } = this.#options
    if (root !== null) yield root
    for (let leaf = history; leaf !== null; ) {
      if (this.#isNew(leaf, null)) this.#find(leaf, null)
      const { entries, prev } = await reader.read(leaf, keys, decodeHistory, this.#reading)
      for (let i = entries.length - 1; i >= 0; i--) yield (entries[i] as { root: Cid }).root
      leaf = prev
    }
  }

  #isNew(cid: Cid, place: PlaceClass): boolean {
    if (place === null) return this.#seen.add(cid)
    let seen = this.#seenIn.get(place)
    if (seen === undefined) this.#seenIn.set(place, (seen = new CidSet()))
    this.#seen.add(cid)
    return seen.add(cid)
  }

  #find(cid: Cid, place: PlaceClass): void {
    const found = this.#found.get(place)
    if (found === undefined) this.#found.set(place, [cid])
    else found.push(cid)
  }

  /** @param around the class of the directory that it is in. */
  #addEntry(entry: TreeEntry, around: PlaceClass): void {
    if (entry.t !== 'd' && entry.t !== 'f') return
    const place = around === null ? null : (entry.cl ?? around)
    if (entry.t === 'd') {
      const ref = contentOf(entry)
      if (ref !== null) this.#directories.push({ ref, keys: entry.k, place })
    } else if (entry.r !== null) {
      if (entry.h === 0) this.#find(entry.r, place)
      else this.#indexes.push({ cid: entry.r, keys: entry.k, height: entry.h, place })
    }
  }

  async *#walkAdded(): AsyncGenerator<LiveBlocks> {
    for (;;) {
      const index = this.#indexes.pop()
      const directory = index === undefined ? this.#directories.pop() : undefined
      if (index !== undefined) await this.#visitIndex(index)
      else if (directory !== undefined) await this.#visitDirectory(directory)
      else return
      yield* this.#takeFound(BATCH)
    }
  }

  *#takeFound(atLeast: number): Generator<LiveBlocks> {
    for (const [redundancyClass, cids] of this.#found) {
      if (cids.length < atLeast) continue
      this.#found.delete(redundancyClass)
      yield { cids, redundancyClass }
    }
  }

  async #visitIndex({ cid, keys, height, place }: IndexStep): Promise<void> {
    if (!this.#isNew(cid, place)) return
    this.#find(cid, place)
    const cids = await this.#options.reader.read(cid, keys, decodeIndex, this.#reading)
    for (let i = 0; i < INDEX_FANOUT; i++) {
      const child = childOf(cids, i)
      if (child === null) continue
      if (height === 1) this.#find(child, place)
      else this.#indexes.push({ cid: child, keys, height: height - 1, place })
    }
  }

  /** Directories have a class of their own wherever they are, in which they are written. */
  async #visitDirectory({ ref, keys, place }: DirectoryStep): Promise<void> {
    if (ref.cid !== null) {
      if (!this.#isNew(ref.cid, place)) return
      this.#find(ref.cid, null)
    }
    const node = await loadNode({ reader: this.#options.reader, keys, root: ref, options: this.#reading }, ref)
    if (node.kind === 'inner') for (const child of node.children) this.#directories.push({ ref: child.ref, keys, place })
    else for (const { entry } of node.entries) this.#addEntry(entry, place)
  }
}
