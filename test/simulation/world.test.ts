import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regressionSeeds } from './regression-seeds.ts'
import { runSeed } from './run-seed.ts'

/** `npm run simulate` runs more. */
const SEEDS = Number(process.env['HOLT_WORLD_SEEDS'] ?? 60)
/** Runs with real cryptography. */
const REAL_SEED = 50

async function mustBeGood(seed: number): Promise<void> {
  await runSeed(seed).catch((cause: unknown) => {
    throw new Error(`seed ${seed}: ${String(cause)}\nagain: npm run simulate -- --seed ${seed}`, { cause })
  })
}

test(`everything together, with ${SEEDS} seeds: what was promised is kept`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) await mustBeGood(seed)
})

for (const { seed, found } of regressionSeeds) test(`seed ${seed} is good: ${found}`, () => mustBeGood(seed))

test('the same seed is the same history, also with real cryptography; another seed is another', async () => {
  const histories = new Set<string>()
  for (const seed of [3, 4, 5, 6, REAL_SEED]) {
    const [one, again] = [await runSeed(seed), await runSeed(seed)]
    assert.deepEqual(one, again)
    assert.ok(one.steps > 100)
    histories.add(one.history.join())
  }
  assert.equal(histories.size, 5)
})
