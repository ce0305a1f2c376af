import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { FakeControl } from '@holt/control/fake-control.ts'
import { covering } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('lease')
const token = { term: 1_048_577, number: 3 }
const answers = { 'cluster.lease': () => ({ path: '/accounts', token, seconds: 10 }), 'cluster.release': () => ({}) }

test('a command runs under the lease of a path, which is given back whatever becomes of it', async () => {
  const { text, json, control } = await both(['cluster', 'lease', 'accounts', '--', './close', '--month'], answers, {
    program: async () => 3,
  })
  assert.deepEqual(text.terminal.ran, [{ command: ['./close', '--month'], environment: { HOLT_LEASE: '1048577.3' } }])
  assert.equal(text.exitCode, 3)
  assert.deepEqual(json, { path: '/accounts', token, exitCode: 3 })
  assert.deepEqual(control.asked('cluster.lease')[0], { path: '/accounts', seconds: 10 })
  assert.deepEqual(control.asked('cluster.release')[0], { path: '/accounts', token })
  const failing = new FakeControl(answers)
  const failed = await holt(['cluster', 'lease', 'accounts', 'nothing'], {
    control: failing,
    program: async () => {
      throw new HoltError('NOT_FOUND', 'there is none')
    },
  })
  assert.notEqual(failed.exitCode, 0)
  assert.equal(failing.asked('cluster.release').length, 1)
})

test('a lease that is not to be had runs nothing; one that is lost ends the command', async () => {
  const refused = new FakeControl({
    'cluster.lease': () => {
      throw new HoltError('CONFLICT', 'another node has it')
    },
  })
  const nothing = await holt(['cluster', 'lease', '/a', 'true'], { control: refused })
  assert.deepEqual([nothing.terminal.ran.length, nothing.exitCode === 0], [0, false])
  let asked = 0
  const control = new FakeControl({
    ...answers,
    'cluster.lease': () => ({ path: '/a', token: { term: 1, number: ++asked }, seconds: 10 }),
  })
  const lost = await holt(['cluster', 'lease', '/a', 'sleep'], {
    control,
    program: (_command, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(143))),
  })
  assert.notEqual(lost.exitCode, 0)
  assert.match(lost.err, /lease of \/a was lost/)
})

test('what holt changes where HOLT_LEASE is set, it changes under that lease', async () => {
  const control = new FakeControl({ 'files.mkdir': () => ({}) })
  await holt(['mkdir', 'accounts/2026'], { control, environment: { HOLT_LEASE: '1048577.3' } })
  assert.deepEqual(control.asked('files.mkdir')[0]?.token, token)
  const wrong = await holt(['mkdir', 'accounts/2026'], { control, environment: { HOLT_LEASE: 'mine' } })
  assert.match(wrong.err, /token of a lease is like/)
})
