import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@holt/core/decoder-cases.ts'
import { chanceWithin, type Group, lossChance, lossOfNines, withinYear, yearlyLoss, YEAR_SECONDS } from './loss.ts'

const HOUR = 3600

function isNear(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`)
}

/** One fragment each. */
const alike = (count: number, there: number): Group[] => Array.from({ length: count }, (_, index) => ({ there, fragments: [index] }))

function binomialTail(n: number, atLeast: number, p: number): number {
  let sum = 0
  for (let lost = atLeast; lost <= n; lost++) {
    let ways = 1
    for (let i = 0; i < lost; i++) ways = (ways * (n - i)) / (i + 1)
    sum += ways * p ** lost * (1 - p) ** (n - lost)
  }
  return sum
}

test('alike and independent holders: the binomial, as it is written', () => {
  isNear(lossChance(alike(4, 0.9), 2), 4 * 0.001 * 0.9 + 0.0001)
  isNear(lossChance(alike(3, 0.99), 3), 1 - 0.99 ** 3)
  for (const [n, k, p] of [
    [6, 4, 0.03],
    [20, 17, 0.001],
    [40, 20, 0.1],
    [12, 3, 0.4],
  ] as const)
    isNear(lossChance(alike(n, 1 - p), k), binomialTail(n, n - k + 1, p), 1e-8)
})

test('the published reckoning of a store with 17 of 20 on drives of which 0.405 % a year fail, mended in 156 hours: eleven nines', () => {
  const failing = (0.00405 * 156) / (365 * 24)
  isNear(failing, 7.2e-5, 0.01)
  const loss = lossChance(alike(20, 1 - failing), 17)
  isNear(loss, 1.3e-13, 0.03)
  const yearly = withinYear(loss, 156 * HOUR)
  isNear(yearly, 7.27e-12, 0.03)
  assert.ok(yearly < lossOfNines(11) && yearly > lossOfNines(12))
})

test('small chances are not lost in a difference from one', () => {
  const loss = lossChance(alike(5, 1 - 1e-4), 1)
  isNear(loss, 1e-20)
  isNear(withinYear(1e-25, 14 * 24 * HOUR), (1e-25 * 365) / 14)
})

test('copies of one fragment: all must be gone; a fragment twice with one holder is there once', () => {
  isNear(
    lossChance(
      [0.9, 0.8, 0.5].map((there) => ({ there, fragments: [0] })),
      1,
    ),
    0.1 * 0.2 * 0.5,
  )
  isNear(lossChance([{ there: 0.9, fragments: [3, 3] }], 2), 1)
  isNear(
    lossChance(
      [
        { there: 0.9, fragments: [0, 1] },
        { there: 0.7, fragments: [1, 2] },
      ],
      2,
    ),
    0.1 * 0.3,
  )
  isNear(
    lossChance(
      [
        { there: 0.9, fragments: [0, 1] },
        { there: 0.7, fragments: [1] },
      ],
      2,
    ),
    0.1,
  )
  assert.equal(lossChance([], 1), 1)
  assert.equal(lossChance([{ there: 1, fragments: [0] }], 1), 0)
})

test('any lay-out: as when everything that can be is counted one by one', () => {
  const random = seededRandom(3)
  for (let times = 0; times < 200; times++) {
    const needed = 1 + Math.floor(random() * 4)
    const groups = Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
      there: random(),
      fragments: Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * 6)),
    }))
    let expected = 0
    for (let who = 0; who < 2 ** groups.length; who++) {
      const left = groups.filter((_, i) => (who >> i) & 1)
      const chance = groups.reduce((product, { there }, i) => product * ((who >> i) & 1 ? there : 1 - there), 1)
      if (new Set(left.flatMap(({ fragments }) => fragments)).size < needed) expected += chance
    }
    isNear(lossChance(groups, needed), expected, 1e-6)
  }
})

test('with more holders than are counted it says too little, never too much, and comes to an end', () => {
  const many = Array.from({ length: 300 }, (_, i) => ({ there: 0.5, fragments: [i % 60, (i * 7) % 60, (i * 11) % 60] }))
  const loss = lossChance(many, 20)
  assert.ok(loss >= 0 && loss < 1)
  assert.ok(
    loss >=
      lossChance(
        Array.from({ length: 60 }, (_, i) => ({ there: 1 - 0.5 ** 15, fragments: [i] })),
        20,
      ),
  )
})

test('a year: the house must be lost, and too few friends be there; a longer repair is worse', () => {
  const assumptions = { homePerYear: 0.05, friendPerYear: 0, repairSeconds: 14 * 24 * HOUR }
  isNear(yearlyLoss([], 1, assumptions), chanceWithin(0.05, YEAR_SECONDS), 1e-9)
  // seldom things add up: about one house in twenty, and all three friends away
  isNear(
    yearlyLoss(
      [0, 0, 0].map(() => ({ there: 0.99, fragments: [0] })),
      1,
      assumptions,
    ),
    0.05 * 1e-6,
    0.01,
  )
  const longer = { ...assumptions, friendPerYear: 0.1, repairSeconds: 60 * 24 * HOUR }
  const shorter = { ...longer, repairSeconds: 24 * HOUR }
  assert.ok(yearlyLoss(alike(4, 0.99), 2, longer) > yearlyLoss(alike(4, 0.99), 2, shorter))
  assert.ok(yearlyLoss(alike(5, 0.99), 2, longer) < yearlyLoss(alike(4, 0.99), 2, longer))
})
