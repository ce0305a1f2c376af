import type { PackInfo } from '@holt/control/block-tree.ts'
import type { DriveInfo, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { MemoryTree } from './memory-tree.ts'

const CHUNK_BYTES = 1 << 20
const PACKS = 40

interface World {
  tree: MemoryTree
  drives: readonly DriveInfo[]
}

/** Where the blocks of a `MemoryNode` would lie: always the same for the same path. */
export const packHandlers = (world: () => World) => ({
  'packs.list': ({ after = '', limit = 200 }: Params<'packs.list'>): Result<'packs.list'> => {
    const later = Array.from({ length: PACKS }, (_, i) => idOf(i)).filter((id) => id > after)
    return { packs: later.slice(0, limit).map((id) => packOf(world(), id)), more: later.length > limit, total: PACKS }
  },
  'packs.show': ({ id }: Params<'packs.show'>): Result<'packs.show'> => packOf(world(), id),
  'packs.paths': ({ id, after = '', limit = 100 }: Params<'packs.paths'>): Result<'packs.paths'> => {
    const { tree } = world()
    const all = pathsOf(tree, '/').filter((path) => path > after)
    const found = all.filter((path) => chunksOf(tree, path).some((chunk) => chunk.block?.pack === id)).slice(0, limit)
    return { paths: found, after: found.length === limit ? (found.at(-1) ?? null) : null, looked: all.length }
  },
  'tree.follow': ({ path, fromByte = 0, limit = 100 }: Params<'tree.follow'>): Result<'tree.follow'> => {
    const { tree } = world()
    const names = path.split('/').filter(Boolean)
    const paths = ['/', ...names.map((_, i) => `/${names.slice(0, i + 1).join('/')}`)]
    const steps = paths.map((one) => ({
      path: one,
      type: one === '/' ? ('directory' as const) : tree.stat(one).type,
      block: blockOf(one, 0),
    }))
    const chunks = chunksOf(tree, path).filter(({ fileOffset }) => fileOffset >= fromByte)
    return {
      volume: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
      sequence: tree.sequence,
      time: 1_700_000_000,
      redundancyClass: 'standard',
      steps,
      chunks: chunks.slice(0, limit),
      more: chunks.length > limit,
    }
  },
})

const idOf = (number: number): string => (number + 1).toString(16).padStart(4, '0').repeat(8)

function packOf({ drives }: World, id: string): PackInfo {
  const number = Number.parseInt(id.slice(0, 4), 16) - 1
  if (number < 0 || number >= PACKS) throw new HoltError('NOT_FOUND', 'there is no such pack')
  const base = { id, redundancyClass: number % 9 === 0 ? 'names' : 'standard', created: 1_700_000_000 + 3600 * number, blocks: 64 }
  if (number === PACKS - 1) return { ...base, sizeBytes: 9e6, state: 'open', dataFragments: 0, totalFragments: 0, fragments: [] }
  const spare = drives.length >= 6 ? 2 : drives.length >= 3 ? 1 : 0
  const fragments = drives.map(({ id: drive, state }, index) => ({
    index,
    drive,
    state: state === 'missing' ? ('missing' as const) : ('good' as const),
  }))
  return { ...base, sizeBytes: 64e6, state: 'spread', dataFragments: drives.length - spare, totalFragments: drives.length, fragments }
}

function blockOf(path: string, index: number): { cid: string; pack: string; offset: number; length: number } {
  let hash = 7
  for (const letter of path) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003
  const text = (hash * 7919 + index).toString(36).padStart(8, 'a')
  return {
    cid: `bafkr4i${text.repeat(6)}`,
    pack: idOf((hash + Math.floor(index / 16)) % PACKS),
    offset: 64 + (hash % 60) * 1_000_000,
    length: CHUNK_BYTES + 28,
  }
}

function chunksOf(tree: MemoryTree, path: string): Result<'tree.follow'>['chunks'] {
  const entry = path === '/' ? null : tree.stat(path)
  if (entry?.type !== 'file') return []
  return Array.from({ length: Math.ceil(entry.sizeBytes / CHUNK_BYTES) }, (_, i) => ({
    fileOffset: i * CHUNK_BYTES,
    lengthBytes: Math.min(CHUNK_BYTES, entry.sizeBytes - i * CHUNK_BYTES),
    block: blockOf(path, i),
  }))
}

function pathsOf(tree: MemoryTree, path: string): string[] {
  const { entries } = tree.list(path, { limit: 10_000 })
  return entries.flatMap(({ name, type }) => {
    const below = path === '/' ? `/${name}` : `${path}/${name}`
    return type === 'directory' ? [below, ...pathsOf(tree, below)] : [below]
  })
}
