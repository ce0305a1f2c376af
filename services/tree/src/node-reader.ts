import { equalBytes } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { Awaitable, Crypto } from '@holt/core/crypto.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { NodeCache, type OpenedNode } from './node-cache.ts'
import { type KeySource, keyOf, openBlock, sealedKeyNumber } from './sealed-block.ts'

export interface ReadNodeOptions {
  /** false for walks over everything, which would empty the cache of what is in use. */
  keep?: boolean
  signal?: AbortSignal
}

/** Decoded nodes hold objects and views where the content holds bytes: measured on directory leaves. */
const MEMORY_PER_CONTENT_BYTE = 7
const MEMORY_PER_NODE = 512

/** Opens nodes, from the cache where they are in it. */
export class NodeReader {
  readonly store: BlockStore
  readonly crypto: Crypto
  readonly cache: NodeCache
  /** Shared by all who work on this tree: whoever finds it over lets go of the thread. */
  readonly slice = new TimeSlice()

  constructor({ store, crypto, cache = new NodeCache() }: { store: BlockStore; crypto: Crypto; cache?: NodeCache }) {
    this.store = store
    this.crypto = crypto
    this.cache = cache
  }

  /**
   * @returns what `decode` makes of the content; the node itself and no promise when it is in the cache.
   * @throws HoltError of the store, the sealed block and the decoder.
   */
  read<T>(cid: Cid, keys: KeySource, decode: (content: Uint8Array) => T, options: ReadNodeOptions = {}): Awaitable<T> {
    const opened = this.cache.get(cid)
    if (opened !== null && opened.decode === decode && holdsKey(keys, opened)) return opened.node as T
    return this.#load(cid, keys, decode, options)
  }

  async #load<T>(cid: Cid, keys: KeySource, decode: (content: Uint8Array) => T, { keep = true, signal }: ReadNodeOptions): Promise<T> {
    const sealed = await this.store.get(cid, { signal })
    const content = await openBlock(this.crypto, keys, sealed)
    if (this.slice.isOver) await this.slice.next()
    const node = decode(content)
    const keyNumber = sealedKeyNumber(sealed)
    if (keep) this.keep(cid, { node, decode, keyNumber, key: keyOf(keys, keyNumber) as Uint8Array, contentBytes: content.length })
    return node
  }

  /** Puts a node that was just sealed where `read` finds it. */
  keep(cid: Cid, { contentBytes, ...opened }: Omit<OpenedNode, 'sizeBytes'> & { contentBytes: number }): void {
    this.cache.put(cid, { ...opened, sizeBytes: contentBytes * MEMORY_PER_CONTENT_BYTE + MEMORY_PER_NODE })
  }
}

/** A CID alone opens nothing: a directory made by someone else could name a node that its maker cannot read. */
function holdsKey(keys: KeySource, { keyNumber, key }: OpenedNode): boolean {
  const held = keyOf(keys, keyNumber)
  return held !== null && equalBytes(held, key)
}
