import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../peers/harness.ts'
import { davWorld } from './world.ts'

test('litmus finds nothing wrong, in the whole tree and in a folder', async (context) => {
  const world = await davWorld(context)
  await world.ok('mkdir', 'deep/below', '--parents')
  for (const place of ['/', '/deep/below']) {
    const password = await world.password(place)
    const { stdout, stderr, exitCode } = await run('litmus', ['-k', world.url, 'anybody', password], { cwd: world.below })
    assert.equal(exitCode, 0, stdout.replaceAll('\r', '\n') + stderr)
    const summaries = [...stdout.matchAll(/summary for `(\w+)': of (\d+) tests run: (\d+) passed, 0 failed/g)]
    assert.deepEqual(
      summaries.map(([, suite]) => suite),
      ['basic', 'copymove', 'props', 'locks', 'http'],
      stdout,
    )
    for (const [line, , ran, passed] of summaries) assert.equal(ran, passed, line)
    assert.doesNotMatch(stdout, /WARNING|SKIPPED/)
  }
})
