import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { HoltError, type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import fc from 'fast-check'
import type { ControlClient } from '../control-client.ts'
import { type FakeAnswers, FakeControl } from '../fake-control.ts'
import type { Progress } from '../schema.ts'
import { connectControl, listenControl } from './socket.ts'
import { connectSocket } from './socket-path.ts'

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-control-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function served(
  context: TestContext,
  answers: FakeAnswers,
  folder?: string,
): Promise<{ folder: string; control: FakeControl; client: ControlClient }> {
  const dataFolder = folder ?? (await temporaryFolder(context))
  const control = new FakeControl(answers)
  const listener = await listenControl(dataFolder, control)
  const client = await connectControl(dataFolder)
  context.after(async () => {
    client.close()
    await listener.close()
  })
  return { folder: dataFolder, control, client }
}

const rejectsWith = (work: Promise<unknown>, code: HoltErrorCode) =>
  assert.rejects(work, (error) => isHoltError(error, code) || assert.fail(String(error)))

/** Everything that arrives until the far side hangs up. */
function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

function onAbort(signal: AbortSignal | undefined, listener: (reason: Error) => void): void {
  signal?.addEventListener('abort', () => listener(signal.reason as Error))
}

const framed = (value: unknown) => {
  const body = JSON.stringify(value)
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

test('calls a method and gives its result', async (context) => {
  const { client, control } = await served(context, { 'files.list': () => ({ entries: [], more: false }) })
  assert.deepEqual(await client.call('files.list', { path: '/ä', limit: 5 }), { entries: [], more: false })
  assert.deepEqual(control.asked('files.list'), [{ path: '/ä', limit: 5 }])
})

test('a thrown HoltError arrives with code, message and facts; any other error as INTERNAL', async (context) => {
  const { client } = await served(context, {
    'files.stat': () => {
      throw new HoltError('NOT_FOUND', 'there is no /x', { path: '/x' })
    },
    'node.status': () => {
      throw new Error('oops')
    },
  })
  await assert.rejects(client.call('files.stat', { path: '/x' }), { code: 'NOT_FOUND', message: 'there is no /x', data: { path: '/x' } })
  await rejectsWith(client.call('node.status', {}), 'INTERNAL')
})

test('refuses wrong parameters and unknown methods before the node sees them', async (context) => {
  const { client, control } = await served(context, {})
  await assert.rejects(client.call('files.stat', { path: 7 } as never), {
    code: 'INPUT_INVALID',
    data: { method: 'files.stat', field: 'path' },
  })
  await rejectsWith(client.call('files.statt' as never, {} as never), 'UNKNOWN_METHOD')
  assert.deepEqual(control.calls, [])
})

test('socket and folder are for the owner only', async (context) => {
  const { folder } = await served(context, {})
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.equal((await stat(join(folder, 'control.sock'))).mode & 0o777, 0o600)
})

test('works in a folder whose path is longer than a socket address', async (context) => {
  const deep = join(await temporaryFolder(context), ...Array.from({ length: 10 }, () => 'x'.repeat(60)))
  await mkdir(deep, { recursive: true })
  const { client } = await served(context, { 'node.stop': () => ({}) }, deep)
  assert.deepEqual(await client.call('node.stop', {}), {})
})

test('says NODE_NOT_RUNNING when the folder, the socket or a listener is not there', async (context) => {
  const folder = await temporaryFolder(context)
  await rejectsWith(connectControl(join(folder, 'none')), 'NODE_NOT_RUNNING')
  await rejectsWith(connectControl(folder), 'NODE_NOT_RUNNING')
  await writeFile(join(folder, 'control.sock'), '')
  await rejectsWith(connectControl(folder), 'NODE_NOT_RUNNING')
})

test('replaces a dead socket, refuses beside a living one', async (context) => {
  const folder = await temporaryFolder(context)
  await writeFile(join(folder, 'control.sock'), 'left behind')
  const { client } = await served(context, { 'node.stop': () => ({}) }, folder)
  await rejectsWith(listenControl(folder, new FakeControl()), 'STORE_IN_USE')
  assert.deepEqual(await client.call('node.stop', {}), {})
})

test('a stranger that listens but does not answer is not replaced', async (context) => {
  const folder = await temporaryFolder(context)
  const stranger = createServer()
  await new Promise<void>((resolve) => stranger.listen(join(folder, 'control.sock'), resolve))
  context.after(() => stranger.close())
  await rejectsWith(listenControl(folder, new FakeControl()), 'STORE_IN_USE')
})

test('cancelling reaches the running call as its signal', async (context) => {
  let began = () => {}
  const running = new Promise<void>((resolve) => {
    began = resolve
  })
  const { client } = await served(context, {
    'store.settle': (_, { signal }) =>
      new Promise((_resolve, reject) => {
        began()
        onAbort(signal, reject)
      }),
  })
  const controller = new AbortController()
  const call = client.call('store.settle', {}, { signal: controller.signal })
  await running
  controller.abort()
  await rejectsWith(call, 'CANCELLED')
  await rejectsWith(client.call('store.settle', {}, { signal: controller.signal }), 'CANCELLED')
})

test('a long method sends progress, thinned out, the last one before the result', async (context) => {
  const progress = (doneItems: number): Progress => ({ phase: 'verify', doneBytes: 0, totalBytes: 0, doneItems, totalItems: 5000 })
  const { client, control } = await served(context, {
    'store.settle': async (_, { onProgress }) => {
      for (let i = 1; i <= 5000; i++) {
        onProgress?.(progress(i))
        if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      return {}
    },
  })
  const seen: number[] = []
  await client.call('store.settle', {}, { onProgress: ({ doneItems }) => seen.push(doneItems) })
  assert.equal(seen.at(-1), 5000)
  assert.ok(seen.length < 1000, `${seen.length} were sent`)
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  )
  assert.deepEqual(control.asked('store.settle'), [{}])
})

test('a client that leaves cancels its calls and discards its streams, and nobody else may use them', async (context) => {
  const discarded = new Promise<unknown>((resolve) => {
    void (async () => {
      let cancelled = false
      const { client, folder } = await served(context, {
        'files.openWrite': () => ({ stream: 7 }),
        'store.settle': (_, { signal }) =>
          new Promise((_resolve, reject) => {
            onAbort(signal, (reason) => {
              cancelled = true
              reject(reason)
            })
          }),
        'stream.close': (params) => {
          resolve({ params, cancelled })
          return {}
        },
      })
      await client.call('files.openWrite', { path: '/a' })
      const other = await connectControl(folder)
      await rejectsWith(other.call('stream.write', { stream: 7, base64: '' }), 'NOT_FOUND')
      await rejectsWith(other.call('stream.close', { stream: 7 }), 'NOT_FOUND')
      other.close()
      const call = client.call('store.settle', {})
      await client.call('files.openWrite', { path: '/b' })
      client.close()
      await rejectsWith(call, 'NODE_NOT_RUNNING')
    })()
  })
  assert.deepEqual(await discarded, { params: { stream: 7, discard: true }, cancelled: true })
})

test('calls that are open when the node ends, and later ones, reject with NODE_NOT_RUNNING', async (context) => {
  const folder = await temporaryFolder(context)
  const hangingUp = createServer((socket) => socket.once('data', () => socket.destroy()))
  await new Promise<void>((resolve) => hangingUp.listen(join(folder, 'control.sock'), resolve))
  context.after(() => hangingUp.close())
  const client = await connectControl(folder)
  await rejectsWith(client.call('node.status', {}), 'NODE_NOT_RUNNING')
  await client.closed
  await rejectsWith(client.call('node.status', {}), 'NODE_NOT_RUNNING')
})

test('closing the listener cancels what runs and still delivers the answers', async (context) => {
  const folder = await temporaryFolder(context)
  const control = new FakeControl({
    'store.settle': (_, { signal }) => new Promise((_resolve, reject) => onAbort(signal, reject)),
    'node.stop': () => {
      void listener.close()
      return {}
    },
  })
  const listener = await listenControl(folder, control)
  const client = await connectControl(folder)
  const settling = client.call('store.settle', {})
  const refused = rejectsWith(settling, 'NODE_STOPPING')
  assert.deepEqual(await client.call('node.stop', {}), {})
  await refused
  await client.closed
  await assert.rejects(stat(join(folder, 'control.sock')), { code: 'ENOENT' })
})

test('a message over 4 MiB is refused with TOO_LARGE, and the others are served on', async (context) => {
  const { client, folder } = await served(context, { 'node.stop': () => ({}), 'stream.write': () => ({}) })
  const other = await connectControl(folder)
  await rejectsWith(other.call('files.stat', { path: 'x'.repeat(5 << 20) }), 'TOO_LARGE')
  await rejectsWith(other.call('node.stop', {}), 'TOO_LARGE')
  assert.deepEqual(await client.call('node.stop', {}), {})
})

test('a client that never reads its answers is not read from either, and holds up nobody', async (context) => {
  const page = {
    entries: Array.from({ length: 1000 }, (_, i) => ({ name: `file ${i}`, type: 'file' as const, sizeBytes: 1, mode: 0o644, modified: 0 })),
    more: false,
  }
  const { client, folder, control } = await served(context, { 'files.list': () => page, 'node.stop': () => ({}) })
  const lazy = await connectSocket(folder)
  lazy.pause()
  context.after(() => lazy.destroy())
  for (let id = 0; id < 20_000; id++) lazy.write(framed({ jsonrpc: '2.0', id, method: 'files.list', params: { path: '/' } }))
  let asked = -1
  while (control.asked('files.list').length !== asked) {
    asked = control.asked('files.list').length
    for (let i = 0; i < 50; i++) await client.call('node.stop', {})
  }
  assert.ok(asked > 0 && asked < 3000, `${asked} requests were taken`)
})

test('hostile bytes end their connection with a reason and leave the node alone', async (context) => {
  const { client, folder } = await served(context, { 'node.stop': () => ({}), 'store.settle': () => new Promise(() => {}) })
  const hostile = [
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.from('Content-Length: -1\r\n\r\n'),
    Buffer.from('Content-Length: 99999999999\r\n\r\n'),
    Buffer.alloc(100_000, 0x41),
    Buffer.from(framed([])),
    Buffer.from(framed(null)),
    Buffer.from(framed([{ jsonrpc: '2.0', id: 1, method: 'node.stop' }])),
    Buffer.from(framed({ jsonrpc: '1.0', id: 1, method: 'node.stop' })),
    Buffer.from(framed({ jsonrpc: '2.0', id: {}, method: 'node.stop' })),
    Buffer.from(framed({ jsonrpc: '2.0', id: 1, method: 5 })),
    Buffer.from(framed({ jsonrpc: '2.0', id: 1, method: 'node.stop', params: [1] })),
    Buffer.from(framed({ jsonrpc: '2.0', method: '$/cancelRequest' })),
    Buffer.from(framed({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: null } })),
    Buffer.from(framed({ jsonrpc: '2.0', id: 1, method: 'store.settle' }).repeat(2)),
    Buffer.from(`Content-Length: 200000\r\n\r\n${'['.repeat(200_000)}`),
    Buffer.from(`Content-Length: 200000\r\n\r\n${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  ]
  for (const bytes of hostile) {
    const socket = await connectSocket(folder)
    const answer = readAll(socket)
    socket.write(bytes)
    assert.match(await answer, /"code":"(MALFORMED|TOO_LARGE)"/, bytes.subarray(0, 80).toString())
  }
  assert.deepEqual(await client.call('node.stop', {}), {})
})

test('harmless oddities are answered or ignored without ending the connection', async (context) => {
  const { folder } = await served(context, { 'node.stop': () => ({}) })
  const socket = await connectSocket(folder)
  const answer = readAll(socket)
  for (const message of [
    { jsonrpc: '2.0', id: 99, result: 'to nothing that was asked' },
    { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 12345 } },
    { jsonrpc: '2.0', method: '$/progress' },
    { jsonrpc: '2.0', method: 'node.stop', params: {} },
    { jsonrpc: '2.0', id: 'a', method: 'node.stop', params: { progressToken: 'p' } },
    { jsonrpc: '2.0', id: 'b', method: 'store.settle', params: { progressToken: {} } },
    { jsonrpc: '2.0', id: 'c', method: 'node.stop' },
  ]) {
    socket.write(framed(message))
  }
  socket.on('data', (bytes: Buffer) => bytes.includes('"id":"c"') && socket.end())
  const text = await answer
  assert.match(text, /"id":"c","result":\{\}/)
  assert.equal(text.match(/"code":"INPUT_INVALID"/g)?.length, 2)
})

test('random bytes never take the node down', async (context) => {
  const { client, folder } = await served(context, { 'node.stop': () => ({}) })
  const near = fc.tuple(fc.string({ maxLength: 20 }), fc.jsonValue()).map(([tail, value]) => Buffer.from(framed(value) + tail))
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 3000 }).map(Buffer.from), near), async (bytes) => {
      const socket = await connectSocket(folder)
      const answer = readAll(socket)
      socket.end(bytes)
      await answer
    }),
    { numRuns: 100 },
  )
  assert.deepEqual(await client.call('node.stop', {}), {})
})
