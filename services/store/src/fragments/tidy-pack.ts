import { isHoltError } from '@holt/core/errors.ts'
import type { KeeperContext } from './keeper-context.ts'
import { type FragmentHome, isUsable, type KnownPack, presentIndices, type Spreading } from './pack-table.ts'

/** True when something of the pack is there that should not be: see `tidyPack`. */
export function isUntidy(pack: KnownPack): boolean {
  const { main, spreadings } = pack
  if (spreadings.some((other) => other !== main && other.homes.some(({ holder }) => holder.state !== 'missing'))) return true
  const { homes } = main
  const seen = new Set<number>()
  for (const { index } of homes.filter(({ holder }) => holder.state !== 'missing')) {
    if (seen.has(index) || index >= main.spread.totalFragments) return true
    seen.add(index)
  }
  return false
}

/**
 * Removes what a complete pack does not need: fragments of an earlier spreading, second copies, damaged ones that were made anew
 * elsewhere. Nothing goes while anything is lacking, and the copy that stays is verified before the other one goes.
 *
 * The caller holds the pack's lock.
 *
 * @param options `keep`: the spreading that stays when there are several, instead of the one that survives most.
 */
export async function tidyPack(
  context: KeeperContext,
  pack: KnownPack,
  options: { keep?: Spreading; signal?: AbortSignal } = {},
): Promise<void> {
  if (!isUntidy(pack)) return
  const main = options.keep ?? pack.main
  if (!isComplete(main) || !(await isVerified(context, main, options))) return
  for (const stray of pack.spreadings.filter((spreading) => spreading !== main)) {
    for (const home of stray.homes) await removeHome(context, pack, home)
  }
  for (const home of main.homes.filter(({ index }) => index >= main.spread.totalFragments)) await removeHome(context, pack, home)
  for (const index of presentIndices(main)) {
    const there = main.homes.filter((home) => home.index === index && home.holder.state !== 'missing')
    for (const home of surplus(there, main)) await removeHome(context, pack, home)
  }
  pack.dropEmptySpreadings()
}

function isComplete(spreading: Spreading): boolean {
  return presentIndices(spreading).size === spreading.spread.totalFragments
}

/** All but the best copy of one fragment: sound, on a drive without another fragment of the pack, with the most room. */
function surplus(copies: readonly FragmentHome[], { homes }: Spreading): FragmentHome[] {
  const crowd = (home: FragmentHome): number => homes.filter(({ holder }) => holder === home.holder).length
  const rank = (home: FragmentHome): number => (isUsable(home) ? 0 : 1_000) + crowd(home)
  return [...copies].sort((a, b) => rank(a) - rank(b) || b.holder.freeBytes - a.holder.freeBytes).slice(1)
}

async function isVerified(context: KeeperContext, { spread, homes }: Spreading, { signal }: { signal?: AbortSignal }): Promise<boolean> {
  const sound = new Set<number>()
  for (const { index, holder } of homes.filter(isUsable)) {
    const place = { index, ...holder.place({ pack: spread.id, index }) }
    const { condition } = await context.pool.run('verifyFragment', { spread, place }, { signal })
    if (condition === 'good') sound.add(index)
    else context.repairs.suspect(spread.id)
  }
  return sound.size === spread.totalFragments
}

async function removeHome(context: KeeperContext, pack: KnownPack, home: FragmentHome): Promise<void> {
  if (home.holder.state === 'missing') return // when it comes back
  try {
    await home.holder.remove([{ pack: pack.id, index: home.index }])
    context.table.removeHome(pack.id, home)
  } catch (error) {
    if (!isHoltError(error)) throw error
  }
}
