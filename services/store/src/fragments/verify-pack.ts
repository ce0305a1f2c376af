import type { FragmentCondition } from './verify-fragment.ts'
import type { KeeperContext } from './keeper-context.ts'
import type { FragmentHome, HomeCondition, KnownPack, Spreading } from './pack-table.ts'

/** What verifying found about one fragment that is not as it should be. */
export interface FragmentFinding {
  home: FragmentHome
  condition: Exclude<FragmentCondition, 'good'>
}

const homeConditions: Record<FragmentCondition, HomeCondition> = {
  good: 'trusted',
  tail: 'tail',
  corrupt: 'corrupt',
  missing: 'corrupt',
  unreadable: 'corrupt',
}

/**
 * Reads every fragment of a pack on the drives that are there, and sets the condition of each.
 *
 * @returns those that are not good; a drive that goes missing meanwhile is no finding.
 */
export async function verifyPack(
  context: KeeperContext,
  pack: KnownPack,
  options: { signal?: AbortSignal } = {},
): Promise<FragmentFinding[]> {
  const findings: FragmentFinding[] = []
  for (const spreading of pack.spreadings) {
    const homes = spreading.homes.filter(({ index, holder }) => holder.state !== 'missing' && index < spreading.spread.totalFragments)
    const found = await Promise.all(homes.map((home) => verifyHome(context, spreading, home, options.signal)))
    findings.push(...found.filter((finding) => finding !== null))
  }
  return findings
}

async function verifyHome(
  context: KeeperContext,
  { spread }: Spreading,
  home: FragmentHome,
  signal: AbortSignal | undefined,
): Promise<FragmentFinding | null> {
  const { index, holder } = home
  const place = { index, ...holder.place({ pack: spread.id, index }) }
  const { condition } = await context.pool.run('verifyFragment', { spread, place }, { signal })
  if (condition === 'missing' || condition === 'unreadable') {
    await holder.check()
    if (holder.state === 'missing') return null
  }
  if (home.condition !== homeConditions[condition]) context.table.changes++
  home.condition = homeConditions[condition]
  return condition === 'good' ? null : { home, condition }
}
