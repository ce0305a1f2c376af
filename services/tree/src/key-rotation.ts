import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { isEmptyDirectory } from './directory-node.ts'
import { KEY_BYTES, MAX_KEYS } from './entry.ts'
import type { DirectoryEntry, FileEntry, TreeEntry } from './types.ts'

/**
 * Readers are revoked lazily. Revoking at a path sets the epoch of its entry; an entry below that is older than any
 * above it gets a new key when it is written next. Its old keys stay, for the blocks that are not written anew.
 */

export function epochOf(entry: TreeEntry): number {
  return entry.t === 'f' || entry.t === 'd' ? (entry.e ?? 0) : 0
}

/** The epoch that keys below all of these must have. */
export function requiredEpoch(entries: readonly TreeEntry[]): number {
  return entries.reduce((epoch, entry) => Math.max(epoch, epochOf(entry)), 0)
}

/** @returns the entry itself when its newest key is of that epoch or later. */
export function withKeyOf<E extends FileEntry | DirectoryEntry>(crypto: Crypto, entry: E, epoch: number): E {
  if (epochOf(entry) >= epoch) return entry
  if (entry.k.length >= MAX_KEYS) throw new HoltError('TOO_LARGE', 'the entry has had too many keys', { keys: entry.k.length })
  return { ...entry, k: [...entry.k, crypto.randomBytes(KEY_BYTES)], e: epoch }
}

/**
 * An entry from elsewhere, or from an older version, must not bring keys back that readers were shut out of.
 *
 * @param epoch of the volume: nothing is known of the keys of a directory that comes with contents.
 */
export function withKeyForPlace(
  crypto: Crypto,
  entry: TreeEntry,
  { replaced, epoch }: { replaced: TreeEntry | null; epoch: number },
): TreeEntry {
  if (entry.t !== 'f' && entry.t !== 'd') return entry
  if (replaced !== null && isOfSameKeys(entry, replaced)) return withKeyOf(crypto, entry, epochOf(replaced))
  return entry.t === 'd' && !isEmptyDirectory(entry) ? withKeyOf(crypto, entry, epoch) : entry
}

/** One is an older or newer version of the other. */
function isOfSameKeys(entry: FileEntry | DirectoryEntry, other: TreeEntry): boolean {
  if (other.t !== 'f' && other.t !== 'd') return false
  return equalBytes(entry.k[0] as Uint8Array, other.k[0] as Uint8Array)
}
