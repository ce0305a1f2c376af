import type { Cid } from '@holt/core/cid.ts'
import { NAMES_CLASS } from '@holt/store/class-names.ts'
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
  readonly #writer: BlockWriter
  /** Sealed, but perhaps not appended yet. */
  readonly #cids = new Map<NodeRef, Cid>()

  constructor(reader: NodeReader) {
    this.#reader = reader
    this.#writer = new BlockWriter({ store: reader.store, crypto: reader.crypto, redundancyClass: NAMES_CLASS })
  }

  /** @returns the entry with its `r`; readable after `flush`. */
  async sealDirectory(entry: DirectoryEntry): Promise<DirectoryEntry> {
    const ref = unsealedContentOf(entry)
    if (ref === null) return entry
    const cid = ref.cid ?? this.#cids.get(ref) ?? (await this.#sealNode(ref))
    return { ...withContent(entry, null), r: cid }
  }

  /** Seals any content. */
  async write(key: SealingKey, content: Uint8Array): Promise<Cid> {
    return this.#writer.write(key, content)
  }

  async flush(): Promise<void> {
    await this.#writer.flush()
  }

  async #sealNode(ref: NodeRef): Promise<Cid> {
    // Awaiting before going deeper keeps the stack flat however deep the tree is.
    const { slice } = this.#reader
    if (slice.isOver) await slice.next()
    else await Promise.resolve()
    const node = await this.#withSealedChildren(ref.node as DirectoryNode)
    const key = ref.key as SealingKey
    const content = encodeNode(node, this.#cids)
    const written = this.#writer.write(key, content, (cid) => {
      this.#cids.delete(ref)
      ref.settle(cid)
      this.#reader.keep(cid, { node, decode: openDirectoryNode, keyNumber: key.number, key: key.key, contentBytes: content.length })
    })
    const cid = written instanceof Promise ? await written : written
    if (ref.cid === null) this.#cids.set(ref, cid)
    return cid
  }

  async #withSealedChildren(node: DirectoryNode): Promise<DirectoryNode> {
    if (node.kind === 'inner') {
      for (const { ref } of node.children) if (ref.cid === null && !this.#cids.has(ref)) await this.#sealNode(ref)
      return node
    }
    if (!node.entries.some(isUnsealed)) return node
    const entries: NamedEntry[] = []
    for (const named of node.entries) entries.push(isUnsealed(named) ? { name: named.name, entry: await this.#sealed(named) } : named)
    return { ...node, entries }
  }

  async #sealed({ entry }: NamedEntry): Promise<DirectoryEntry> {
    return this.sealDirectory(entry as DirectoryEntry)
  }
}

function isUnsealed({ entry }: NamedEntry): boolean {
  return entry.t === 'd' && unsealedContentOf(entry) !== null
}

function encodeNode(node: DirectoryNode, cids: ReadonlyMap<NodeRef, Cid>): Uint8Array {
  if (node.kind === 'leaf') return encodeDirectoryLeaf(node.entries)
  return encodeDirectoryInner(node.children.map(({ first, ref }) => ({ first, cid: (ref.cid ?? cids.get(ref)) as Cid })))
}
