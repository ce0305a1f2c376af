import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { boxMethods } from '@holt/control/box/methods.ts'
import { serveRpc } from '@holt/control/node/connection.ts'
import { MethodChecker } from '@holt/control/validate.ts'
import { findBoxHelper } from './box-helper.ts'

test('finds the helper, tells when it is gone, and finds it again', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-box-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'appliance.sock')
  assert.equal(await findBoxHelper(join(folder, 'none', 'appliance.sock')), null, 'no box')
  const helper = await findBoxHelper(path)
  assert.ok(helper)
  const status = () => helper.call('accounts.status', {})
  await assert.rejects(status(), { code: 'HELPER_NOT_RUNNING' })
  for (let round = 0; round < 2; round++) {
    const sockets: Socket[] = []
    const service = { checker: new MethodChecker(boxMethods), call: async () => ({ hasPassword: true }) as never, left: async () => {} }
    const server = createServer((socket) => {
      sockets.push(socket)
      serveRpc(service, socket)
    })
    await new Promise<void>((resolve) => server.listen(path, resolve))
    assert.deepEqual(await status(), { hasPassword: true })
    assert.deepEqual(await status(), { hasPassword: true })
    assert.equal(sockets.length, 1, 'one connection serves all calls')
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    for (let i = 0; i < 200; i++) {
      const code = await status().then(
        () => 'answered',
        (error: { code: string }) => error.code,
      )
      assert.equal(code, 'HELPER_NOT_RUNNING')
    }
  }
})
