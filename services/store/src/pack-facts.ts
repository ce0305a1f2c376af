import type { PackId } from './pack-keeper.ts'
import type { PackRegistry, PackState } from './pack-registry.ts'

/** One pack as its owner sees it. */
export interface PackFacts {
  id: PackId
  redundancyClass: string
  createdSeconds: number
  sizeBytes: number
  blockCount: number
  /** `open`: still being filled; `waiting`: full, and not spread yet. */
  state: 'open' | 'waiting' | 'spread'
}

export function factsOf({ id, redundancyClass, createdSeconds, sizeBytes, blockCount, log, sealed, isSpread }: PackState): PackFacts {
  const state = isSpread ? 'spread' : sealed === null ? 'open' : 'waiting'
  return { id, redundancyClass, createdSeconds, sizeBytes: log?.sizeBytes ?? sizeBytes, blockCount, state }
}

/** A page of packs in the order of their ids, which stays the same while others come and go. */
export function packFacts(
  registry: PackRegistry,
  { after = '', limit }: { after?: PackId; limit: number },
): { packs: PackFacts[]; more: boolean; total: number } {
  const all = registry.all()
  const later = all.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1))
  return { packs: later.slice(0, limit).map(factsOf), more: later.length > limit, total: all.length }
}
