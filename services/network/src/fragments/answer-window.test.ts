import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { AnswerWindow } from './answer-window.ts'

const PIECE_BYTES = 512 << 10
const LIMIT_MS = 30_000

/** Many pieces over a line that carries so much, shared by all that is under way. @returns how long it took, and how many pieces came too late. */
async function fetchOver(bytesPerSecond: number, pieces: number): Promise<{ seconds: number; late: number; most: number }> {
  const clock = new SimulatedClock()
  const window = new AnswerWindow(LIMIT_MS / 4)
  const begunMs = clock.nowMs()
  let [freeMs, late, most, underWay] = [clock.nowMs(), 0, 0, 0]
  const fetch = async (): Promise<void> => {
    for (;;) {
      await window.enter()
      most = Math.max(most, ++underWay)
      const askedMs = clock.nowMs()
      // one after the other on the line, in the order in which they were asked for
      freeMs = Math.max(freeMs, askedMs) + (PIECE_BYTES / bytesPerSecond) * 1000
      const waitMs = freeMs - askedMs
      await clock.sleep(Math.min(waitMs, LIMIT_MS))
      underWay--
      if (waitMs <= LIMIT_MS) return window.gave(waitMs)
      late++
      window.failed()
    }
  }
  await clock.until(Promise.all(Array.from({ length: pieces }, fetch)), 1e9)
  return { seconds: (clock.nowMs() - begunMs) / 1000, late, most }
}

test('a fast line is kept full, and no more than that is asked for at once', async () => {
  const { seconds, late, most } = await fetchOver(100e6, 200)
  assert.deepEqual([late, most], [0, 4])
  assert.ok(seconds < 1.2)
})

test('on a slow line pieces come one after the other, and after the first ones none too late', async () => {
  const { seconds, late } = await fetchOver(40_000, 60)
  assert.ok(late <= 6, `${late} came too late`)
  // what came late was for nothing, all else takes what the line takes
  assert.ok(seconds <= ((60 + late) * PIECE_BYTES) / 40_000 + 60)
})

test('who waits comes in order, also after failures', async () => {
  const window = new AnswerWindow(1000)
  const order: number[] = []
  const waits = Array.from({ length: 8 }, (_, i) => window.enter().then(() => order.push(i)))
  await Promise.all(waits.slice(0, 4))
  for (let i = 0; i < 3; i++) window.failed()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(order, [0, 1, 2, 3])
  window.gave(5000)
  await waits[4]
  assert.deepEqual(order, [0, 1, 2, 3, 4])
  window.gave(10)
  await Promise.all([waits[5], waits[6]])
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6])
})
