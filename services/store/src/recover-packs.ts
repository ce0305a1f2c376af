import { ahead } from '@holt/core/ahead.ts'
import { blake3 } from '@holt/core/blake3.ts'
import { toHex, utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BlockIndex } from './index/block-index.ts'
import type { HeadBook } from './head-book.ts'
import { readKeptHeads } from './kept-packs.ts'
import { adoptSealedPack, type LocalContext, localPackIds, openLocalPack, packPath, restoreMirrored } from './local-packs.ts'
import { isRebuildable, type KeptPack, type PackId } from './pack-keeper.ts'
import type { PackRegistry } from './pack-registry.ts'
import { indexToc, tocOf } from './pack-tocs.ts'
import type { OpenPack } from './pack-writer.ts'

export interface RecoverContext extends LocalContext {
  registry: PackRegistry
  index: BlockIndex
  heads: HeadBook
  signal?: AbortSignal
  onProgress?(progress: { donePacks: number; totalPacks: number }): void
}

/** A pack on the local disk, and whether more may be written to it. */
export interface RecoveredPack {
  pack: OpenPack
  canGoOn: boolean
}

/**
 * Finds every pack, on the local disk, in mirrors and with the keeper, and makes known what the manifest did not know of: their
 * blocks and newest heads. With nothing left but the keeper this is the whole recovery.
 *
 * @returns the packs on the local disk.
 */
export async function recoverPacks(context: RecoverContext): Promise<RecoveredPack[]> {
  const { disk, keeper, registry } = context
  const kept = new Map(keeper.packs().map((pack) => [pack.id, pack]))
  const mirrored = new Map((await keeper.mirrored()).map(({ id, sizeBytes }) => [id, sizeBytes]))
  const localIds = new Set(await localPackIds(disk))
  for (const [id, sizeBytes] of mirrored) {
    const as = restoredId(id, kept.get(id))
    if (as === null || localIds.has(id) || localIds.has(as) || kept.has(as)) continue
    await restoreMirrored(context, id, { sizeBytes, as })
    localIds.add(as)
  }
  const local = []
  for (const id of localIds) {
    const recovered = await recoverLocal(context, id, { kept: kept.get(id), mirroredBytes: mirrored.get(id) ?? 0 })
    if (recovered) local.push(recovered)
  }
  await registerKept(context, [...kept.values()])
  for (const pack of registry.all()) {
    if (pack.log || pack.isSpread) continue
    if (pack.sealed)
      pack.isSpread = true // the keeper had it, and may find it again
    else registry.remove(pack)
  }
  return local
}

/**
 * The id under which a mirrored pack that is not on the local disk is restored; null when it need not be. When it was being spread as the
 * local disk was lost, too few fragments may be there; what is in the mirror, which is less than the pack was, must not mix with them.
 */
function restoredId(id: PackId, kept: KeptPack | undefined): PackId | null {
  if (!kept) return id
  if (isRebuildable(kept)) return null
  return toHex(blake3(utf8(`holt/restored/1/${id}`)).subarray(0, 16))
}

async function recoverLocal(
  context: RecoverContext,
  id: PackId,
  { kept, mirroredBytes }: { kept: KeptPack | undefined; mirroredBytes: number },
): Promise<RecoveredPack | null> {
  if (kept && kept.presentFragments >= kept.totalFragments) {
    await context.disk.remove(packPath(id)) // as was about to be done when the node ended
    return null
  }
  const known = context.registry.byId(id)
  const log = known?.sealed && known.indexedBy === 0 ? await adoptSealedPack(context, known.sealed) : null
  if (known && log) return { pack: Object.assign(known, { log, isSpread: kept !== undefined }), canGoOn: false }
  return await readLocal(context, id, { isSpread: kept !== undefined, mirroredBytes })
}

async function readLocal(
  context: RecoverContext,
  id: PackId,
  options: { isSpread: boolean; mirroredBytes: number },
): Promise<RecoveredPack | null> {
  const { registry, index, heads } = context
  const opened = await openLocalPack(context, id, options.mirroredBytes)
  if (!opened) return null
  const { log, scan, wasTorn } = opened
  const state = registry.byId(id) ?? registry.add(log.header)
  const pack = Object.assign(state, { log, isSpread: options.isSpread, sealed: log.sealed, sizeBytes: log.sizeBytes })
  await indexToc(index, pack, scan.toc)
  for (const head of scan.heads) heads.add(head)
  return { pack, canGoOn: !log.sealed && !wasTorn && log.damage.length === 0 }
}

/** Tables of contents are fetched so many ahead: one from friends is several ways there and back. */
const TOCS_AHEAD = 8
/** How many packs with commit records are read for heads: each pack begins with the newest of all before it. */
const PACKS_READ_FOR_HEADS = 3

/**
 * Makes packs of the keeper known that are not yet.
 *
 * @param options `onlyRebuildable`: leave out those of which too little is there, rather than look whether their table is.
 * @returns how many became known.
 */
export async function registerKept(
  context: RecoverContext,
  kept: readonly KeptPack[],
  { onlyRebuildable = false }: { onlyRebuildable?: boolean } = {},
): Promise<number> {
  const { registry, keeper } = context
  const unread = kept.filter(({ id }) => {
    const state = registry.byId(id)
    if (state) state.isSpread = true
    if (registry.isGone(id)) return false
    return !state || (!state.log && state.indexedBy === Number.POSITIVE_INFINITY)
  })
  const readToc = async ({ id, redundancyClass, createdSeconds, sizeBytes, toc: place }: KeptPack) => {
    const sealed = { id, redundancyClass, createdSeconds, sizeBytes, toc: place }
    const state = Object.assign(registry.byId(id) ?? registry.add(sealed), { sealed, sizeBytes, isSpread: true })
    return { state, toc: await tocOf(keeper, state) }
  }
  registry.unread = unread.length
  const tried = unread.filter((pack) => !onlyRebuildable || isRebuildable(pack))
  const newestFirst = tried.sort((a, b) => b.createdSeconds - a.createdSeconds)
  let [donePacks, known, readForHeads] = [0, 0, 0]
  for await (const { state, toc } of ahead(newestFirst, TOCS_AHEAD, readToc)) {
    if (context.signal?.aborted) throw new HoltError('CANCELLED', 'reading the packs was cancelled')
    context.onProgress?.({ donePacks: donePacks++, totalPacks: tried.length })
    if (!toc) continue // lost, or who has it is away: tried again when a block is missed, when drives come and at the next start
    await indexToc(context.index, state, toc)
    known++
    if (toc.commits.count === 0 || readForHeads >= PACKS_READ_FOR_HEADS) continue
    const found = await readKeptHeads(keeper, state.id, toc)
    for (const head of found ?? []) context.heads.add(head)
    if (found) readForHeads++
  }
  registry.unread = unread.length - known
  return known
}
