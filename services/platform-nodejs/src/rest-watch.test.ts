import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchRest } from './rest-watch.ts'

test('rest is told once, and work once when it comes again', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let spentMicroseconds = 0
  t.mock.method(process, 'cpuUsage', (before?: NodeJS.CpuUsage) => ({ user: spentMicroseconds - (before?.user ?? 0), system: 0 }))
  const told: string[] = []
  const end = watchRest({ onRest: () => told.push('rest'), onWork: () => told.push('work') })
  const look = (workedMs: number): void => {
    spentMicroseconds += workedMs * 1000
    t.mock.timers.tick(5000)
  }
  look(4000)
  look(10)
  look(10)
  look(3000)
  look(3000)
  look(10)
  assert.deepEqual(told, ['rest', 'work', 'rest'])
  end()
  look(4000)
  assert.equal(told.length, 3)
})
