import type { Disk } from '@holt/core/disk.ts'
import type { Friend } from '@holt/network/fragments/fragments-giver.ts'
import type { Recovery } from '@holt/network/recovery/recovery.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'
import { COPIES_FOLDER } from '@holt/store/fragments/open-drive-keeper.ts'
import { isRebuildable } from '@holt/store/pack-keeper.ts'
import { placeOf } from './peer-info.ts'

/** What friends had. */
export interface FoundAtFriends {
  friends: number
  /** Friends who did not answer, or did not say what they keep; they are asked until they do. */
  late: Friend[]
  /** Of which they say that they have fragments enough. */
  packs: number
  /** Copies of packs that were still written to. */
  copies: number
  /** A newer state is known than any friend gave whole. */
  behind: boolean
  /** Heads that friends' records name; to be judged. */
  heads: Uint8Array[]
  /** How these stand to each other; to be judged. */
  lines: Uint8Array[]
}

/** Makes known to the keeper what friends have; files are read from them from then on, until they are here. */
export async function findAtFriends(
  recovery: Recovery,
  { keeper, disk, at }: { keeper: DriveKeeper; disk: Disk; at: readonly string[] },
): Promise<FoundAtFriends> {
  const friends = await recovery.meet(at.map(placeOf))
  const spreads = await recovery.learn(friends)
  await keeper.believe(spreads)
  const whole = new Set(keeper.packs().flatMap((pack) => (isRebuildable(pack) ? pack.id : [])))
  const { copies, behind } = await recovery.fetchCopies(disk, COPIES_FOLDER, (id) => !whole.has(id))
  keeper.addCopies(copies)
  return {
    friends: friends.length,
    packs: spreads.length,
    late: recovery.late(),
    copies: copies.length,
    behind,
    heads: recovery.heads(),
    lines: recovery.lines(),
  }
}
