import type { Cid } from '@holt/core/cid.ts'
import { BlockWriter } from './block-writer.ts'
import { type DirectoryNode, type NodeRef, openDirectoryNode, unsealedContentOf, withContent } from './directory-node.ts'
import type { NodeReader } from './node-reader.ts'
import { encodeDirectoryInner, encodeDirectoryLeaf, type NamedEntry } from './nodes.ts'
import type { SealingKey } from './sealed-block.ts'
import type { DirectoryEntry } from './types.ts'

/**
 * Seals what is only in memory, from the bottom up, in slices short enough for the main thread. A node counts as
 * sealed only when the store has taken its block: after a failure it is still in memory.
 */
export class TreeSealer {
  readonly #reader: NodeReader
  readonly #writers = new Map<string, BlockWriter>()
  /** Sealed, but perhaps not appended yet. */
  readonly #cids = new Map<NodeRef, Cid>()

  constructor(reader: NodeReader) {
    this.#reader = reader
  }

  /** @returns the entry with its `r`; readable after `flush`. */
  async sealDirectory(entry: DirectoryEntry, inheritedClass: string): Promise<DirectoryEntry> {
    const ref = unsealedContentOf(entry)
    if (ref === null) return entry
    const redundancyClass = entry.cl ?? inheritedClass
    const cid = ref.cid ?? this.#cids.get(ref) ?? (await this.#sealNode(ref, redundancyClass))
    return { ...withContent(entry, null), r: cid }
  }

  /** Seals any content. */
  async write(key: SealingKey, content: Uint8Array, redundancyClass: string): Promise<Cid> {
    return this.#writer(redundancyClass).write(key, content)
  }

  async flush(): Promise<void> {
    for (const writer of this.#writers.values()) await writer.flush()
  }

  #writer(redundancyClass: string): BlockWriter {
    let writer = this.#writers.get(redundancyClass)
    if (writer === undefined) {
      const { store, crypto } = this.#reader
      writer = new BlockWriter({ store, crypto, redundancyClass })
      this.#writers.set(redundancyClass, writer)
    }
    return writer
  }

  async #sealNode(ref: NodeRef, redundancyClass: string): Promise<Cid> {
    // Awaiting before going deeper keeps the stack flat however deep the tree is.
    const { slice } = this.#reader
    if (slice.isOver) await slice.next()
    else await Promise.resolve()
    const node = await this.#withSealedChildren(ref.node as DirectoryNode, redundancyClass)
    const key = ref.key as SealingKey
    const content = encodeNode(node, this.#cids)
    const written = this.#writer(redundancyClass).write(key, content, (cid) => {
      this.#cids.delete(ref)
      ref.settle(cid)
      this.#reader.keep(cid, { node, decode: openDirectoryNode, keyNumber: key.number, key: key.key, contentBytes: content.length })
    })
    const cid = written instanceof Promise ? await written : written
    if (ref.cid === null) this.#cids.set(ref, cid)
    return cid
  }

  async #withSealedChildren(node: DirectoryNode, redundancyClass: string): Promise<DirectoryNode> {
    if (node.kind === 'inner') {
      for (const { ref } of node.children) if (ref.cid === null && !this.#cids.has(ref)) await this.#sealNode(ref, redundancyClass)
      return node
    }
    if (!node.entries.some(isUnsealed)) return node
    const entries: NamedEntry[] = []
    for (const named of node.entries)
      entries.push(isUnsealed(named) ? { name: named.name, entry: await this.#sealed(named, redundancyClass) } : named)
    return { ...node, entries }
  }

  async #sealed({ entry }: NamedEntry, redundancyClass: string): Promise<DirectoryEntry> {
    return this.sealDirectory(entry as DirectoryEntry, redundancyClass)
  }
}

function isUnsealed({ entry }: NamedEntry): boolean {
  return entry.t === 'd' && unsealedContentOf(entry) !== null
}

function encodeNode(node: DirectoryNode, cids: ReadonlyMap<NodeRef, Cid>): Uint8Array {
  if (node.kind === 'leaf') return encodeDirectoryLeaf(node.entries)
  return encodeDirectoryInner(node.children.map(({ first, ref }) => ({ first, cid: (ref.cid ?? cids.get(ref)) as Cid })))
}
