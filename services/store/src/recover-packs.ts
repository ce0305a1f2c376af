import { HoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import type { BlockIndex } from './block-index.ts'
import type { HeadBook } from './head-book.ts'
import { readKeptHeads, readKeptToc } from './kept-packs.ts'
import { type LocalContext, type LocalPack, localPackIds, openLocalPack, packPath, restoreMirrored } from './local-packs.ts'
import type { KeptPack, PackId } from './pack-keeper.ts'
import type { PackRegistry, PackState } from './pack-registry.ts'
import { TocEntries, type Toc } from './toc.ts'

export interface RecoverContext extends LocalContext {
  registry: PackRegistry
  index: BlockIndex
  heads: HeadBook
  signal?: AbortSignal
  onProgress?(progress: { donePacks: number; totalPacks: number }): void
}

/**
 * Finds every pack, on the local disk, in mirrors and with the keeper, and makes their blocks and newest heads known. With nothing left
 * but the keeper this is the whole recovery.
 *
 * @returns the packs on the local disk.
 */
export async function recoverPacks(context: RecoverContext): Promise<(LocalPack & { state: PackState })[]> {
  const { disk, keeper } = context
  const kept = new Map(keeper.packs().map((pack) => [pack.id, pack]))
  const mirrored = new Map((await keeper.mirrored()).map(({ id, sizeBytes }) => [id, sizeBytes]))
  const localIds = new Set(await localPackIds(disk))
  for (const [id, sizeBytes] of mirrored) {
    if (localIds.has(id) || kept.has(id)) continue
    await restoreMirrored(context, id, sizeBytes)
    localIds.add(id)
  }
  const local = []
  for (const id of localIds) {
    const opened = await openUnlessSpread(context, id, { kept: kept.get(id), mirroredBytes: mirrored.get(id) ?? 0 })
    if (opened) local.push({ ...opened, state: await registerLocal(context, opened, kept.has(id)) })
  }
  await registerKept(context, [...kept.values()])
  return local
}

/** A pack that is on all its drives was about to be removed from the local disk. */
async function openUnlessSpread(
  context: RecoverContext,
  id: PackId,
  options: { kept: KeptPack | undefined; mirroredBytes: number },
): Promise<LocalPack | null> {
  const { kept, mirroredBytes } = options
  if (kept && kept.presentFragments >= kept.totalFragments) {
    await context.disk.remove(packPath(id))
    return null
  }
  return await openLocalPack(context, id, mirroredBytes)
}

async function registerLocal({ registry, index, heads }: RecoverContext, { log, scan }: LocalPack, isSpread: boolean): Promise<PackState> {
  const { id, redundancyClass, createdSeconds } = log.header
  const state = registry.byId(id) ?? registry.add({ id, redundancyClass, createdSeconds })
  Object.assign(state, { log, isSpread, sealed: log.sealed, sizeBytes: log.sizeBytes })
  await indexToc(index, state, log.toc)
  for (const head of scan.heads) heads.add(head)
  return state
}

/** Makes the blocks of a pack known. */
export async function indexToc(index: BlockIndex, state: PackState, { blocks, commits }: Toc): Promise<void> {
  const slice = new TimeSlice()
  for (let i = 0; i < blocks.count; i++) {
    index.add(blocks.digest(i), { pack: state.number, offset: blocks.offset(i), length: blocks.length(i) })
    if (i % 1024 === 0 && slice.isOver) await slice.next()
  }
  state.blockCount = blocks.count
  state.commitCount = commits.count
}

/** How many packs with commit records are read for heads: each pack begins with the newest of all before it. */
const PACKS_READ_FOR_HEADS = 3

/** Makes packs of the keeper known that are not yet. */
export async function registerKept(context: RecoverContext, kept: readonly KeptPack[]): Promise<void> {
  const { registry, keeper } = context
  const newestFirst = [...kept].sort((a, b) => b.createdSeconds - a.createdSeconds)
  let readForHeads = 0
  for (const [i, pack] of newestFirst.entries()) {
    if (context.signal?.aborted) throw new HoltError('CANCELLED', 'reading the packs was cancelled')
    context.onProgress?.({ donePacks: i, totalPacks: kept.length })
    const state = registry.byId(pack.id) ?? registry.add(pack)
    const isNew = !state.isSpread
    state.isSpread = true
    if (!isNew || state.log) continue
    const toc = (await readKeptToc(keeper, pack)) ?? emptyToc()
    Object.assign(state, { sealed: sealedOf(pack), sizeBytes: pack.sizeBytes })
    await indexToc(context.index, state, toc)
    if (toc.commits.count > 0 && readForHeads < PACKS_READ_FOR_HEADS && (await takeHeads(context, pack.id, toc))) readForHeads++
  }
}

function emptyToc(): Toc {
  return { blocks: new TocEntries(), commits: new TocEntries() }
}

function sealedOf({ id, redundancyClass, sizeBytes, toc, createdSeconds }: KeptPack): PackState['sealed'] {
  return { id, redundancyClass, sizeBytes, toc, createdSeconds }
}

async function takeHeads({ keeper, heads }: RecoverContext, id: PackId, toc: Toc): Promise<boolean> {
  const found = await readKeptHeads(keeper, id, toc)
  for (const head of found ?? []) heads.add(head)
  return found !== null
}
