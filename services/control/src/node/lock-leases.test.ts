import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { FakeControl } from '../fake-control.ts'
import { type LeasedLock, LockLeases } from './lock-leases.ts'

const cluster = {
  running: true,
  self: 'a',
  name: '',
  nodes: [{ peer: 'b', name: null, standing: 'alike' as const, heard: null, problem: null }],
  voters: ['a'],
  leader: 'a',
  leases: [],
  missingBlocks: 0,
  merged: [],
}
const lockOf = (path: string, token: string): LeasedLock => ({ path, token, lease: null })
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

test('a lock takes the lease of its path, keeps it, and gives it back with the last lock of that path', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  const control = new FakeControl({
    'cluster.show': () => cluster,
    'cluster.lease': ({ path, seconds }) => ({ path, seconds, token: { term: 1, number: 7 } }),
    'cluster.release': () => ({}),
  })
  const leases = new LockLeases(control, () => assert.fail('it is not lost'))
  const [one, other] = [lockOf('/a', 'urn:1'), lockOf('/a', 'urn:2')]
  await leases.take(one)
  await leases.take(other)
  assert.deepEqual([one.lease, control.asked('cluster.lease').length], [{ term: 1, number: 7 }, 2])
  mock.timers.tick(3000)
  await settled()
  assert.equal(control.asked('cluster.lease').length, 4)
  void leases.release(one)
  assert.deepEqual(control.asked('cluster.release'), [])
  void leases.release(other)
  assert.deepEqual(control.asked('cluster.release'), [{ path: '/a', token: { term: 1, number: 7 } }])
  mock.timers.tick(6000)
  await settled()
  assert.equal(control.asked('cluster.lease').length, 4)
  mock.timers.reset()
})

test('where nobody leads a lock is of this node alone; what another node has is not locked', async () => {
  const control = new FakeControl({ 'cluster.show': () => ({ ...cluster, leader: null }) })
  const alone = lockOf('/a', 'urn:1')
  await new LockLeases(control, () => {}).take(alone)
  assert.equal(alone.lease, null)
  control.answers = {
    'cluster.show': () => cluster,
    'cluster.lease': () => {
      throw new HoltError('CONFLICT', 'another node has it')
    },
  }
  await assert.rejects(new LockLeases(control, () => {}).take(alone), { code: 'CONFLICT' })
  control.answers = { ...control.answers, 'cluster.lease': () => Promise.reject(new HoltError('PEER_UNREACHABLE', 'no way to it')) }
  await new LockLeases(control, () => {}).take(alone)
  assert.equal(alone.lease, null)
})

test('a lock whose lease went to another is told', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  let number = 1
  const control = new FakeControl({
    'cluster.show': () => cluster,
    'cluster.lease': ({ path, seconds }) => ({ path, seconds, token: { term: 1, number: number++ } }),
    'cluster.release': () => ({}),
  })
  const lost: string[] = []
  const leases = new LockLeases(control, ({ token }) => lost.push(token))
  const lock = lockOf('/a', 'urn:1')
  await leases.take(lock)
  mock.timers.tick(3000)
  await settled()
  assert.deepEqual(lost, ['urn:1'])
  void leases.release(lock)
  await leases.close()
  mock.timers.reset()
})
