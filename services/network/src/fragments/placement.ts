import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { type Assumptions, yearlyLoss } from '../durability/loss.ts'
import type { Friend } from './fragments-giver.ts'
import { type About, Circles, groupsOf } from './independence.ts'

/** A friend that may be given something, as far as is known. */
export interface Candidate extends Friend {
  roomBytes: number
  /** How often it was found not to have what it should, lately. */
  faults: number
  /** It cannot be given anything at this moment; that is no reason to burden others, as long as the pack is safe without. */
  isAway: boolean
}

/** A fragment and whose node has it. */
export interface Placed {
  index: number
  friend: Friend
}

export interface PlacementOptions {
  placed: readonly Placed[]
  candidates: readonly Candidate[]
  /** Indices that can be given. */
  available: readonly number[]
  about: About
  /** How likely the pack may be lost within a year; null: only the least is given now. */
  wish: number | null
  assumptions: Assumptions
}

/** Of a tail as it usually is; the friend has the last word on its room. */
const MOST_TAIL_BYTES = 2048
const MOST_FAULTS = 3
const MOST_LOST_FRIENDS = 2
/** Who has proven less than this is given something only when nobody else takes it. */
const DOUBTFUL = 0.3
/** What was measured for less says too little to give more than the least. */
export const SETTLED_MS = 24 * 3_600_000
/** Of those who are trusted less than the best by so little, who has most room is taken: else nearly all would lie with a few. */
const TRUST_STEP = 0.1

/** So much of a pack friends keep in any case: what rebuilds it without this node, one more where they are two owners, and two more where they are three. */
export function leastFragments(dataFragments: number, ownerCount: number): number {
  return dataFragments + Math.max(0, Math.min(MOST_LOST_FRIENDS, ownerCount - 1))
}

/** And no more than that, whatever is wished: friends keep three times the pack, or what survives six of them. */
export function mostFragments(dataFragments: number): number {
  return Math.max(dataFragments + 6, 3 * dataFragments)
}

/**
 * Which fragment of a pack is to be given to whom next.
 *
 * Friends are to have the least, and then as many as it takes until the pack is as safe as is wished, by what was measured of those who
 * have it. Circles (owner, place, network) with fewest of the pack come first, then owners with fewest, since what befalls one befalls all they
 * keep; then, of those trusted about as much as the best, who has most room. Who is only away keeps its turn, once friends have what rebuilds the pack.
 *
 * @returns null when friends have enough, or nobody can take more.
 */
export function nextPlacement(spread: SpreadPack, options: PlacementOptions): Next | null {
  const { placed, candidates } = options
  const owners = new Set([...placed.map(({ friend }) => friend), ...candidates].map(({ owner }) => toHex(owner)))
  const least = leastFragments(spread.dataFragments, owners.size)
  if (placed.length < least) return choose(spread, options, least)
  return mayHaveMore(spread, options) ? chooseBetter(spread, options, least) : null
}

type Next = { index: number; friend: Candidate }

function choose(spread: SpreadPack, options: PlacementOptions, least: number): Next | null {
  const { placed, available } = options
  const distinct = new Set(placed.map(({ index }) => index)).size
  const ordered = inOrder(spread, options)
  const byIndex = [...available].sort((a, b) => countOf(placed, a) - countOf(placed, b) || a - b)
  for (const index of byIndex) {
    // a second copy of a fragment is worth something only with another owner, and only where there are no others
    if (countOf(placed, index) > 0 && distinct < Math.min(least, spread.totalFragments)) break
    const fitting = ordered.filter((one) => !placed.some((other) => other.index === index && equalBytes(other.friend.owner, one.owner)))
    if (fitting[0]?.isAway === true && distinct >= spread.dataFragments) return null
    const friend = fitting.find(({ isAway }) => !isAway)
    if (friend !== undefined) return { index, friend }
  }
  return null
}

function mayHaveMore(spread: SpreadPack, { placed, about, wish, assumptions }: PlacementOptions): boolean {
  if (wish === null || placed.length >= mostFragments(spread.dataFragments)) return false
  if (placed.some(({ friend }) => about(friend).measuredMs < SETTLED_MS)) return false
  return yearlyLoss(groupsOf(placed, about), spread.dataFragments, assumptions) > wish
}

/** One that makes the pack safer, if need be together with those that would follow. */
function chooseBetter(spread: SpreadPack, options: PlacementOptions, least: number): Next | null {
  const lossOf = (placed: readonly Placed[]): number =>
    yearlyLoss(groupsOf(placed, options.about), spread.dataFragments, options.assumptions)
  const now = lossOf(options.placed)
  const first = choose(spread, options, least)
  const placed = [...options.placed]
  for (
    let next = first;
    next !== null && placed.length < mostFragments(spread.dataFragments);
    next = choose(spread, { ...options, placed }, least)
  ) {
    placed.push(next)
    if (lossOf(placed) < now) return first
  }
  return null
}

function inOrder(spread: SpreadPack, { placed, candidates, about }: PlacementOptions): Candidate[] {
  const circles = new Circles([...placed.map(({ friend }) => friend), ...candidates], about)
  const mostTrust = Math.max(...candidates.map((friend) => about(friend).trust))
  const facts = new Map(
    candidates.map((friend) => {
      const { trust, intactness, isHere } = about(friend)
      const lessTrust = Math.floor((mostTrust - trust) / TRUST_STEP)
      const inCircle = placed.filter((one) => circles.of(one.friend) === circles.of(friend)).length
      return [friend, [Number(isHere), Number(intactness < DOUBTFUL), inCircle, heldBy(placed, friend), friend.faults, lessTrust]]
    }),
  )
  const sizeBytes = spread.shardBytes + MOST_TAIL_BYTES
  return candidates
    .filter(({ roomBytes, faults }) => roomBytes >= sizeBytes && faults < MOST_FAULTS)
    .sort((a, b) => compareAll(facts.get(a) as number[], facts.get(b) as number[]) || b.roomBytes - a.roomBytes)
}

function compareAll(a: readonly number[], b: readonly number[]): number {
  for (const [i, one] of a.entries()) if (one !== b[i]) return one - (b[i] as number)
  return 0
}

function countOf(placed: readonly Placed[], index: number): number {
  return placed.filter((one) => one.index === index).length
}

function heldBy(placed: readonly Placed[], { owner }: Friend): number {
  return placed.filter(({ friend }) => equalBytes(friend.owner, owner)).length
}
