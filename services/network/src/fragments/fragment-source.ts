import type { Principal } from '@holt/core/principal.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'

/** The packs of this node, as far as friends are concerned; what keeps them is another's affair. */
export interface FragmentSource {
  /** The storage principal, which signs all packs of this owner. */
  readonly owner: Principal
  /** Every pack that is spread. */
  spreads(): SpreadPack[]
  /** Packs are coming back from friends at this moment. */
  isFetching(): boolean
  /** Fragments of it that can be read here now. */
  available(spread: SpreadPack): number[]
  /** Columns of one of those. @returns null when they cannot be read. */
  readShard(spread: SpreadPack, index: number, column: number, length: number): Promise<Uint8Array | null>
}
