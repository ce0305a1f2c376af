import type { PackId } from '../pack-keeper.ts'
import type { DriveHolder } from './drive-holder.ts'
import { MAX_TAIL_BYTES } from './fragment-file.ts'
import type { FragmentPlace } from './fragment-writer.ts'
import { fetchPack } from './fetch-pack.ts'
import { type KeeperContext, placeableHolders } from './keeper-context.ts'
import { type FragmentHome, isUsable, type KnownPack, presentIndices, type Spreading } from './pack-table.ts'
import type { RebuildOutput } from './rebuild-fragments.ts'
import { acceptFragment, giveUpPlacement, type Placement, stageAll } from './spread-pack.ts'
import { tidyPack } from './tidy-pack.ts'
import { verifyPack } from './verify-pack.ts'

export interface MendOptions {
  /** A fragment on a drive that is missing for less than this is not made anew: the drive may just be restarting. */
  graceMs: number
  signal?: AbortSignal
  pace?: (bytes: number) => Promise<void>
}

export interface MendResult {
  rebuilt: number
  /** Fragments that the pack still lacks: there is no drive to put them on. */
  lacking: number
  /** Fewer than k fragments are left. */
  isLost: boolean
}

const nothing: MendResult = { rebuilt: 0, lacking: 0, isLost: false }

/**
 * Verifies a pack if it is suspect, makes its missing and damaged fragments anew, and removes what is one too many. Whatever
 * it is interrupted at, what is there is enough to go on from.
 *
 * @throws HoltError CANCELLED.
 */
export async function mendPack(context: KeeperContext, id: PackId, options: MendOptions): Promise<MendResult> {
  return await context.locks.run(id, async () => {
    const pack = context.table.get(id)
    if (pack === undefined) return nothing
    if (context.repairs.suspects.has(id)) await verifyPack(context, pack, options)
    context.repairs.forget(id)
    let rebuilt = 0
    for (let tries = 0; tries <= pack.main.spread.totalFragments; tries++) {
      const made = await rebuildSome(context, pack.main, options)
      if (made === null) break
      rebuilt += made
    }
    if (isGone(context, pack, options) && (await fetchPack(context, pack, options))) rebuilt += pack.main.homes.length
    await tidyPack(context, pack, options)
    return { rebuilt, lacking: lackingIndices(context, pack.main, options.graceMs).length, isLost: isLost(pack) }
  })
}

/** Too little is left on drives, and nothing says that more will come back. */
function isGone(context: KeeperContext, pack: KnownPack, { graceMs }: MendOptions): boolean {
  const { totalFragments, dataFragments } = pack.main.spread
  return isLost(pack) && lackingIndices(context, pack.main, graceMs).length > totalFragments - dataFragments
}

function isLost({ main }: KnownPack): boolean {
  return presentIndices(main).size < main.spread.dataFragments
}

/** Fragments that have no good home, on drives that are there or were a moment ago. */
export function lackingIndices(context: KeeperContext, { spread, homes }: Spreading, graceMs: number): number[] {
  const oldest = context.clock.nowMs() - graceMs
  const has = new Set<number>()
  for (const { index, holder, condition } of homes) {
    const isAway = holder.state === 'missing'
    const isExpected = isAway && graceMs > 0 && (holder as DriveHolder).lastSeenMs > oldest
    if ((condition === 'trusted' || condition === 'unsure') && (!isAway || isExpected)) has.add(index)
  }
  return Array.from({ length: spread.totalFragments }, (_, index) => index).filter((index) => !has.has(index))
}

/** One round. @returns how many fragments were made; null when there is nothing (more) to do. */
async function rebuildSome(context: KeeperContext, spreading: Spreading, options: MendOptions): Promise<number | null> {
  const lacking = lackingIndices(context, spreading, options.graceMs)
  if (lacking.length === 0) return null
  const sources = sourceHomes(spreading)
  if (sources.length < spreading.spread.dataFragments && !sources.some(({ index }) => lacking.includes(index))) return null
  const placements = await placeLacking(context, spreading, lacking)
  if (placements.length === 0) return null
  const output = await runRebuild(context, spreading, { sources, placements, options })
  const { written, failures, badSources } = output
  for (const home of sources.filter(({ index }) => badSources.includes(index))) await distrust(home)
  const accepted = await Promise.all(
    placements.filter(({ index }) => written.includes(index)).map((placement) => acceptFragment(context, spreading.spread, placement)),
  )
  await Promise.all(failures.map(({ index, error }) => giveUpPlacement(placements, index, error)))
  const made = accepted.filter(Boolean).length
  return made === 0 && failures.length === 0 && badSources.length === 0 ? null : made
}

/** One readable home for each index: those that nothing speaks against first. */
function sourceHomes({ homes }: Spreading): FragmentHome[] {
  const best = new Map<number, FragmentHome>()
  for (const home of homes.filter(isUsable)) {
    const other = best.get(home.index)
    if (other === undefined || (other.condition === 'unsure' && home.condition !== 'unsure')) best.set(home.index, home)
  }
  return [...best.values()].sort((a, b) => Number(a.condition === 'unsure') - Number(b.condition === 'unsure') || a.index - b.index)
}

async function distrust(home: FragmentHome): Promise<void> {
  await home.holder.check()
  if (home.holder.state !== 'missing') home.condition = 'corrupt'
}

/** A damaged fragment is replaced where it is; others go to drives that have none of the pack. */
async function placeLacking(context: KeeperContext, { spread, homes }: Spreading, lacking: readonly number[]): Promise<Placement[]> {
  const sizeBytes = spread.shardBytes + MAX_TAIL_BYTES
  const pack = spread.id
  const placements: Placement[] = []
  const elsewhere: number[] = []
  for (const index of lacking) {
    const damaged = homes.find((home) => home.index === index && ['ok', 'removing'].includes(home.holder.state))
    const inPlace = damaged && (await stageAll([damaged.holder as DriveHolder], { pack, indices: [index], sizeBytes }))
    if (inPlace?.[0] === undefined) elsewhere.push(index)
    else placements.push(inPlace[0])
  }
  const without = new Set<unknown>([...(context.table.get(pack)?.occupied() ?? []), ...placements.map(({ holder }) => holder)])
  const free = placeableHolders(context, { fileBytes: sizeBytes, without }).slice(0, elsewhere.length)
  return [...placements, ...(await stageAll(free, { pack, indices: elsewhere, sizeBytes }))]
}

interface Rebuilding {
  sources: FragmentHome[]
  placements: Placement[]
  options: MendOptions
}

async function runRebuild(
  context: KeeperContext,
  { spread }: Spreading,
  { sources, placements, options }: Rebuilding,
): Promise<RebuildOutput> {
  try {
    const isCopy = placements.every((placement) => sources.some(({ index }) => index === placement.index))
    // Where copies and others are wanted but too few sources are left, at least the copies are made.
    const chosen =
      isCopy || sources.length >= spread.dataFragments
        ? placements
        : placements.filter(({ index }) => sources.some((home) => home.index === index))
    await Promise.all(placements.filter((placement) => !chosen.includes(placement)).map(({ holder, staged }) => holder.discard(staged)))
    await options.pace?.((Math.min(sources.length, spread.dataFragments) + chosen.length) * spread.shardBytes)
    const input = {
      spread,
      sources: sources.map(({ index, holder }): FragmentPlace => ({ index, ...holder.place({ pack: spread.id, index }) })),
      targets: chosen.map(({ index, staged }) => ({ index, ...staged.place })),
    }
    const output = await context.pool.run('rebuildFragments', input, { signal: options.signal })
    const unwritten = chosen.filter(({ index }) => !output.written.includes(index))
    await Promise.all(unwritten.map(({ holder, staged }) => holder.discard(staged)))
    return output
  } catch (error) {
    await Promise.all(placements.map(({ holder, staged }) => holder.discard(staged)))
    throw error
  }
}
