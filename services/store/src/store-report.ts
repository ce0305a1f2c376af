/** Something that is wrong in what the store keeps, or was until it was repaired. */
export interface StoreProblem {
  what: 'block-corrupt' | 'pack-lost' | 'index-wrong'
  /** Which file, pack or range, in words. */
  where: string
  repaired: boolean
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
