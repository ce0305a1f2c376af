import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { PROGRESS_INTERVAL_MS, ProgressSender } from './progress-sender.ts'
import type { Progress } from './schema.ts'

const at = (doneItems: number): Progress => ({ phase: 'put', doneBytes: 0, totalBytes: 0, doneItems, totalItems: 100 })
const turn = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

test('sends the first at once, then the newest of each interval, and the last one on finish', async (context) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  context.after(() => mock.timers.reset())
  const sent: number[] = []
  const sender = new ProgressSender(async (progress) => void sent.push(progress.doneItems))
  for (let i = 1; i <= 50; i++) sender.offer(at(i))
  await turn()
  assert.deepEqual(sent, [1, 50].slice(0, sent.length))
  const before = sent.length
  for (let i = 51; i <= 60; i++) sender.offer(at(i))
  await turn()
  assert.equal(sent.length, before)
  mock.timers.tick(PROGRESS_INTERVAL_MS)
  await turn()
  assert.equal(sent.at(-1), 60)
  assert.equal(sent.length, before + 1)
  sender.offer(at(61))
  await sender.finish()
  assert.equal(sent.at(-1), 61)
  sender.offer(at(62))
  await turn()
  assert.equal(sent.at(-1), 61)
})

test('a receiver that does not read has only one waiting for it', async () => {
  const sent: number[] = []
  let release = () => {}
  const sender = new ProgressSender((progress) => {
    sent.push(progress.doneItems)
    return new Promise((resolve) => {
      release = resolve
    })
  })
  for (let i = 1; i <= 1000; i++) sender.offer(at(i))
  await turn()
  assert.equal(sent.length, 1)
  const finished = sender.finish()
  release()
  await turn()
  assert.deepEqual(sent.slice(1), [1000])
  release()
  await finished
})

test('a receiver that is gone does not fail the call', async () => {
  const sender = new ProgressSender(() => Promise.reject(new Error('closed')))
  sender.offer(at(1))
  await sender.finish()
})
