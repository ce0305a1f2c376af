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

test('a failure comes in its turn, and what was begun after it has ended by then', async () => {
  const ended: number[] = []
  const results: number[] = []
  const third = async (one: number): Promise<number> => {
    if (one === 2) throw new Error('the third')
    await new Promise((resolve) => setTimeout(resolve, one))
    ended.push(one)
    return one
  }
  const read = async () => {
    for await (const result of ahead([0, 1, 2, 3, 4, 5], 3, third)) results.push(result)
  }
  await assert.rejects(read(), /the third/)
  assert.deepEqual(results, [0, 1])
  assert.deepEqual(ended, [0, 1, 3, 4])
})

test('who stops reading leaves nothing running', async () => {
  let running = 0
  const slow = async (): Promise<void> => {
    running++
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
  }
  const results = ahead([1, 2, 3, 4], 2, slow)
  await results.next()
  await results.return(undefined)
  assert.equal(running, 0)
})
