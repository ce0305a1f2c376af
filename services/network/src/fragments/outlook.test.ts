import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { chanceWithin, YEAR_SECONDS } from '../durability/loss.ts'
import type { Friend } from './fragments-giver.ts'
import type { Traits } from './independence.ts'
import { independent, outlook, type OutlookOptions } from './outlook.ts'

const ASSUMPTIONS = { homePerYear: 0.05, friendPerYear: 0, repairSeconds: 14 * 24 * 3600 }
const friendOf = (byte: number): Friend => ({ owner: new Uint8Array(32).fill(byte), node: new Uint8Array(32).fill(byte + 100) })
const traits = (trust: number, place: string | null = null): Traits => ({
  trust,
  intactness: 1,
  measuredMs: 0,
  isSeenLately: true,
  place,
  isHere: place === 'Home',
  subnets: [],
})

function see(of: Traits[], wish: { k?: number; n?: number; nines?: number; packs?: OutlookOptions['packs'] } = {}) {
  const { k = 1, n = 1, nines = 11, packs = [] } = wish
  const about = ({ owner }: Friend): Traits => of[(owner[0] as number) - 1] as Traits
  const friends = of.map((_, i) => friendOf(i + 1))
  const classes = [{ redundancyClass: 'standard', dataFragments: k, totalFragments: n }]
  const [one] = outlook({ classes, packs, friends, about, ninesOf: () => nines, assumptions: ASSUMPTIONS })
  assert.ok(one)
  return { ...one, ...independent({ friends, about }) }
}

const isNear = (actual: number, expected: number): void => assert.ok(Math.abs(actual / expected - 1) < 0.02, `${actual} is not ${expected}`)

test('without friends the house is all there is', () => {
  const { plannedLossPerYear, lossPerYear, moreFriends, owners } = see([])
  isNear(plannedLossPerYear, chanceWithin(0.05, YEAR_SECONDS))
  assert.equal(lossPerYear, null)
  assert.equal(owners, 0)
  assert.ok(moreFriends === null || moreFriends > 5)
})

test('three friends who are there 99 of 100 times: one house in twenty, and all three away', () => {
  const { plannedLossPerYear, moreFriends } = see([traits(0.99), traits(0.99), traits(0.99)])
  isNear(plannedLossPerYear, 0.05 * 1e-6)
  assert.equal(moreFriends, 2, 'five are 5e-12 a year')
  assert.equal(
    see(
      [0, 0, 0].map(() => traits(0.99)),
      { nines: 7 },
    ).moreFriends,
    0,
  )
})

test('more friends who are hardly ever there do not reach the wish, and that is said', () => {
  const { moreFriends, plannedLossPerYear } = see([traits(0.3), traits(0.3)])
  assert.equal(moreFriends, null)
  isNear(plannedLossPerYear, 0.05 * 0.7 ** 2)
})

test('friends in one place are one; those who live here are none', () => {
  const together = see([traits(0.9, 'Mill'), traits(0.9, 'mill')])
  assert.deepEqual([together.owners, together.circles], [2, 1])
  isNear(together.plannedLossPerYear, 0.05 * 0.1)
  const here = see([traits(0.9, 'Home')])
  assert.deepEqual([here.owners, here.circles], [1, 0])
  isNear(here.plannedLossPerYear, chanceWithin(0.05, YEAR_SECONDS))
})

test('what is there now is reckoned pack by pack, as it lies', () => {
  const spread = { dataFragments: 1, totalFragments: 1, redundancyClass: 'standard' } as SpreadPack
  const given = (...who: number[]) => ({ spread, placed: who.map((one) => ({ index: 0, friend: friendOf(one) })) })
  const other = { spread: { ...spread, redundancyClass: 'light' }, placed: [] }
  const { lossPerYear, packs } = see([traits(0.9), traits(0.8)], { packs: [given(1), given(1, 2), given(1, 2), other] })
  assert.equal(packs, 3)
  isNear(lossPerYear as number, (0.05 * (0.1 + 0.02 + 0.02)) / 3)
})

test('more friends are better, and so are friends who are there more', () => {
  const plannedWith = (k: number, count: number, trust: number): number =>
    see(
      Array.from({ length: count }, () => traits(trust)),
      { k, n: 2 * k },
    ).plannedLossPerYear
  for (let count = 1; count < 7; count++) assert.ok(plannedWith(1, count + 1, 0.95) < plannedWith(1, count, 0.95))
  for (const k of [2, 4])
    for (const count of [1, 2, 4]) {
      assert.ok(plannedWith(k, 2 * count, 0.95) < plannedWith(k, count, 0.95), `${k} of ${count}`)
      assert.ok(plannedWith(k, count, 0.95) < plannedWith(k, count, 0.9), `${k} of ${count}`)
    }
})
