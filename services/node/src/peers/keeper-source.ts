import type { Principal } from '@holt/core/principal.ts'
import type { FragmentSource } from '@holt/network/fragments/fragment-source.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'

/** What the drives keep, as it is given to friends. @param owner the storage principal. */
export function keeperSource(keeper: DriveKeeper, owner: Principal): FragmentSource {
  return {
    owner,
    spreads: () => keeper.spreads(),
    isFetching: () => keeper.isFetching,
    available: (spread) => keeper.readable(spread),
    readShard: (spread, index, column, length) => keeper.readShard(spread, index, column, length),
  }
}
