import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectControl } from '@holt/control/node/socket.ts'
import { afterwards, distFolder, temporaryFolder, until } from './harness.ts'

test('a Ctrl-C that arrives twice, from the terminal and through npm, stops the node in good order', async (context) => {
  const data = join(await temporaryFolder(context), 'data')
  const child = spawn(process.execPath, [join(distFolder, 'daemon.mjs'), '--data', data, '--no-page', '--no-peers'], { stdio: 'ignore' })
  afterwards(context, () => child.kill('SIGKILL'))
  const control = await until('a node', () => connectControl(data).catch(() => null))
  await control.call('node.init', {})
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(60_000) })
  child.kill('SIGINT')
  child.kill('SIGINT')
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  assert.ok(!(await readdir(data)).includes('control.sock'))
  control.close()
})
