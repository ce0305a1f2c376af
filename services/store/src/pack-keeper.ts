import type { Disk } from '@holt/core/disk.ts'

/** 16 random bytes as 32 hex digits. */
export type PackId = string

/** A finished pack: a CAR file with its table of contents, that will never change again. */
export interface SealedPack {
  id: PackId
  redundancyClass: string
  sizeBytes: number
  /** Where the body of the table of contents lies in the pack. */
  toc: { offset: number; length: number }
  createdSeconds: number
}

/** A sealed pack as its keeper knows it. */
export interface KeptPack extends SealedPack {
  dataFragments: number
  totalFragments: number
  /** How many fragments are on drives that answer. */
  presentFragments: number
  /** Too few are there, and others have enough. */
  elsewhere?: boolean
}

export function isRebuildable({ presentFragments, dataFragments, elsewhere }: KeptPack): boolean {
  return presentFragments >= dataFragments || elsewhere === true
}

/** What is wrong with the copies of a piece of an open pack. */
export interface MirrorCheck {
  /** Copies that hold something else: drive and file. */
  wrong: string[]
  /** How many more copies there should be, and could be. */
  lacking: number
}

/**
 * Keeps packs beyond the local log: as fragments on drives (`DriveKeeper`), later on peers. The pack store writes
 * packs, finds blocks in them and decides which to drop; where their bytes lie is the keeper's affair alone.
 */
export interface PackKeeper {
  /** Every sealed pack of which a fragment was ever found and that was not dropped, also when too few (or none) are there right now. */
  packs(): KeptPack[]
  /**
   * Makes the pack durable as fragments. The source file belongs to the keeper from here on when it says `consumed`
   * (renamed into place or removed), else the caller removes it.
   *
   * @throws HoltError NOT_ENOUGH_DRIVES when fewer than k drives answer; the pack then stays in the local log.
   */
  spread(
    pack: SealedPack,
    source: { disk: Disk; path: string },
    options?: { signal?: AbortSignal },
  ): Promise<{ consumed: boolean; kept: KeptPack }>
  /**
   * Copies bytes of a pack that is still open to the drives (`open/`), so that an acknowledged commit outlives the local log.
   * The copy goes when the pack is spread or dropped.
   *
   * @throws HoltError NOT_ENOUGH_DRIVES; DRIVE_MISSING when no drive has what comes before `offset` (`data.sizeBytes`: how much there is).
   */
  mirror(id: PackId, offset: number, bytes: Uint8Array, options?: { redundancyClass?: string }): Promise<void>
  /** Packs found in `open/` on any drive, with the longest copy each: for recovery and for a damaged local log. */
  mirrored(): Promise<{ id: PackId; sizeBytes: number }[]>
  /** @param options `attempt`: 0 reads the longest copy, further ones the others. @returns null when there is no such copy. */
  readMirror(id: PackId, offset: number, length: number, options?: { attempt?: number }): Promise<Uint8Array | null>
  /** Compares all copies with a piece of an open pack that is known to be right. `mirror` of the same piece makes them good. */
  checkMirror(id: PackId, offset: number, bytes: Uint8Array, options?: { redundancyClass?: string }): Promise<MirrorCheck>
  /**
   * A range of a sealed pack, from the data fragments, or rebuilt from any k where one is missing.
   *
   * @param options `doubt`: the plain bytes were read and are wrong: rebuild the range without the data fragments it lies in,
   * trying other subsets on further calls (`attempt` 0, 1, …).
   * @returns null when no (further) way is left.
   */
  read(
    id: PackId,
    offset: number,
    length: number,
    options?: { doubt?: { attempt: number }; signal?: AbortSignal },
  ): Promise<Uint8Array | null>
  /** An absolute local path and offset where the plain range can be read by a worker; null when it must be rebuilt or straddles fragments. */
  place(id: PackId, offset: number, length: number): { path: string; offset: number } | null
  /** Queues the pack for verification and repair (a read found it wrong). */
  suspect(id: PackId): void
  /** Removes all fragments of a pack that nothing needs any more; those on absent drives when they come back. */
  drop(id: PackId): Promise<void>
}
