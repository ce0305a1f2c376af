/** Holders that fail together, as far as is known, and which fragments of one pack they have. */
export interface Group {
  /** The chance that they are there, and have them whole, when the pack is needed. */
  there: number
  /** Indices; those that lie with several groups are named in each. */
  fragments: readonly number[]
}

/** What a loss is reckoned with, beside what was measured. Each is meant to be worse than what is usual. */
export interface Assumptions {
  /** How often in a year everything here is lost at once: fire, theft, water, drives that fail together. */
  homePerYear: number
  /** How often in a year a friend is gone for good, or loses everything. */
  friendPerYear: number
  /** From when a friend is gone until what it had lies with another. */
  repairSeconds: number
}

export const YEAR_SECONDS = 365 * 24 * 3600
/** Beyond so many fragments that several have, further copies of the others do not count: it says too little, never too much. */
const MOST_SHARED = 12
/** Likewise of groups: the best are counted. */
const MOST_GROUPS = 40

/** The chance that an event which comes so often in a year comes in so many seconds. */
export function chanceWithin(perYear: number, seconds: number): number {
  return -Math.expm1((-perYear * seconds) / YEAR_SECONDS)
}

/**
 * The chance that fewer than `needed` different fragments can be had, when each group is there or not independently of the others: a
 * sum over all that can be, without what rounding would lose of a difference from one.
 */
export function lossChance(groups: readonly Group[], needed: number): number {
  const counted = [...groups].sort((a, b) => b.there - a.there).slice(0, MOST_GROUPS)
  const bitOf = sharedBits(counted)
  // what is there: a bit for each fragment that several have, and how many others
  let states = new Map<number, number>([[0, 1]])
  const alone = new Set<number>()
  for (const { there, fragments } of counted) {
    let [bits, others] = [0, 0]
    for (const index of new Set(fragments)) {
      const bit = bitOf.get(index)
      if (bit !== undefined) bits |= bit
      else if (!alone.has(index)) others += alone.add(index) && 1
    }
    const next = new Map<number, number>()
    const add = (state: number, chance: number): void => void (chance > 0 && next.set(state, (next.get(state) ?? 0) + chance))
    for (const [state, chance] of states) {
      add(state, chance * (1 - there))
      add(((state & SHARED_MASK) | bits) + (Math.floor(state / SHARED_SIZE) + others) * SHARED_SIZE, chance * there)
    }
    states = next
  }
  let lost = 0
  for (const [state, chance] of states) if (bitCount(state & SHARED_MASK) + Math.floor(state / SHARED_SIZE) < needed) lost += chance
  return Math.min(1, lost)
}

const SHARED_SIZE = 2 ** MOST_SHARED
const SHARED_MASK = SHARED_SIZE - 1

function sharedBits(groups: readonly Group[]): Map<number, number> {
  const holders = new Map<number, number>()
  for (const { fragments } of groups) for (const index of new Set(fragments)) holders.set(index, (holders.get(index) ?? 0) + 1)
  const shared = [...holders].filter(([, count]) => count > 1).map(([index]) => index)
  return new Map(shared.slice(0, MOST_SHARED).map((index, bit) => [index, 1 << bit]))
}

function bitCount(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count++
  return count
}

/** The chance of a loss within a year, when it has this chance in each stretch of so many seconds. */
export function withinYear(chance: number, seconds: number): number {
  return chance >= 1 ? 1 : -Math.expm1((YEAR_SECONDS / seconds) * Math.log1p(-chance))
}

/**
 * Within a year: that everything here is lost while friends do not have enough of the pack. In each stretch of the time that a repair takes, a
 * friend may be gone for good before what it had lies elsewhere; who is only away when it is asked counts as gone, too, though it may come back.
 */
export function yearlyLoss(groups: readonly Group[], needed: number, { homePerYear, friendPerYear, repairSeconds }: Assumptions): number {
  const stays = 1 - chanceWithin(friendPerYear, repairSeconds)
  const staying = groups.map(({ there, fragments }) => ({ there: there * stays, fragments }))
  return withinYear(chanceWithin(homePerYear, repairSeconds) * lossChance(staying, needed), repairSeconds)
}

/** 11 for one in 100,000,000,000. */
export function lossOfNines(nines: number): number {
  return 10 ** -nines
}
