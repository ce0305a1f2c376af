import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@holt/core/decoder-cases.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { lossOfNines, yearlyLoss } from '../durability/loss.ts'
import { Circles, groupsOf, type Traits } from './independence.ts'
import { type Candidate, leastFragments, mostFragments, nextPlacement, type Placed } from './placement.ts'
import { subnetsOf } from './subnet.ts'

const DAY_MS = 24 * 3_600_000
const ASSUMPTIONS = { homePerYear: 0.05, friendPerYear: 0.1, repairSeconds: 14 * 24 * 3600 }
const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const KNOWN: Traits = {
  trust: 0.95,
  intactness: 0.99,
  measuredMs: 30 * DAY_MS,
  isSeenLately: true,
  place: null,
  isHere: false,
  subnets: [],
}

/** Nodes of friends, and what is known of them. */
class Village {
  readonly #traits = new Map<number, Traits>()
  readonly candidates: Candidate[] = []

  add(owner: number, traits: Partial<Traits> = {}, candidate: Partial<Candidate> = {}): Candidate {
    const number = this.candidates.length + 100
    this.#traits.set(number, { ...KNOWN, ...traits })
    const one = { owner: keyOf(owner), node: keyOf(number), roomBytes: 2 ** 40, faults: 0, isAway: false, ...candidate }
    this.candidates.push(one)
    return one
  }

  about = ({ node }: { node: Uint8Array }): Traits => this.#traits.get(node[0] as number) as Traits

  /** Everything that is given, one after the other. */
  giveAll(k: number, n: number, { wish = null, placed = [] }: { wish?: number | null; placed?: Placed[] } = {}): Placed[] {
    const all = [...placed]
    for (let times = 0; times < 300; times++) {
      const next = this.next(k, n, all, wish)
      if (next === null) return all
      assert.ok(!next.friend.isAway)
      all.push({ index: next.index, friend: next.friend })
    }
    throw new Error('it does not end')
  }

  next(k: number, n: number, placed: readonly Placed[], wish: number | null = null) {
    const spread = { dataFragments: k, totalFragments: n, shardBytes: 1000 } as SpreadPack
    const available = Array.from({ length: n }, (_, i) => i)
    return nextPlacement(spread, { placed, candidates: this.candidates, available, about: this.about, wish, assumptions: ASSUMPTIONS })
  }

  loss(placed: readonly Placed[], k: number): number {
    return yearlyLoss(groupsOf(placed, this.about), k, ASSUMPTIONS)
  }
}

const ownersOf = (placed: readonly Placed[]): number[] => placed.map(({ friend }) => friend.owner[0] as number).sort((a, b) => a - b)
const leftWithout = (placed: readonly Placed[], is: (friend: Placed['friend']) => boolean): number =>
  new Set(placed.filter(({ friend }) => !is(friend)).map(({ index }) => index)).size

test('as before: what rebuilds the pack, one more with two owners, two more with three; nobody has two while another has none', () => {
  for (const [owners, least] of [
    [1, 2],
    [2, 3],
    [3, 4],
    [5, 4],
  ] as const) {
    const village = new Village()
    for (let owner = 1; owner <= owners; owner++) village.add(owner)
    const placed = village.giveAll(2, 4)
    assert.equal(placed.length, least)
    assert.equal(new Set(placed.map(({ index }) => index)).size, least, 'each another fragment')
    assert.equal(new Set(ownersOf(placed)).size, Math.min(owners, least))
  }
})

test('a place, an owner or a network that burns leaves enough, where others exist', () => {
  const village = new Village()
  for (const owner of [1, 2, 3]) village.add(owner, { place: 'Grandma’s house' })
  const alone = village.add(4)
  const placed = village.giveAll(2, 4)
  assert.ok(leftWithout(placed, (friend) => village.about(friend).place !== null) >= 2, `${ownersOf(placed).join()}`)
  assert.ok(leftWithout(placed, ({ owner }) => owner === alone.owner) >= 2)
  const lines = new Village()
  for (const owner of [1, 2]) lines.add(owner, { subnets: ['203.0.113.0/24'] })
  for (const owner of [3, 4]) lines.add(owner, { subnets: ['198.51.100.0/24', `10.0.${owner}.0/24`] })
  const twice = lines.giveAll(2, 4)
  for (const line of ['203.0.113.0/24', '198.51.100.0/24'])
    assert.equal(
      leftWithout(twice, (friend) => lines.about(friend).subnets.includes(line)),
      2,
    )
})

test('two nodes of one owner count as one; ties of owner, place and network add up', () => {
  const village = new Village()
  const [a, b, c, d] = [
    village.add(1),
    village.add(1, { place: 'Mill' }),
    village.add(2, { place: 'mill', subnets: ['x'] }),
    village.add(3, { subnets: ['x'] }),
  ]
  const e = village.add(4)
  const circles = new Circles(village.candidates, village.about)
  assert.equal(new Set([a, b, c, d].map((one) => circles.of(one))).size, 1)
  assert.notEqual(circles.of(e), circles.of(a))
  assert.equal(
    groupsOf(
      [a, b, e].map((friend, index) => ({ friend, index })),
      village.about,
    ).length,
    2,
  )
})

test('who lives where this node is burns with it: it is given something last, and counts for nothing', () => {
  const village = new Village()
  const here = village.add(1, { isHere: true, trust: 1 })
  for (const owner of [2, 3]) village.add(owner, { trust: 0.5 })
  const placed = village.giveAll(1, 1)
  assert.equal(placed.at(-1)?.friend, here)
  const without = placed.filter(({ friend }) => friend !== here)
  assert.equal(village.loss(placed, 1), village.loss(without, 1))
})

test('who has proven little comes last, then who is trusted more, then who has room', () => {
  const village = new Village()
  village.add(1, { intactness: 0.1, trust: 0.9 })
  village.add(2, { trust: 0.5 }, { roomBytes: 2 ** 41 })
  const [small, large] = [village.add(3, { trust: 0.94 }, { roomBytes: 1e6 }), village.add(4, { trust: 0.93 }, { roomBytes: 2e6 })]
  village.add(5, {}, { faults: 3 })
  village.add(6, {}, { roomBytes: 100 })
  const placed = village.giveAll(1, 1)
  assert.deepEqual(
    placed.map(({ friend }) => friend),
    [large, small, village.candidates[1]],
  )
})

test('who is only away keeps its turn once the pack can be rebuilt, and is not waited for before', () => {
  const village = new Village()
  const [here, away] = [village.add(1), village.add(2, {}, { isAway: true })]
  const placed = village.giveAll(2, 3)
  assert.deepEqual(
    placed.map(({ friend }) => friend),
    [here, here],
  )
  away.isAway = false
  assert.deepEqual(ownersOf(village.giveAll(2, 3, { placed })), [1, 1, 2])
})

test('more is given until the pack is as safe as is wished, and no more; only when it was measured for a day', () => {
  const village = new Village()
  for (let owner = 1; owner <= 12; owner++) village.add(owner, { trust: 0.99 })
  const least = village.giveAll(2, 12)
  assert.equal(least.length, 4)
  for (const nines of [5, 6, 7]) {
    const placed = village.giveAll(2, 12, { wish: lossOfNines(nines) })
    assert.ok(village.loss(placed, 2) <= lossOfNines(nines) || placed.length === mostFragments(2))
    if (placed.length > 4) assert.ok(village.loss(placed.slice(0, -1), 2) > lossOfNines(nines))
  }
  assert.equal(village.giveAll(2, 12, { wish: lossOfNines(15) }).length, mostFragments(2), 'there is an end to it')
  const early = new Village()
  for (let owner = 1; owner <= 12; owner++) early.add(owner, { measuredMs: DAY_MS / 2 })
  assert.equal(early.giveAll(2, 12, { wish: lossOfNines(15) }).length, 4)
})

test('whatever is known of whom: it ends, no owner has a fragment twice, and nothing is given that does not help', () => {
  const random = seededRandom(5)
  const below = (limit: number): number => Math.floor(random() * limit)
  for (let times = 0; times < 150; times++) {
    const village = new Village()
    for (let count = 1 + below(8); count > 0; count--)
      village.add(
        1 + below(6),
        {
          trust: random(),
          intactness: random(),
          place: random() < 0.4 ? `${below(3)}` : null,
          subnets: random() < 0.5 ? [`${below(4)}`] : [],
          isHere: random() < 0.1,
        },
        { isAway: random() < 0.2 },
      )
    const k = 1 + below(4)
    const placed = village.giveAll(k, k + below(4), { wish: lossOfNines(1 + below(14)) })
    const keys = placed.map(({ index, friend }) => `${index} ${friend.owner[0]}`)
    assert.equal(new Set(keys).size, keys.length)
    assert.ok(placed.length <= mostFragments(k))
    const owners = new Set(village.candidates.map(({ owner }) => owner[0])).size
    const least = leastFragments(k, owners)
    if (placed.length > least) assert.ok(village.loss(placed, k) < village.loss(placed.slice(0, least), k))
  }
})

test('networks of addresses: the /24 and the /48, private ones only where there are no others, none of relays and of the machine itself', () => {
  const cases: [string[], string[]][] = [
    [['/ip4/203.0.113.7/tcp/4660'], ['203.0.113.0/24']],
    [['/ip4/203.0.113.7/tcp/4660', '/ip4/192.168.1.4/tcp/4660'], ['203.0.113.0/24']],
    [['/ip4/192.168.1.4/tcp/1', '/ip4/192.168.1.9/tcp/1'], ['192.168.1.0/24']],
    [['/ip6/2001:db8:1:2::5/tcp/1'], ['2001:db8:1::/48']],
    [['/ip6/2001:db8::5/tcp/1', '/ip6/fe80::1/tcp/1'], ['2001:db8:0::/48']],
    [['/ip6/::ffff:203.0.113.9/tcp/1'], ['203.0.113.0/24']],
    [['/ip4/203.0.113.7/tcp/1/p2p/12D3/p2p-circuit'], []],
    [['/ip4/127.0.0.1/tcp/1', '/ip6/::1/tcp/1'], []],
    [['/dns4/Box.example/tcp/1/ws'], ['box.example']],
    [['/ip4/1.2.3/tcp/1', '/ip4/1.2.3.999/tcp/1', '/ip6/1:2/tcp/1', '/ip6/1::2::3/tcp/1', '/ip6/xyz::/tcp/1', 'nonsense', ''], []],
  ]
  for (const [addresses, subnets] of cases) assert.deepEqual(subnetsOf(addresses), subnets, addresses.join())
})

test('of many who are trusted alike each is given its part, whoever is trusted a little more', () => {
  const village = new Village()
  for (let owner = 1; owner <= 10; owner++) village.add(owner, { trust: 0.93 + owner / 250 })
  const counts = new Map<number, number>()
  for (let pack = 0; pack < 50; pack++)
    for (const { friend } of village.giveAll(2, 4)) {
      const candidate = village.candidates.find(({ node }) => node === friend.node) as Candidate
      candidate.roomBytes -= 4000
      counts.set(friend.owner[0] as number, (counts.get(friend.owner[0] as number) ?? 0) + 1)
    }
  assert.deepEqual(
    [...counts.values()],
    Array.from({ length: 10 }, () => 20),
  )
})
