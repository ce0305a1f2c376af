import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FewAtOnce } from './few-at-once.ts'

const never = new AbortController().signal

async function begun(turns: Promise<unknown>[]): Promise<number> {
  let count = 0
  for (const turn of turns) void turn.then(() => count++)
  await new Promise((resolve) => setImmediate(resolve))
  return count
}

test('few of each key and of all go on; whoever ends lets the next begin', async () => {
  const gate = new FewAtOnce({ each: 2, all: 3, waiting: 10 })
  const ours = Array.from({ length: 5 }, () => gate.enter('a', never))
  const theirs = Array.from({ length: 2 }, () => gate.enter('b', never))
  assert.deepEqual([await begun(ours), await begun(theirs)], [2, 1])
  const end = await (ours[0] as Promise<() => void>)
  end()
  end()
  assert.deepEqual([await begun(ours), await begun(theirs)], [3, 1], 'the first that waits and may')
  ;(await (theirs[0] as Promise<() => void>))()
  assert.deepEqual([await begun(ours), await begun(theirs)], [3, 2], 'a has all it may')
})

test('who leaves takes no turn, and too many that wait are refused', async () => {
  const gate = new FewAtOnce({ each: 1, all: 1, waiting: 2 })
  const end = await gate.enter('a', never)
  const leaving = new AbortController()
  const [gone, next] = [gate.enter('a', leaving.signal), gate.enter('a', never)]
  await assert.rejects(gate.enter('a', never), { code: 'TOO_MANY_TRIES' })
  leaving.abort()
  await assert.rejects(gone, { code: 'CANCELLED' })
  end()
  ;(await next)()
  await assert.rejects(gate.enter('a', AbortSignal.abort()), { code: 'CANCELLED' })
  ;(await gate.enter('b', never))()
})
