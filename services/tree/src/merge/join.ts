import { equalBytes } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { CidSet } from '../cid-set.ts'
import type { Version } from '../committer.ts'
import { readHistory } from '../history.ts'
import type { NodeReader } from '../node-reader.ts'
import { decodeRoot, type HistoryEntry } from '../nodes.ts'
import type { KeySource } from '../sealed-block.ts'
import type { DirectoryEntry } from '../types.ts'
import type { MergeConflict } from './merge-directories.ts'
import type { MergeSide } from './merge-entry.ts'

/** What is to become of a version that another node of the same writer made. */
export interface JoinPlan {
  /** Of the version that came. */
  head: Uint8Array
  /**
   * `adopt`: it has everything of ours, and becomes ours as it is. `merge`: both have what the other has not.
   * `take`: as `adopt`, under a number that is higher than any used here.
   */
  how: 'adopt' | 'take' | 'merge'
  /**
   * Roots of versions that both have in them, the newest first; the first that can be read is what both began with. `histories`: what they are
   * is looked up.
   */
  bases?: readonly Cid[] | 'histories'
  /** Whose stands where only one can. */
  wins?: MergeSide
  /** Told of blocks with contents of files that the version has and ours has not; some may be here. */
  chunks?(cids: readonly Cid[]): void
  /** Called with the head right before it is made durable. */
  keep?(head: Uint8Array): Promise<void>
  /** Called when it is durable, before any edit. */
  done?(): Promise<void>
}

export interface Joined {
  how: 'kept' | 'adopted' | 'merged'
  /** The newest head now. */
  head: Uint8Array
  conflicts: readonly MergeConflict[]
}

/** More are not told one by one. */
export const MOST_CONFLICTS = 1000
/** Of each history, the newest: what the rules of retention leave is far less. */
const MOST_LOOKED_AT = 1 << 16
const GONE = new Set(['BLOCK_NOT_FOUND', 'PACK_UNRECOVERABLE', 'BLOCK_CORRUPT'])

/** @returns the first of these versions that is still there; null when none is. */
export async function readBase(
  reader: NodeReader,
  keys: KeySource,
  bases: readonly Cid[],
): Promise<{ dir: DirectoryEntry; root: Cid } | null> {
  for (const root of bases) {
    try {
      return { dir: (await reader.read(root, keys, decodeRoot)).dir, root }
    } catch (error) {
      if (!isHoltError(error) || !GONE.has(error.code)) throw error
    }
  }
  return null
}

/** Roots of versions that are in both histories, the newest first. */
export async function commonVersions(
  { reader, keys }: { reader: NodeReader; keys: KeySource },
  { ours, theirs }: { ours: Version; theirs: Version },
): Promise<Cid[]> {
  const known = new CidSet()
  known.add(ours.root)
  for await (const { root } of firstOf(readHistory(reader, keys, ours.history), MOST_LOOKED_AT)) known.add(root)
  const common: Cid[] = known.has(theirs.root) ? [theirs.root] : []
  for await (const { root } of firstOf(readHistory(reader, keys, theirs.history), MOST_LOOKED_AT)) if (known.has(root)) common.push(root)
  return common
}

/** What the history of ours grows by: ours, then what theirs has since both were one, so that nothing that was committed is only in one node's past. */
export async function takenVersions(
  { reader, keys }: { reader: NodeReader; keys: KeySource },
  { ours, theirs }: { ours: Version; theirs: Version },
): Promise<HistoryEntry[]> {
  const known = new CidSet()
  known.add(ours.root)
  for await (const { root } of firstOf(readHistory(reader, keys, ours.history), MOST_LOOKED_AT)) known.add(root)
  const taken: HistoryEntry[] = known.add(theirs.root) ? [theirs] : []
  // one that is known says nothing of those before it: they may have come to it by a merge
  for await (const version of firstOf(readHistory(reader, keys, theirs.history), MOST_LOOKED_AT))
    if (known.add(version.root)) taken.push(version)
  const added: HistoryEntry[] = [ours]
  let last = ours.sequence
  for (const { sequence, time, root } of taken.reverse()) {
    // numbers of one history only grow; what was made apart may get a new one
    last = Math.max(last + 1, sequence)
    added.push({ sequence: last, time, root })
  }
  return added
}

async function* firstOf<T>(all: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let count = 0
  for await (const one of all) {
    if (count++ >= most) return
    yield one
  }
}

/** Serials that either knows as revoked. */
export function joinRevoked(a: readonly Uint8Array[], b: readonly Uint8Array[]): Uint8Array[] {
  return [...a, ...b.filter((serial) => !a.some((one) => equalBytes(one, serial)))]
}
