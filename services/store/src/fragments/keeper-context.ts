import type { Disk } from '@holt/core/disk.ts'
import type { ErasureCode } from '@holt/core/erasure/erasure-code.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { DriveOwner } from './adopt-drive.ts'
import type { ClassCode } from './class-code.ts'
import type { Clock } from './clock.ts'
import type { DriveHolder } from './drive-holder.ts'
import type { PackId } from '../pack-keeper.ts'
import type { DropList } from './drop-list.ts'
import type { SpreadPack } from './fragment-file.ts'
import type { FragmentJobs } from './fragment-jobs.ts'
import type { FetchPace } from './fetch-pace.ts'
import type { HolderState } from './holder.ts'
import type { KeyedLocks } from './locks.ts'
import type { PackTable } from './pack-table.ts'
import type { RepairQueue } from './repair-queue.ts'

/** What the keeper tells its node as it happens. */
export type KeeperEvent =
  | { kind: 'drive'; drive: string; folder: string; state: HolderState; problem: string | null }
  | { kind: 'repair'; text: string }

/** Fragments that are not on drives of this node: friends have them. */
export interface FragmentsElsewhere {
  /** Others have enough of the pack to rebuild it, as far as is known. */
  has(id: PackId): boolean
  /** Every way in which others have fragments of a pack, the one that rebuilds it first. */
  spreads(id: PackId): SpreadPack[]
  /** Fragments of a pack that others have, as far as is known. */
  indices(spread: SpreadPack): number[]
  /** Columns of one of them, proven to be right. @returns null when nobody gives them. */
  read(spread: SpreadPack, index: number, column: number, length: number): Promise<Uint8Array | null>
  /** Nothing needs this pack any more; durable when it resolves. */
  drop(id: PackId): Promise<void>
}

/** What the parts of a keeper share. */
export interface KeeperContext {
  /** Holds `keeper/`: the table of packs and the list of drops. */
  readonly dataDisk: Disk
  readonly owner: DriveOwner
  readonly ownerKey: Uint8Array
  readonly clock: Clock
  readonly pool: WorkPool<FragmentJobs>
  readonly erasure: ErasureCode
  readonly holders: DriveHolder[]
  readonly table: PackTable
  readonly drops: DropList
  /** By pack id: whoever writes or removes fragments of a pack holds its lock. */
  readonly locks: KeyedLocks
  /** Codes that the owner fixed. */
  readonly classes: Map<string, ClassCode>
  readonly repairs: RepairQueue
  /** Asked for what the drives do not have (any more). */
  elsewhere: FragmentsElsewhere | null
  /** How fast packs come from elsewhere. */
  readonly fetchPace: FetchPace
  /** k of n for packs of a class that are spread now. */
  codeOf(redundancyClass: string): ClassCode
  emit(event: KeeperEvent): void
}

/** Those that may get fragments of a pack, the best first. One that is too full for a pack may have room for less. */
export function placeableHolders(
  context: KeeperContext,
  { fileBytes, without }: { fileBytes: number; without: ReadonlySet<unknown> },
): DriveHolder[] {
  return context.holders
    .filter((holder) => (holder.state === 'ok' || holder.state === 'full') && holder.freeBytes >= fileBytes && !without.has(holder))
    .sort((a, b) => b.freeBytes - a.freeBytes)
}

/** A drive that had no room for so much when it was looked at last may have some now. */
export async function lookAtRoom({ holders }: KeeperContext, fileBytes: number): Promise<void> {
  const tooFull = holders.filter(({ state, freeBytes }) => state !== 'missing' && freeBytes < fileBytes)
  await Promise.all(tooFull.map((holder) => holder.check()))
  for (const holder of tooFull) holder.noteNoRoom(fileBytes)
}
