import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ahead } from './ahead.ts'

test('results come in their order, and no more are under way than may be', async () => {
  let [now, most] = [0, 0]
  const results: number[] = []
  const slowerFirst = async (one: number): Promise<number> => {
    most = Math.max(most, ++now)
    for (let i = one; i < 10; i++) await Promise.resolve()
    now--
    return one * 2
  }
  for await (const result of ahead([0, 3, 9, 1, 2], 3, slowerFirst)) results.push(result)
  assert.deepEqual(results, [0, 6, 18, 2, 4])
  assert.equal(most, 3)
})

test('a failure comes in its turn, and nothing is begun after it', async () => {
  const begun: number[] = []
  const results: number[] = []
  const third = async (one: number): Promise<number> => {
    begun.push(one)
    if (one === 2) throw new Error('the third')
    return one
  }
  const read = async () => {
    for await (const result of ahead([0, 1, 2, 3, 4, 5], 3, third)) results.push(result)
  }
  await assert.rejects(read(), /the third/)
  assert.deepEqual(results, [0, 1])
  assert.deepEqual(begun, [0, 1, 2, 3, 4])
})

test("what fails after the reader has stopped is nobody's", async () => {
  const strays: unknown[] = []
  const note = (reason: unknown): void => void strays.push(reason)
  process.on('unhandledRejection', note)
  const late = async (one: number): Promise<number> => {
    if (one === 0) return one
    await new Promise((resolve) => setImmediate(resolve))
    throw new Error('late')
  }
  const results = ahead([0, 1, 2], 3, late)
  await results.next()
  await results.return(undefined)
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  assert.deepEqual(strays, [])
})
