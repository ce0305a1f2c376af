import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { unsealedContentOf } from '../directory-node.ts'
import type { DirectoryEntry, FileEntry, Keys, Time, TreeEntry } from '../types.ts'

/** Of two versions that were made apart: this node's, and the one that came. */
export type MergeSide = 'ours' | 'theirs'

/** One name in the version that both began with, and in the two that came of it; null where it is not there. */
export interface MergedName {
  base: TreeEntry | null
  ours: TreeEntry | null
  theirs: TreeEntry | null
}

/**
 * What becomes of a name. `inside`: both are directories, or one is and the other was taken away: it is decided name by name.
 * `conflict`: both changed it and only one of them can stand.
 */
export type MergedEntry = { kind: 'entry'; entry: TreeEntry | null; conflict: boolean } | { kind: 'inside' }

/** Decides about one name; knows nothing of what is inside directories. All nodes decide alike. */
export function mergeEntry({ base, ours, theirs }: MergedName, wins: MergeSide): MergedEntry {
  if (isSameEntry(ours, theirs) || isSameEntry(base, theirs)) return { kind: 'entry', entry: ours, conflict: false }
  if (isSameEntry(base, ours)) return { kind: 'entry', entry: theirs, conflict: false }
  if (isInside(base, ours, theirs)) return { kind: 'inside' }
  // what was changed outlives that it was taken away
  if (ours === null || theirs === null) return { kind: 'entry', entry: ours ?? theirs, conflict: true }
  const winner = wins === 'ours' ? ours : theirs
  if (ours.t === 'f' && theirs.t === 'f' && isSameContent(ours, theirs)) return { kind: 'entry', entry: winner, conflict: false }
  return { kind: 'entry', entry: winner, conflict: true }
}

function isInside(base: TreeEntry | null, ours: TreeEntry | null, theirs: TreeEntry | null): boolean {
  if (ours?.t === 'd' && theirs?.t === 'd') return true
  const other = ours === null ? theirs : theirs === null ? ours : null
  return base?.t === 'd' && other?.t === 'd'
}

/** A directory's own time says only that something in it changed. What is not sealed yet was changed. */
export function isSameEntry(a: TreeEntry | null, b: TreeEntry | null): boolean {
  if (a === b) return true
  if (a === null || b === null || a.t !== b.t || isUnsealed(a) || isUnsealed(b)) return false
  return equalBytes(encode(withoutTime(a)), encode(withoutTime(b)))
}

function isUnsealed(entry: TreeEntry): boolean {
  return entry.t === 'd' && unsealedContentOf(entry) !== null
}

function withoutTime(entry: TreeEntry): TreeEntry {
  return entry.t === 'd' ? { ...entry, mt: [0, 0] } : entry
}

function isSameContent(a: FileEntry, b: FileEntry): boolean {
  const sameRoot = a.r === null || b.r === null ? a.r === b.r : equalBytes(a.r, b.r)
  return sameRoot && a.z === b.z && equalBytes(a.k[0] as Uint8Array, b.k[0] as Uint8Array)
}

/** Fields of a directory that are not what is in it. */
export type MergedFields = Pick<DirectoryEntry, 'k' | 'e' | 'm' | 'mt' | 'x' | 'cl'>

/** What a directory is besides what is in it. */
export function mergeDirectoryFields(
  base: TreeEntry | null,
  { ours, theirs }: { ours: DirectoryEntry; theirs: DirectoryEntry },
  wins: MergeSide,
): MergedFields {
  const from = base?.t === 'd' ? base : null
  const either = <T>(of: (entry: DirectoryEntry) => T): T => {
    const [mine, other] = [of(ours), of(theirs)]
    if (from !== null && isSameValue(of(from), other)) return mine
    if (from !== null && isSameValue(of(from), mine)) return other
    return wins === 'ours' ? mine : other
  }
  return {
    k: longerKeys(ours.k, theirs.k),
    e: longerKeys(ours.k, theirs.k) === ours.k ? ours.e : theirs.e,
    m: either(({ m }) => m),
    mt: laterTime(ours.mt, theirs.mt),
    x: either(({ x }) => x),
    cl: either(({ cl }) => cl),
  }
}

function isSameValue(a: unknown, b: unknown): boolean {
  return equalBytes(encode(a ?? null), encode(b ?? null))
}

/** Keys that one side added stay, so that readers who were shut out remain so; of directories that were made apart ours stays as it is. */
function longerKeys(ours: Keys, theirs: Keys): Keys {
  const isGrown = theirs.length > ours.length && ours.every((key, i) => equalBytes(key, theirs[i] as Uint8Array))
  return isGrown ? theirs : ours
}

function laterTime(a: Time, b: Time): Time {
  return a[0] > b[0] || (a[0] === b[0] && a[1] >= b[1]) ? a : b
}
