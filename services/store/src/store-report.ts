import type { KeptPack } from './pack-keeper.ts'
import type { PackState } from './pack-registry.ts'

/** Something that is wrong in what the store keeps, or was until it was repaired. */
export interface StoreProblem {
  what: 'block-corrupt' | 'copy-corrupt' | 'copy-missing' | 'pack-lost' | 'index-wrong'
  /** Which file, pack or range, in words. */
  where: string
  repaired: boolean
}

/** What reading the local part of the store found. */
export interface LocalReport {
  blocksChecked: number
  bytesChecked: number
  problems: StoreProblem[]
}

export interface StoreStats {
  blocks: number
  packs: number
  packBytes: number
  /** Of packs that are not yet with the keeper, the open ones included. */
  unspreadBytes: number
  /** Packs with fewer fragments than planned. */
  degradedPacks: number
  /** Packs with too few fragments to rebuild. */
  lostPacks: number
}

export function statsOf(packs: readonly PackState[], kept: readonly KeptPack[]): StoreStats {
  const stats: StoreStats = { blocks: 0, packs: packs.length, packBytes: 0, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0 }
  const fragments = new Map(kept.map((pack) => [pack.id, pack]))
  for (const pack of packs) {
    const sizeBytes = pack.log?.sizeBytes ?? pack.sizeBytes
    stats.blocks += pack.blockCount
    stats.packBytes += sizeBytes
    if (!pack.isSpread) stats.unspreadBytes += sizeBytes
    if (!pack.isSpread || pack.log) continue
    const { presentFragments = 0, dataFragments = 1, totalFragments = 1, elsewhere = false } = fragments.get(pack.id) ?? {}
    if (presentFragments < dataFragments && !elsewhere) stats.lostPacks++
    else if (presentFragments < totalFragments) stats.degradedPacks++
  }
  return stats
}
