import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import type { Friend } from './fragments-giver.ts'

/** A friend that may be given something, as far as is known. */
export interface Candidate extends Friend {
  roomBytes: number
  /** How often it was found not to have what it should, lately. */
  faults: number
}

/** A fragment and whose node has it. */
export interface Placed {
  index: number
  friend: Friend
}

/**
 * Which fragment of a pack is to be given to whom next.
 *
 * Friends are to have as many fragments as rebuild the pack without this node, one more where they are two owners, and two more where they are three:
 * some may be lost with this node. Owners who have fewest of the pack come first, since what befalls one befalls all that they keep; then who was
 * found faulty least, then who has most room.
 *
 * @returns null when friends have enough, or nobody can take more.
 */
export function nextPlacement(
  spread: SpreadPack,
  { placed, candidates, available }: { placed: readonly Placed[]; candidates: readonly Candidate[]; available: readonly number[] },
): { index: number; friend: Candidate } | null {
  const owners = new Set([...placed.map(({ friend }) => friend), ...candidates].map(({ owner }) => toHex(owner)))
  const wanted = spread.dataFragments + Math.max(0, Math.min(MOST_LOST_FRIENDS, owners.size - 1))
  if (placed.length >= wanted) return null
  const sizeBytes = spread.shardBytes + MOST_TAIL_BYTES
  const byIndex = [...available].sort((a, b) => countOf(placed, a) - countOf(placed, b) || a - b)
  const byOwner = candidates
    .filter(({ roomBytes, faults }) => roomBytes >= sizeBytes && faults < MOST_FAULTS)
    .sort((a, b) => heldBy(placed, a) - heldBy(placed, b) || a.faults - b.faults || b.roomBytes - a.roomBytes)
  for (const index of byIndex) {
    // a second copy of a fragment is worth something only with another owner, and only where there are no others
    if (countOf(placed, index) > 0 && new Set(placed.map((one) => one.index)).size < Math.min(wanted, spread.totalFragments)) break
    const friend = byOwner.find((one) => !placed.some((other) => other.index === index && equalBytes(other.friend.owner, one.owner)))
    if (friend !== undefined) return { index, friend }
  }
  return null
}

/** Of a tail as it usually is; the friend has the last word on its room. */
const MOST_TAIL_BYTES = 2048
const MOST_FAULTS = 3
const MOST_LOST_FRIENDS = 2

function countOf(placed: readonly Placed[], index: number): number {
  return placed.filter((one) => one.index === index).length
}

function heldBy(placed: readonly Placed[], { owner }: Friend): number {
  return placed.filter(({ friend }) => equalBytes(friend.owner, owner)).length
}
