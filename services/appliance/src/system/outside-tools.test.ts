import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeTools } from '../testing/fake-tools.ts'
import { outsideTools } from './outside-tools.ts'
import { systemTools } from './tools.ts'

test('a program outside gets its arguments as they are, after the end of those of systemd', async () => {
  const inside = new FakeTools({ 'systemd-run': 'what it said' })
  assert.equal(await outsideTools(inside).run('wipefs', ['--all', '/dev/sda'], { input: 'typed' }), 'what it said')
  assert.match(
    inside.ran[0] ?? '',
    /^systemd-run --quiet --wait --pipe --collect .*--property=PrivateNetwork=yes .* -- wipefs --all \/dev\/sda$/,
  )
  assert.deepEqual(inside.inputs, ['typed'])
})

test('programs get arguments, input and a language, and no shell', async () => {
  assert.equal(await systemTools.run('printf', ['%s|', '$(reboot)', 'a b', '; ls']), '$(reboot)|a b|; ls|')
  assert.equal(await systemTools.run('cat', [], { input: 'typed\n' }), 'typed\n')
  assert.equal(await systemTools.run('sh', ['-c', 'echo $LC_ALL']), 'C\n')
})

test('a program that is missing, fails, hangs or is cancelled is told apart', async () => {
  await assert.rejects(systemTools.run('holt-is-not-installed', []), { code: 'DEPENDENCY_MISSING' })
  await assert.rejects(systemTools.run('sh', ['-c', 'echo it broke >&2; exit 3']), { code: 'SYSTEM_REFUSED', message: 'sh: it broke' })
  assert.equal(await systemTools.run('sh', ['-c', 'echo still an answer; exit 4'], { allowed: (code) => code === 4 }), 'still an answer\n')
  await assert.rejects(systemTools.run('sleep', ['60'], { timeoutMs: 50 }), { code: 'SYSTEM_REFUSED', message: /did not end in time/ })
  await assert.rejects(systemTools.run('sleep', ['60'], { signal: AbortSignal.timeout(50) }), { code: 'CANCELLED' })
})
