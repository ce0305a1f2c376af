import type { Cid } from '@holt/core/cid.ts'
import { CidSet } from '../cid-set.ts'
import { LiveWalk } from '../live.ts'
import type { NodeReader } from '../node-reader.ts'
import { decodeHistory } from '../nodes.ts'
import type { KeySource } from '../sealed-block.ts'
import type { DirectoryEntry, TreeEntry } from '../types.ts'
import { DirectoryMerge, type MergeTarget } from './merge-directories.ts'

interface Tops {
  top: DirectoryEntry
  history: Cid | null
}

/**
 * Reads every node of a version that ours does not have: a store that gets from elsewhere what it lacks has all names then, and the node can go on by
 * itself when nobody else is there.
 *
 * @param onChunks is told of blocks with contents of files, which are not read. Some may be there.
 */
export async function bringNames(
  { reader, keys }: { reader: NodeReader; keys: KeySource },
  { ours, theirs }: { ours: Tops; theirs: Tops },
  onChunks: (cids: readonly Cid[]) => void = () => {},
): Promise<void> {
  const walk = async (entry: TreeEntry): Promise<void> => {
    // small files are most files
    if (entry.t === 'f' && entry.h === 0) return void (entry.r !== null && onChunks([entry.r]))
    if (entry.t !== 'f' && entry.t !== 'd') return
    const batches = new LiveWalk({ reader, keys: [], top: entry, root: null, history: null }).batches()
    for await (const { cids } of batches) onChunks(cids)
  }
  const target: MergeTarget = {
    change: async (_directory, changes) => {
      for (const { entry, old } of changes) if (entry !== null && (entry.t !== 'd' || old?.t !== 'd')) await walk(entry)
    },
    setFields: async () => {},
    conflict: () => {},
  }
  await new DirectoryMerge(reader, { wins: 'theirs', target, opensAll: true }).run({ base: ours.top, ours: ours.top, theirs: theirs.top })
  const known = new CidSet()
  for await (const leaf of leavesOf(reader, keys, ours.history)) known.add(leaf)
  for await (const leaf of leavesOf(reader, keys, theirs.history)) if (!known.add(leaf)) return
}

/** Each is read before the next. */
async function* leavesOf(reader: NodeReader, keys: KeySource, tip: Cid | null): AsyncGenerator<Cid> {
  for (let leaf = tip; leaf !== null; ) {
    const { prev } = await reader.read(leaf, keys, decodeHistory)
    yield leaf
    leaf = prev
  }
}
