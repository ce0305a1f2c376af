import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FetchPace } from './fetch-pace.ts'

test('how long the rest takes follows from what came lately, and is not known before', () => {
  let nowMs = 1000
  const pace = new FetchPace({ nowMs: () => nowMs, after: () => () => {} })
  assert.equal(pace.secondsFor(100), null)
  for (const tookMs of [1000, 3000]) {
    const came = pace.begin()
    nowMs += tookMs
    came(200)
  }
  assert.equal(pace.secondsFor(1000), 10)
  nowMs += 11 * 60_000
  assert.equal(pace.secondsFor(1000), null)
})

test('what comes side by side counts once, and what failed not at all', () => {
  let nowMs = 1000
  const pace = new FetchPace({ nowMs: () => nowMs, after: () => () => {} })
  const [one, other, third] = [pace.begin(), pace.begin(), pace.begin()]
  nowMs += 4000
  one(400)
  third(0)
  assert.ok(pace.isComing)
  nowMs += 1000
  other(600)
  assert.equal(pace.isComing, false)
  assert.equal(pace.secondsFor(1000), 5)
})
