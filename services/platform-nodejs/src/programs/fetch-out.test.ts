import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { fetchOut } from './fetch-out.ts'

test('what is within is reached only where that is allowed, by address and by a name that leads there', async (t) => {
  let asked = 0
  const server = createServer((_request, response) => {
    asked++
    response.end('within')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const ask = (host: string, mayBePrivate: boolean) =>
    fetchOut({
      method: 'GET',
      url: `http://${host}:${port}/`,
      headers: [],
      body: new Uint8Array(),
      mayBePrivate,
      maxBytes: 100,
      signal: AbortSignal.timeout(60_000),
    })
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])
    await assert.rejects(ask(host, false), { code: 'NOT_AUTHORIZED' }, host)
  assert.equal(asked, 0)
  for (const host of ['127.0.0.1', 'localhost']) assert.equal(new TextDecoder().decode((await ask(host, true)).body), 'within')
  assert.equal(asked, 2)
})
