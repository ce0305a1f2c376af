import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryNode } from '../testing/memory-node.ts'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

/** What only shows on real connections: back-pressure, and callers who leave. */

let admin: TestAdmin
let browser: TestBrowser
let node: MemoryNode
let port: number
before(async () => {
  node = new MemoryNode()
  ;({ admin, browser } = await TestAdmin.ready(node))
  await admin.admin.app.listen({ host: '127.0.0.1', port: 0 })
  port = (admin.admin.app.server.address() as AddressInfo).port
})
after(() => admin.close())

function send(method: string, path: string, headers: Record<string, string | number> = {}): ClientRequest {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return request({ host: '127.0.0.1', port, method, path, headers: { cookie, 'x-holt': '1', ...headers } })
}

/** Resolves with the value once it has not grown for a while. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1, same = 0; ; ) {
    const now = value()
    same = now === last ? same + 1 : 0
    if (same > 30) return now
    last = now
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const OFFERED = 64 * 1024 * 1024
const BUFFERS = 24 * 1024 * 1024

test('an upload is taken no faster than it is written', async () => {
  const write = node.write.bind(node)
  let goOn: () => void = () => {}
  let received = 0
  node.write = async (_path, body) => {
    const paused = new Promise<void>((resolve) => (goOn = resolve))
    for await (const bytes of body) {
      received += bytes.length
      if (received === bytes.length) await paused
    }
    return node.tree.write('/slow', new Uint8Array(1))
  }
  let socket: Socket | undefined
  admin.admin.app.server.once('connection', (connection: Socket) => (socket = connection))
  const upload = send('PUT', '/api/files/content?path=/slow', { 'content-length': OFFERED })
  upload.end(Buffer.alloc(OFFERED))
  await once(upload, 'socket')
  const taken = await settled(() => socket?.bytesRead ?? 0)
  assert.ok(taken > 0 && taken < BUFFERS, `${taken} bytes were read while nothing was written`)
  const answered = once(upload, 'response')
  goOn()
  const [response] = (await answered) as [IncomingMessage]
  node.write = write
  assert.equal(response.statusCode, 201)
  assert.equal(received, OFFERED)
  response.resume()
})

test('a download is read no faster than it is taken', async () => {
  const read = node.read.bind(node)
  let pulled = 0
  node.read = async () => ({
    entry: node.tree.stat('/large'),
    body: (async function* () {
      for (; pulled < OFFERED; pulled += 1 << 20) yield new Uint8Array(1 << 20)
    })(),
  })
  node.tree.write('/large', new Uint8Array(OFFERED))
  const download = send('GET', '/api/files/content?path=/large')
  download.end()
  const [response] = (await once(download, 'response')) as [IncomingMessage]
  response.pause()
  const ahead = await settled(() => pulled)
  assert.ok(ahead > 0 && ahead < BUFFERS, `${ahead} bytes were read while nothing was taken`)
  let size = 0
  for await (const bytes of response) size += (bytes as Buffer).length
  node.read = read
  assert.equal(size, OFFERED)
})

test('a download may take as long as its reader likes', async (context) => {
  const read = node.read.bind(node)
  let goOn: () => void = () => {}
  node.read = async () => ({
    entry: node.tree.stat('/slow-reader'),
    body: (async function* () {
      yield new Uint8Array(1000)
      await new Promise<void>((resolve) => (goOn = resolve))
      yield new Uint8Array(1000)
    })(),
  })
  node.tree.write('/slow-reader', new Uint8Array(2000))
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const download = send('GET', '/api/files/content?path=/slow-reader')
  download.end()
  const [response] = (await once(download, 'response')) as [IncomingMessage]
  await once(response, 'readable')
  context.mock.timers.tick(24 * 3_600_000)
  goOn()
  let size = 0
  for await (const bytes of response) size += (bytes as Buffer).length
  node.read = read
  assert.equal(size, 2000)
})

test('a small body that never comes to an end is waited for only so long', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const slow = send('POST', '/api/files/directories', { 'content-type': 'application/json', 'content-length': 100 })
  let isBroken = false
  slow.once('error', () => (isBroken = true))
  slow.write('{"path": ')
  await once(admin.admin.app.server, 'request')
  for (let turn = 0; turn < 1000 && !isBroken; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    context.mock.timers.tick(30_000)
  }
  assert.ok(isBroken)
})

test('a sender who leaves takes the upload back', async () => {
  const write = node.write.bind(node)
  const ended = new Promise<unknown>((resolve) => {
    node.write = async (path, body, options) => {
      try {
        return await write(path, body, options)
      } catch (error) {
        resolve(error)
        throw error
      }
    }
  })
  const upload = send('PUT', '/api/files/content?path=/left', { 'content-length': 1000 })
  upload.on('error', () => {})
  upload.write('the first half', () => upload.destroy())
  const error = await ended
  node.write = write
  assert.ok(error instanceof HoltError && error.code === 'CANCELLED')
  assert.throws(() => node.tree.stat('/left'), { code: 'NOT_FOUND' })
})

test('a reader who leaves ends the reading', async () => {
  const read = node.read.bind(node)
  const ended = new Promise<void>((resolve) => {
    node.read = async () => ({
      entry: node.tree.stat('/large'),
      body: (async function* () {
        try {
          for (;;) yield new Uint8Array(1 << 20)
        } finally {
          resolve()
        }
      })(),
    })
  })
  const download = send('GET', '/api/files/content?path=/large')
  download.on('error', () => {})
  download.end()
  const [response] = (await once(download, 'response')) as [IncomingMessage]
  response.once('data', () => download.destroy())
  response.on('error', () => {})
  await ended
  node.read = read
})

test('bytes that turn out lost break the download off instead of ending it well', async () => {
  const read = node.read.bind(node)
  node.read = async () => ({
    entry: node.tree.stat('/large'),
    body: (async function* () {
      yield new Uint8Array(1000)
      throw new HoltError('PACK_UNRECOVERABLE', 'too few fragments')
    })(),
  })
  const download = send('GET', '/api/files/content?path=/large')
  download.end()
  const [response] = (await once(download, 'response')) as [IncomingMessage]
  await assert.rejects(async () => {
    await once(response.resume(), 'end')
  })
  node.read = read
})

test('headers without end are refused', async () => {
  const flood = send('GET', '/api/session', { 'x-flood': 'y'.repeat(40_000) })
  flood.end()
  const [response] = (await once(flood, 'response')) as [IncomingMessage]
  assert.equal(response.statusCode, 431)
  response.resume()
})
