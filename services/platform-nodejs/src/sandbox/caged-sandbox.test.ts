import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { script } from '@holt/sandbox/testing/programs.ts'
import { open, sandboxCases, told, withCode } from '@holt/sandbox/testing/sandbox-cases.ts'
import { openCagedSandbox } from './caged-sandbox.ts'

sandboxCases('caged', () => openCagedSandbox())

test('a delivery to a vat whose end is on its way fails alone: the cage and its other programs go on', async () => {
  const sandbox = openCagedSandbox()
  const code = script('holt.onDeliver = (name, body) => body')
  const [vat, other] = [await open(sandbox, code), await open(sandbox, code)]
  const { pid } = sandbox
  const ending = vat.end()
  for (let turn = 0; turn < 5; turn++) await setImmediate()
  // the cage ends it meanwhile; that it did is not read before the delivery is sent
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
  await assert.rejects(told(vat, 'late'), withCode('PROGRAM_ENDED'))
  await ending
  assert.equal(await told(other, 'still here'), 'still here')
  assert.equal(await told(other, 'and here'), 'and here')
  assert.equal(sandbox.pid, pid)
  await sandbox.stop()
})
