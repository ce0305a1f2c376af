import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectControl } from '@holt/control/node/socket.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { repositoryRoot, run, temporaryFolder, until } from './harness.ts'
import { makeLargeFiles } from './trees.ts'

test('npm run profile draws what the main thread and the workers of a node do, and says where the time goes', async (context) => {
  const folder = await temporaryFolder(context)
  const [data, out, source] = ['data', 'out', 'source'].map((name) => join(folder, name)) as [string, string, string]
  await makeLargeFiles(source, { seed: 1, files: 4, sizeBytes: 8 << 20 })
  const script = join(repositoryRoot, 'scripts/profile.mjs')
  const profiling = run(process.execPath, [script, '--seconds', '15', '--out', out, '--', '--data', data, '--no-page', '--no-peers'])
  const control = await until('a node', () => connectControl(data).catch(() => null))
  await control.call('node.init', {})
  // something to do all the time, however slow the machine: whatever part of it is watched has busy workers
  try {
    for (let i = 0; ; i++) await control.call('files.importLocal', { locals: [source], path: `/kept-${i}`, place: 'as' })
  } catch (error) {
    if (!isHoltError(error, 'NODE_STOPPING') && !isHoltError(error, 'NODE_NOT_RUNNING')) throw error
  }
  const { stdout, stderr, exitCode } = await profiling
  control.close()
  assert.equal(exitCode, 0, stderr)
  assert.match(stdout, /main thread: most time in\n +\d+ ms/)
  assert.match(stdout, /worker thread\(s\): most time in\n +\d+ ms/)
  const graph = await readFile(join(out, 'flame.svg'), 'utf8')
  for (const part of ['main thread', 'worker 1', 'sealRange', 'dist/worker.mjs']) assert.ok(graph.includes(part), part)
  const written = (await readdir(out)).sort()
  assert.deepEqual(written.slice(0, 3), ['flame.svg', 'main-thread.cpuprofile', 'worker-1.cpuprofile'])
})
