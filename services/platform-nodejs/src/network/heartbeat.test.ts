import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HoltError } from '@holt/core/errors.ts'
import { Heartbeat } from './heartbeat.ts'

class Told {
  asked = 0
  readonly ended: string[] = []
  ask(): void {
    this.asked++
  }
  end({ code }: HoltError): void {
    this.ended.push(code)
  }
}

test('a line on which nothing is heard any more is asked, and ended when it stays silent', (t) => {
  const heartbeat = new Heartbeat()
  const line = new Told()
  const { heard, ended } = heartbeat.watch(line)
  t.after(ended)
  heard()
  heartbeat.look()
  heartbeat.look()
  assert.deepEqual([line.asked, line.ended], [2, []])
  heartbeat.look()
  assert.deepEqual(line.ended, ['PEER_UNREACHABLE'])
  heartbeat.look()
  assert.equal(line.ended.length, 1, 'once')
})

test('a line that never says anything is ended at the first look', (t) => {
  const heartbeat = new Heartbeat()
  const line = new Told()
  t.after(heartbeat.watch(line).ended)
  heartbeat.look()
  assert.deepEqual(line.ended, ['PEER_UNREACHABLE'])
})

test('a line that answers is kept, and one that is busy is not even asked', (t) => {
  const heartbeat = new Heartbeat()
  const [idle, busy] = [new Told(), new Told()]
  const one = heartbeat.watch(idle)
  const other = heartbeat.watch(busy)
  t.after(() => [one, other].forEach(({ ended }) => ended()))
  one.heard()
  for (let round = 0; round < 10; round++) {
    const asked = idle.asked
    other.heard()
    heartbeat.look()
    if (idle.asked > asked) one.heard()
  }
  assert.deepEqual([idle.ended, busy.ended], [[], []])
  assert.equal(busy.asked, 1, 'only when it began')
  assert.ok(idle.asked > 3)
})

test('a line that has ended by itself is forgotten', () => {
  const heartbeat = new Heartbeat()
  const line = new Told()
  heartbeat.watch(line).ended()
  for (let round = 0; round < 5; round++) heartbeat.look()
  assert.deepEqual([line.asked, line.ended], [1, []])
})
