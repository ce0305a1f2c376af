import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interruptions } from './interruptions.ts'

test('who is interrupted goes on, and what comes too late is taken back', async () => {
  const interruptions = new Interruptions({ patienceMs: 0 })
  let answer = (_: string): void => {}
  const late = new Promise<string>((resolve) => (answer = resolve))
  const undone: string[] = []
  const waits = interruptions.orInterrupted(7n, late, (result) => undone.push(result))
  interruptions.interrupt(8n)
  interruptions.interrupt(7n)
  assert.equal(await waits, null)
  assert.deepEqual(undone, [])
  answer('late')
  await late
  await Promise.resolve()
  assert.deepEqual(undone, ['late'])
})

test('what is interrupted comes whole when it comes soon', async () => {
  const interruptions = new Interruptions({ patienceMs: 3_600_000 })
  let answer = (_: string): void => {}
  const soon = new Promise<string>((resolve) => (answer = resolve))
  const work = interruptions.heeded(5n, (signal) => soon.then((text) => `${text}${signal.aborted ? ', called off' : ''}`))
  const waits = interruptions.orInterrupted(5n, work, () => assert.fail('it was had'))
  interruptions.interrupt(5n)
  interruptions.interrupt(5n)
  answer('soon')
  assert.equal(await waits, 'soon')
})

test('work that heeds it hears of it, too; one that is done is not undone', async () => {
  const interruptions = new Interruptions()
  const signals: AbortSignal[] = []
  const work = interruptions.heeded(1n, (signal) => {
    signals.push(signal)
    return new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(new Error('called off'))))
  })
  const waits = interruptions.orInterrupted(1n, work, () => assert.fail('it was never had'))
  interruptions.all()
  assert.equal(await waits, null)
  assert.equal(signals[0]?.aborted, true)
  const done = interruptions.orInterrupted(2n, Promise.resolve('done'), () => assert.fail('it was had'))
  assert.equal(await done, 'done')
  interruptions.interrupt(2n)
  await assert.rejects(
    interruptions.orInterrupted(3n, Promise.reject(new Error('no')), () => {}),
    /no/,
  )
})
