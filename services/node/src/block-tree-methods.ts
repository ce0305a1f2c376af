import type { BlockPlaceInfo, FollowedPath, PackInfo } from '@holt/control/block-tree.ts'
import type { Params, Result } from '@holt/control/schema.ts'
import { type Cid, cidToText } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { PackFacts } from '@holt/store/pack-facts.ts'
import type { FileEntry, Snapshot, TreeEntry } from '@holt/tree/types.ts'
import { secondsOf } from './entries.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'
import { pathsInPack } from './paths-in-pack.ts'
import { snapshotAt } from './versions.ts'

type BlockTreeMethod = 'tree.follow' | 'packs.list' | 'packs.show' | 'packs.paths'

const DEFAULT_CHUNKS = 100
const DEFAULT_PACKS = 200
const DEFAULT_PATHS = 100

/** Calls that show where everything lies. They change nothing. @param friendsOf who of friends keeps what of a pack. */
export function blockTreeMethods(
  tree: () => OpenTree,
  friendsOf: (pack: string) => NonNullable<PackInfo['friends']>,
): Methods<BlockTreeMethod> {
  return {
    'tree.follow': (params, { signal }) => follow(tree(), params, signal),
    'packs.list': async ({ after, limit = DEFAULT_PACKS }) => {
      const open = tree()
      const { packs, ...rest } = open.store.packFacts({ after, limit })
      const kept = new Map(open.keeper.packs().map((pack) => [pack.id, pack]))
      return { packs: packs.map((pack) => packInfo(open, pack, kept.get(pack.id))), ...rest }
    },
    'packs.show': async ({ id }) => {
      const open = tree()
      return { ...packInfo(open, packOf(open, id), keptPack(open, id)), friends: friendsOf(id) }
    },
    'packs.paths': async ({ id, after, limit = DEFAULT_PATHS }, { signal }) => {
      const open = tree()
      packOf(open, id)
      return pathsInPack(open, { pack: id, after, limit, signal })
    },
  }
}

function packOf({ store }: OpenTree, id: string): PackFacts {
  const pack = store.packFact(id)
  if (pack === null) throw new HoltError('NOT_FOUND', 'there is no such pack (any more)', { pack: id })
  return pack
}

type Kept = { dataFragments: number; totalFragments: number } | undefined

function keptPack({ keeper }: OpenTree, id: string): Kept {
  return keeper.packs().find((pack) => pack.id === id)
}

function packInfo({ keeper }: OpenTree, { createdSeconds, blockCount, ...facts }: PackFacts, kept: Kept): PackInfo {
  const { dataFragments = 0, totalFragments = 0 } = kept ?? {}
  return { ...facts, created: createdSeconds, blocks: blockCount, dataFragments, totalFragments, fragments: keeper.fragmentsOf(facts.id) }
}

async function follow(
  { volume, store }: OpenTree,
  { path, at, fromByte = 0, limit = DEFAULT_CHUNKS }: Params<'tree.follow'>,
  signal?: AbortSignal,
): Promise<Result<'tree.follow'>> {
  const snapshot = await snapshotAt(volume, at)
  const placeOf = async (cid: Cid): Promise<BlockPlaceInfo> => {
    const spot = await store.locate(cid)
    return { cid: cidToText(cid), pack: spot?.pack ?? null, offset: spot?.offset ?? 0, length: spot?.length ?? 0 }
  }
  const steps: FollowedPath['steps'] = []
  let entry: TreeEntry | null = null
  for (const one of pathsTo(path)) {
    entry = await snapshot.stat(one)
    if (entry === null) throw new HoltError('NOT_FOUND', `${one} is not there`, { path: one })
    const root = entry.t === 'd' || entry.t === 'f' ? entry.r : null
    steps.push({ path: one, type: typeNames[entry.t], block: root === null ? null : await placeOf(root) })
  }
  const file = entry?.t === 'f' ? await chunksOf(snapshot, entry, { fromByte, limit, placeOf, signal }) : { chunks: [], more: false }
  return {
    volume: [...volume.id].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    sequence: snapshot.sequence,
    time: secondsOf(snapshot.time),
    redundancyClass: await snapshot.redundancyClass(path),
    steps,
    ...file,
  }
}

const typeNames = { f: 'file', d: 'directory', l: 'symlink', v: 'volume' } as const

function pathsTo(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '')
  return ['/', ...names.map((_, i) => `/${names.slice(0, i + 1).join('/')}`)]
}

interface ChunkOptions {
  fromByte: number
  limit: number
  placeOf: (cid: Cid) => Promise<BlockPlaceInfo>
  signal?: AbortSignal
}

async function chunksOf(
  snapshot: Snapshot,
  entry: FileEntry,
  { fromByte, limit, placeOf, signal }: ChunkOptions,
): Promise<Pick<FollowedPath, 'chunks' | 'more'>> {
  const chunks: FollowedPath['chunks'] = []
  if (entry.r === null || fromByte >= entry.z) return { chunks, more: false }
  for await (const { cid, fileOffset, lengthBytes } of snapshot.openEntry(entry).chunks({ offset: fromByte })) {
    if (signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
    if (chunks.length === limit) return { chunks, more: true }
    chunks.push({ fileOffset, lengthBytes, block: cid === null ? null : await placeOf(cid) })
  }
  return { chunks, more: false }
}
