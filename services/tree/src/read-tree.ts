import type { Crypto } from '@holt/core/crypto.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { parseHead, verifyHead } from './caps/head.ts'
import { openVersion } from './committer.ts'
import { ChunkedFile } from './file-reader.ts'
import { treeSource } from './grafts.ts'
import type { TreeJobs } from './jobs.ts'
import type { LiveBlocks } from '@holt/store/types.ts'
import { LiveWalk } from './live.ts'
import { NodeCache } from './node-cache.ts'
import { NodeReader } from './node-reader.ts'
import type { KeySource } from './sealed-block.ts'
import { TreeSnapshot } from './snapshot.ts'
import type { DirectoryEntry, FileEntry, Snapshot, TreeEntry, TreeFile } from './types.ts'
import type { ResolveVolume } from './volume-options.ts'

/** Reading with the keys of a readcap, without being able to commit. */

export interface ReadTreeOptions {
  store: BlockStore
  crypto: Crypto
  pool?: WorkPool<TreeJobs>
  resolveVolume?: ResolveVolume
  cacheBytes?: number
}

/**
 * The version of a volume that a head names.
 *
 * @param keys of the volume, as in a readcap of it.
 * @throws HoltError of the head; DECRYPTION_FAILED when its key is not among `keys`.
 */
export async function readVolume(options: ReadTreeOptions, { head, keys }: { head: Uint8Array; keys: KeySource }): Promise<Snapshot> {
  const reader = newReader(options)
  verifyHead(options.crypto, parseHead(head))
  const { top, sequence, time } = await openVersion(reader, keys, head)
  return new TreeSnapshot(top, { source: treeSource(reader, options.resolveVolume), sequence, time, pool: options.pool })
}

/** What lies below a directory, as in a readcap of its entry: paths begin there. */
export function readDirectory(options: ReadTreeOptions, entry: DirectoryEntry): Snapshot {
  const source = treeSource(newReader(options), options.resolveVolume)
  return new TreeSnapshot(entry, { source, sequence: 0, time: entry.mt, pool: options.pool })
}

/** The bytes of one file, as in a readcap of its entry. */
export function readFile(options: ReadTreeOptions, entry: FileEntry): TreeFile {
  return new ChunkedFile({ reader: newReader(options), pool: options.pool }, entry)
}

/** Every block that the entry and all below it need, itself included; a block may come more than once. */
export function blocksBelow(
  options: ReadTreeOptions,
  entry: TreeEntry,
  { signal }: { signal?: AbortSignal } = {},
): AsyncIterable<LiveBlocks> {
  return new LiveWalk({ reader: newReader(options), keys: [], top: entry, root: null, history: null, signal }).batches()
}

function newReader({ store, crypto, cacheBytes }: ReadTreeOptions): NodeReader {
  return new NodeReader({ store, crypto, cache: new NodeCache(cacheBytes) })
}
