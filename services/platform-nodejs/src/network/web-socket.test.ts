import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import './web-socket.ts'

test('a connection that fails when nobody listens any more ends nothing but itself', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  // an error that is thrown fails the test
  await new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
})
