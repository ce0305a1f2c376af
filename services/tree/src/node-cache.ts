import { type Cid, cidKey } from '@holt/core/cid.ts'

/** A node that was opened, and with what: who does not hold the key must not find it here. */
export interface OpenedNode {
  node: unknown
  decode: unknown
  keyNumber: number
  key: Uint8Array
  /** Estimated memory. */
  sizeBytes: number
}

export const DEFAULT_CACHE_BYTES = 32 << 20

/** The nodes opened last, up to a bound of memory. Nodes never change, so nothing in it grows stale. */
export class NodeCache {
  readonly maxBytes: number
  readonly #nodes = new Map<string, OpenedNode>()
  #sizeBytes = 0

  constructor(maxBytes: number = DEFAULT_CACHE_BYTES) {
    this.maxBytes = maxBytes
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get(cid: Cid): OpenedNode | null {
    const name = cidKey(cid)
    const opened = this.#nodes.get(name)
    if (opened === undefined) return null
    this.#nodes.delete(name)
    this.#nodes.set(name, opened)
    return opened
  }

  put(cid: Cid, opened: OpenedNode): void {
    const name = cidKey(cid)
    this.#drop(name)
    this.#nodes.set(name, opened)
    this.#sizeBytes += opened.sizeBytes
    for (const oldest of this.#nodes.keys()) {
      if (this.#sizeBytes <= this.maxBytes) break
      this.#drop(oldest)
    }
  }

  #drop(name: string): void {
    const opened = this.#nodes.get(name)
    if (opened === undefined) return
    this.#nodes.delete(name)
    this.#sizeBytes -= opened.sizeBytes
  }
}
