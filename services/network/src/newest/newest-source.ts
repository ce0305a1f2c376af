import type { PackId } from '@holt/store/pack-keeper.ts'

/** A pack that is written to. */
export interface OpenPackFacts {
  id: PackId
  /** Up to the newest acknowledged commit. */
  committedBytes: number
  /** It has the directories and heads: small, and of no use when it is older than the rest. */
  hasNames: boolean
}

/** What this node has acknowledged and not sealed yet, for who keeps copies of it. */
export interface NewestSource {
  /** At this moment: what heads in one refer to is in the others, or in packs that are sealed. */
  openPacks(): OpenPackFacts[]
  /** Packs are full that are no fragments yet. */
  isSpreading(): boolean
  /** Whether there is such a pack, open or sealed. */
  has(pack: PackId): boolean
  /** Part of a pack, open or sealed. @returns null when it cannot be read. */
  read(pack: PackId, offset: number, length: number): Promise<Uint8Array | null>
  /** The newest of all volumes. */
  heads(): Uint8Array[]
}
