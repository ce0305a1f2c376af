import type { Cid } from '@holt/core/cid.ts'

/** Sealed blocks ready for the open pack: CAR sections one after the other, made by a worker. */
export interface BlockBatch {
  /** Whole CAR sections; may lie in shared memory, is not kept after `append` resolves. */
  sections: Uint8Array
  /** One per section, in order; `offset` and `length` are of the body within `sections`. */
  blocks: readonly { cid: Cid; offset: number; length: number }[]
}

/** Where the body of a block lies right now; valid until the pack is compacted: on any failure ask `get`. */
export interface BlockPlace {
  /** Absolute local path that a worker may open. */
  path: string
  offset: number
  length: number
}

/** Blocks that something needs. */
export interface LiveBlocks {
  cids: readonly Cid[]
  /** The class of packs that they belong in; null where they may stay as they are. */
  redundancyClass: string | null
}

export interface CommitRecord {
  heads: Uint8Array[]
}

/** What the tree stands on. */
export interface BlockStore {
  /** Appends to the open pack of a class. Written, not yet durable. */
  append(batch: BlockBatch, options?: { redundancyClass?: string }): Promise<void>
  /** Appends one block. */
  put(sealed: Uint8Array, options?: { redundancyClass?: string }): Promise<Cid>
  /**
   * @returns the sealed bytes, checked against the CID.
   * @throws HoltError BLOCK_NOT_FOUND, BLOCK_CORRUPT, PACK_UNRECOVERABLE.
   */
  get(cid: Cid, options?: { signal?: AbortSignal }): Promise<Uint8Array>
  /** Where a worker can read the body itself (and must check it against the CID); null when it must be rebuilt or is not local. */
  place(cid: Cid): Promise<BlockPlace | null>
  /** Everything appended before is durable, with these heads, when it resolves. Concurrent calls share one fsync. */
  commit(heads: readonly Uint8Array[]): Promise<void>
  /** The heads of the newest commit record found at start, then those committed: newest per volume by the caller's rule. */
  heads(): Uint8Array[]
  /** Blocks appended while a session is open are kept by garbage collection though nothing refers to them yet. */
  beginWriting(): { end(): void }
}
