import { toHex } from '@holt/core/bytes.ts'
import type { Group } from '../durability/loss.ts'
import type { Friend } from './fragments-giver.ts'

/** What is known of a node that keeps fragments, as far as it matters for who is given what. */
export interface Traits {
  /** 0 … 1: the chance that it is there, and has what it was given. */
  trust: number
  /** 0 … 1: how far it has what it was given. */
  intactness: number
  /** For how long it was measured. */
  measuredMs: number
  /** It was met within the last day. */
  isSeenLately: boolean
  /** As the owner declared it. */
  place: string | null
  /** It is where this node is: one fire takes both. */
  isHere: boolean
  /** Networks in which it is reached. */
  subnets: readonly string[]
}

export type About = (friend: Friend) => Traits

/** What befalls one of these befalls all: nodes of one owner, in one place, or in one network. */
export class Circles {
  readonly #circleOf = new Map<string, string>()

  constructor(friends: readonly Friend[], about: About) {
    const leaders = new Map<string, string>()
    const leaderOf = (name: string): string => {
      let leader = name
      while (leaders.get(leader) !== undefined && leaders.get(leader) !== leader) leader = leaders.get(leader) as string
      leaders.set(name, leader)
      return leader
    }
    for (const friend of friends) for (const tie of tiesOf(friend, about)) leaders.set(leaderOf(tie), leaderOf(nameOf(friend)))
    for (const friend of friends) this.#circleOf.set(nameOf(friend), leaderOf(nameOf(friend)))
  }

  /** Those in the same circle have the same. */
  of(friend: Friend): string {
    return this.#circleOf.get(nameOf(friend)) ?? nameOf(friend)
  }
}

function nameOf({ node }: Friend): string {
  return `node ${toHex(node)}`
}

function tiesOf(friend: Friend, about: About): string[] {
  const { place, subnets } = about(friend)
  return [
    `owner ${toHex(friend.owner)}`,
    ...(place === null ? [] : [`place ${place.toLowerCase()}`]),
    ...subnets.map((subnet) => `subnet ${subnet}`),
  ]
}

/** What is reckoned with: each circle once, as trusted as the least trusted of it; who would burn with this node not at all. */
export function groupsOf(placed: readonly { index: number; friend: Friend }[], about: About): Group[] {
  const circles = new Circles(
    placed.map(({ friend }) => friend),
    about,
  )
  const groups = new Map<string, { there: number; fragments: number[]; isHere: boolean }>()
  for (const { index, friend } of placed) {
    const { trust, isHere } = about(friend)
    const group = groups.get(circles.of(friend)) ?? { there: 1, fragments: [], isHere: false }
    groups.set(circles.of(friend), {
      there: Math.min(group.there, trust),
      fragments: [...group.fragments, index],
      isHere: group.isHere || isHere,
    })
  }
  return [...groups.values()].filter(({ isHere }) => !isHere)
}
