import { toHex } from '@holt/core/bytes.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { type Assumptions, lossOfNines, yearlyLoss } from '../durability/loss.ts'
import type { Friend } from './fragments-giver.ts'
import { type About, Circles, groupsOf, type Traits } from './independence.ts'
import { nextPlacement, type Placed } from './placement.ts'

/** How packs of a class are cut. */
export interface ClassFacts {
  redundancyClass: string
  dataFragments: number
  totalFragments: number
}

/** How safe what is in a class is: chances that a pack, and so a file, is lost within a year. */
export interface ClassOutlook extends ClassFacts {
  /** What the owner wishes: 11 is one in 100,000,000,000. */
  nines: number
  packs: number
  /** As it lies now, on average; null without packs. */
  lossPerYear: number | null
  /** Once friends have all that they are to have, and proved to be as they were until now. */
  plannedLossPerYear: number
  /** Further friends like these, each in another place, that it takes for the wish; 0: it is reached; null: so many are not enough. */
  moreFriends: number | null
}

export interface OutlookOptions {
  classes: readonly ClassFacts[]
  /** Packs, and what friends have of each who are counted on. */
  packs: readonly { spread: SpreadPack; placed: readonly Placed[] }[]
  friends: readonly Friend[]
  about: About
  ninesOf: (redundancyClass: string) => number
  assumptions: Assumptions
}

const MOST_MORE = 20
/** Of a friend whom one does not have yet. */
const USUAL_TRUST = 0.9
const ROOMY = { roomBytes: Number.MAX_SAFE_INTEGER, faults: 0, isAway: false }

/** What may be expected, by nothing but what was measured and the assumptions. */
export function outlook(options: OutlookOptions): ClassOutlook[] {
  return options.classes.map((facts) => {
    const nines = options.ninesOf(facts.redundancyClass)
    const packs = options.packs.filter(({ spread }) => spread.redundancyClass === facts.redundancyClass)
    const planned = plannedLoss(options, facts, 0)
    let moreFriends: number | null = planned <= lossOfNines(nines) ? 0 : null
    for (let more = 1; moreFriends === null && more <= MOST_MORE; more++)
      if (plannedLoss(options, facts, more) <= lossOfNines(nines)) moreFriends = more
    return { ...facts, nines, packs: packs.length, lossPerYear: meanLoss(packs, options), plannedLossPerYear: planned, moreFriends }
  })
}

/** Owners to whom something is given, and circles of them that do not fall together or with this node. */
export function independent({ friends, about }: Pick<OutlookOptions, 'friends' | 'about'>): { owners: number; circles: number } {
  const circles = new Circles(friends, about)
  const here = new Set(friends.filter((friend) => about(friend).isHere).map((friend) => circles.of(friend)))
  const elsewhere = new Set(friends.map((friend) => circles.of(friend)).filter((circle) => !here.has(circle)))
  return { owners: new Set(friends.map(({ owner }) => toHex(owner))).size, circles: elsewhere.size }
}

/** Most packs lie alike. */
function meanLoss(packs: OutlookOptions['packs'], { about, assumptions }: OutlookOptions): number | null {
  if (packs.length === 0) return null
  const known = new Map<string, number>()
  let sum = 0
  for (const { spread, placed } of packs) {
    const pattern = `${spread.dataFragments} ${placed
      .map(({ index, friend }) => `${index}:${toHex(friend.node)}`)
      .sort()
      .join()}`
    const loss = known.get(pattern) ?? yearlyLoss(groupsOf(placed, about), spread.dataFragments, assumptions)
    known.set(pattern, loss)
    sum += loss
  }
  return sum / packs.length
}

/** When a pack is given by the same rules to those who are there, as if each had room and were measured for long. */
function plannedLoss(options: OutlookOptions, { redundancyClass, dataFragments, totalFragments }: ClassFacts, more: number): number {
  const { friends, assumptions } = options
  const likeThese = traitsOfImagined(options)
  const known = new Map(friends.map((friend) => [toHex(friend.node), { ...options.about(friend), measuredMs: Number.POSITIVE_INFINITY }]))
  const imagined = Array.from({ length: more }, (_, i) => ({ owner: imaginedKey(i), node: imaginedKey(i) }))
  for (const { node } of imagined) known.set(toHex(node), likeThese)
  const about = ({ node }: Friend): Traits => known.get(toHex(node)) ?? likeThese
  const candidates = [...friends, ...imagined].map(({ owner, node }) => ({ owner, node, ...ROOMY }))
  const spread = { dataFragments, totalFragments, shardBytes: 0 } as SpreadPack
  const available = Array.from({ length: totalFragments }, (_, index) => index)
  const wish = lossOfNines(options.ninesOf(redundancyClass))
  const placed: Placed[] = []
  for (;;) {
    const next = nextPlacement(spread, { placed, candidates, available, about, wish, assumptions })
    if (next === null) return yearlyLoss(groupsOf(placed, about), dataFragments, assumptions)
    placed.push({ index: next.index, friend: next.friend })
  }
}

function traitsOfImagined({ friends, about }: OutlookOptions): Traits {
  const trusts = friends.map((friend) => about(friend).trust)
  const trust = trusts.length === 0 ? USUAL_TRUST : trusts.reduce((sum, one) => sum + one, 0) / trusts.length
  return { trust, intactness: 1, measuredMs: Number.POSITIVE_INFINITY, isSeenLately: true, place: null, isHere: false, subnets: [] }
}

/** Nobody's: that of a point of small order, which no owner has. */
function imaginedKey(number: number): Uint8Array {
  const key = new Uint8Array(32)
  key.set([0xff, 0xff, number], 29)
  return key
}
