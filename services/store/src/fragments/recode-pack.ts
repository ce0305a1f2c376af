import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { PackId } from '../pack-keeper.ts'
import type { ClassCode } from './class-code.ts'
import type { DriveHolder } from './drive-holder.ts'
import { MAX_TAIL_BYTES, shardBytesOf } from './fragment-file.ts'
import { type KeeperContext, placeableHolders } from './keeper-context.ts'
import { isUsable, type KnownPack, type Spreading } from './pack-table.ts'
import { acceptFragment, type Placement } from './spread-pack.ts'
import { tidyPack } from './tidy-pack.ts'

export interface RecodeOptions {
  code: ClassCode
  /** A drive that is to get nothing. */
  without?: DriveHolder
  signal?: AbortSignal
  /** Writes the plain pack there; without it, it is assembled from fragments on drives. */
  fetch?: (path: string) => Promise<void>
}

/**
 * Spreads a pack again with another k or n. The fragments of before stay until all new ones are there, under other names, so that
 * at no moment the pack depends on both.
 *
 * The caller holds the pack's lock.
 *
 * @returns false when a drive failed meanwhile; the pack is then as it was, and a later try will do it.
 * @throws HoltError NOT_ENOUGH_DRIVES, PACK_UNRECOVERABLE, DISK_FULL (of the data folder), CANCELLED.
 */
export async function recodePack(
  context: KeeperContext,
  pack: KnownPack,
  { code, without, signal, fetch }: RecodeOptions,
): Promise<boolean> {
  const { spread } = pack.main
  const placements = await placeAnew(context, pack, { code, without })
  const source = { disk: context.dataDisk.id, path: `keeper/${pack.id}.part` }
  try {
    if (placements === null) return false
    await (fetch?.(source.path) ?? assemble(context, pack.main, source.path, signal))
    const targets = placements.map(({ index, staged }) => ({ index, ...staged.place }))
    const storageSeed = context.owner.storageSeed
    const output = await context.pool.run(
      'encodePack',
      { source, pack: spread, ...code, targets, completeSource: false, storageSeed },
      { signal },
    )
    if (output.failures.length > 0) return await giveUp(placements, output.failures)
    const accepted = await Promise.all(placements.map((placement) => acceptFragment(context, output.spread, placement)))
    await tidyPack(context, pack, { keep: pack.spreadingOf(output.spread), signal })
    return accepted.every(Boolean)
  } catch (error) {
    await giveUp(placements ?? [], [])
    throw error
  } finally {
    await context.dataDisk.remove(source.path)
  }
}

/**
 * Reserves room for each fragment of another spreading on a drive of its own.
 *
 * @returns null when a drive failed meanwhile.
 * @throws HoltError NOT_ENOUGH_DRIVES
 */
export async function placeAnew(
  context: KeeperContext,
  pack: KnownPack,
  { code, without }: { code: ClassCode; without?: DriveHolder | undefined },
): Promise<Placement[] | null> {
  const sizeBytes = shardBytesOf(pack.main.spread.sizeBytes, code.dataFragments) + MAX_TAIL_BYTES
  const holders = placeableHolders(context, { fileBytes: sizeBytes, without: new Set([without]) })
  if (holders.length < code.totalFragments) {
    const facts = { pack: pack.id, present: holders.length, needed: code.totalFragments }
    throw new HoltError('NOT_ENOUGH_DRIVES', `${code.totalFragments} drives with room are needed, there are ${holders.length}`, facts)
  }
  return await stageEach(withoutCollisions(pack, holders.slice(0, code.totalFragments)), pack.id, sizeBytes)
}

/**
 * Orders drives so that none gets a fragment of the index that it has already of the earlier spreading. Where that cannot be (a
 * single drive) the new one replaces the old.
 */
function withoutCollisions(pack: KnownPack, holders: readonly DriveHolder[]): DriveHolder[] {
  const order = [...holders]
  const collides = (at: number, holder = order[at] as DriveHolder): boolean => pack.homeOn(holder, at) !== undefined
  for (let at = 0; at < order.length; at++) {
    if (!collides(at)) continue
    const other = order.findIndex((holder, i) => i !== at && !collides(at, holder) && !collides(i, order[at]))
    if (other < 0) continue
    const [a, b] = [order[at] as DriveHolder, order[other] as DriveHolder]
    order[at] = b
    order[other] = a
  }
  return order
}

async function stageEach(holders: readonly DriveHolder[], pack: PackId, sizeBytes: number): Promise<Placement[] | null> {
  const placements: Placement[] = []
  for (const [index, holder] of holders.entries()) {
    try {
      placements.push({ index, holder, staged: await holder.stage({ pack, index }, sizeBytes) })
    } catch (error) {
      if (!isHoltError(error)) throw error
      await giveUp(placements, [])
      return null
    }
  }
  return placements
}

/** Nothing is left of them; drives that failed are noted. */
export async function giveUp(
  placements: readonly Placement[],
  failures: readonly { index: number; error: Parameters<DriveHolder['noteFailure']>[0] }[],
): Promise<false> {
  await Promise.all(placements.map(({ holder, staged }) => holder.discard(staged)))
  for (const { index, error } of failures) await placements.find((placement) => placement.index === index)?.holder.noteFailure(error)
  return false
}

/** Writes the plain pack into the data folder, from fragments that are found right on the way. */
async function assemble(
  context: KeeperContext,
  { spread, homes }: Spreading,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    const usable = [...new Map(homes.filter(isUsable).map((home) => [home.index, home])).values()].sort((a, b) => a.index - b.index)
    if (usable.length < spread.dataFragments) {
      const facts = { pack: spread.id, present: usable.length, needed: spread.dataFragments }
      throw new HoltError('PACK_UNRECOVERABLE', `${usable.length} of ${spread.totalFragments} fragments are left`, facts)
    }
    const sources = usable.map(({ index, holder }) => ({ index, ...holder.place({ pack: spread.id, index }) }))
    const target = { disk: context.dataDisk.id, path }
    const { badSources } = await context.pool.run('assemblePack', { spread, sources, target }, { signal })
    if (badSources.length === 0) return
    for (const home of usable.filter(({ index }) => badSources.includes(index))) home.condition = 'corrupt'
    context.repairs.suspect(spread.id)
  }
}
