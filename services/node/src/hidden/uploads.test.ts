import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import type { FileUploads } from '@holt/control/streams.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bodyOf, caller, NodeWorld } from '../node-world.ts'
import type { HoltNode } from '../node.ts'

const signal = new AbortController().signal
const MiB = 1 << 20

async function begin(t: TestContext): Promise<{ world: NodeWorld; node: HoltNode; uploads: FileUploads }> {
  const world = new NodeWorld(t)
  const node = await world.start()
  await caller(node.control)('node.init', {})
  return { world, node, uploads: node.files.uploads }
}

/** The bytes at an offset tell where they are. */
function content(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  for (let i = 0; i < sizeBytes; i++) bytes[i] = (i * 2654435761) >>> 24
  return bytes
}

async function* breaking(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.slice(at, at + 100_000)
  throw new HoltError('CANCELLED', 'the sender left')
}

async function read(node: HoltNode, path: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const bytes of (await node.files.read(path)).body) parts.push(Buffer.from(bytes))
  return Buffer.concat(parts)
}

const names = async (node: HoltNode) => (await caller(node.control)('files.list', { path: '/' })).entries.map(({ name }) => name)

test('an upload in parts is one file in the end, with its time and mode', async (t) => {
  const { node, uploads } = await begin(t)
  const bytes = content(2 * MiB + 345)
  const { id, offsetBytes } = await uploads.create({ path: '/a.bin', sizeBytes: bytes.length, modified: 1_600_000_000.5, mode: 0o600 })
  assert.equal(offsetBytes, 0)
  await assert.rejects(uploads.append(id, 0, breaking(bytes.subarray(0, MiB + 100)), { signal }), { code: 'CANCELLED' })
  assert.deepEqual(await names(node), [], 'nothing can be seen of it')
  const found = await uploads.find(id)
  assert.equal(found.offsetBytes, MiB + 100, 'also what is no whole chunk, while the node runs')
  await assert.rejects(uploads.append(id, 7, bodyOf('x'), { signal }), (error: { code: string; data: unknown }) => {
    assert.deepEqual([error.code, error.data], ['CONFLICT', { offset: MiB + 100 }])
    return true
  })
  const middle = await uploads.append(id, MiB + 100, bodyOf(bytes.subarray(MiB + 100, 2 * MiB)), { signal })
  assert.deepEqual([middle.entry, middle.upload.offsetBytes], [null, 2 * MiB])
  const { entry } = await uploads.append(id, 2 * MiB, bodyOf(bytes.subarray(2 * MiB)), { signal })
  assert.deepEqual([entry?.sizeBytes, entry?.modified, entry?.mode], [bytes.length, 1_600_000_000.5, 0o600])
  assert.ok((await read(node, '/a.bin')).equals(bytes))
  await assert.rejects(uploads.find(id), { code: 'NOT_FOUND' })
  assert.deepEqual(await uploads.list(), [])
})

test('after a restart it goes on behind the last whole chunk, and garbage collection takes nothing of it', async (t) => {
  const { world, uploads } = await begin(t)
  const bytes = content(3 * MiB + 5)
  const { id } = await uploads.create({ path: '/a.bin', sizeBytes: bytes.length })
  await assert.rejects(uploads.append(id, 0, breaking(bytes.subarray(0, 2 * MiB + 70_000)), { signal }))

  const second = await world.start()
  await caller(second.control)('store.collect', {})
  const [listed] = await second.files.uploads.list()
  assert.deepEqual([listed?.id, listed?.path, listed?.offsetBytes, listed?.sizeBytes], [id, '/a.bin', 2 * MiB, bytes.length])
  await assert.rejects(second.files.uploads.append(id, 2 * MiB, breaking(bytes.subarray(2 * MiB, 3 * MiB)), { signal }))

  const third = await world.start()
  await third.files.uploads.append(id, 3 * MiB, bodyOf(bytes.subarray(3 * MiB)), { signal })
  await caller(third.control)('store.collect', {})
  assert.ok((await read(third, '/a.bin')).equals(bytes))
})

test('who begins anew ends a sender that hangs', async (t) => {
  const { node, uploads } = await begin(t)
  const bytes = content(MiB + 10)
  const { id } = await uploads.create({ path: '/a.bin', sizeBytes: bytes.length })
  let waiting: () => void = () => {}
  const hangs = new Promise<void>((resolve) => {
    waiting = resolve
  })
  async function* hanging(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 1000)
    waiting()
    await new Promise(() => {})
  }
  const dead = uploads.append(id, 0, hanging(), { signal })
  await Promise.race([hangs, dead])
  const [outcome, found] = await Promise.all([dead.catch((error: HoltError) => error.code), uploads.find(id)])
  assert.equal(outcome, 'CANCELLED')
  await uploads.append(id, found.offsetBytes, bodyOf(bytes.subarray(found.offsetBytes)), { signal })
  assert.ok((await read(node, '/a.bin')).equals(bytes))
})

test('a place that was taken meanwhile loses nothing: another one, and the file is there', async (t) => {
  const { node, uploads } = await begin(t)
  const bytes = content(MiB + 10)
  const { id } = await uploads.create({ path: '/a.bin', sizeBytes: bytes.length })
  await node.files.write('/a.bin', bodyOf('quicker'), { signal })
  await assert.rejects(uploads.create({ path: '/a.bin', sizeBytes: 1 }), { code: 'ALREADY_EXISTS' })
  await assert.rejects(uploads.append(id, 0, bodyOf(bytes), { signal }), { code: 'ALREADY_EXISTS' })
  assert.equal((await uploads.find(id)).offsetBytes, bytes.length)
  await assert.rejects(uploads.retarget(id, { path: '/none/a.bin', replace: false }), { code: 'NOT_FOUND' })
  await uploads.retarget(id, { path: '/b.bin', replace: false })
  const { entry } = await uploads.append(id, bytes.length, bodyOf(), { signal })
  assert.equal(entry?.name, 'b.bin')
  assert.ok((await read(node, '/b.bin')).equals(bytes))
  assert.equal((await read(node, '/a.bin')).toString(), 'quicker')
})

test('empty files, too many bytes, and places that are none', async (t) => {
  const { node, uploads } = await begin(t)
  const empty = await uploads.create({ path: '/empty', sizeBytes: 0 })
  assert.equal((await uploads.append(empty.id, 0, bodyOf(), { signal })).entry?.sizeBytes, 0)
  const { id } = await uploads.create({ path: '/a', sizeBytes: 3 })
  await assert.rejects(uploads.append(id, 0, bodyOf('four'), { signal }), { code: 'INPUT_INVALID' })
  await uploads.append(id, (await uploads.find(id)).offsetBytes, bodyOf('abc'), { signal })
  assert.equal((await read(node, '/a')).toString(), 'abc')
  for (const [path, code] of [
    ['/none/a', 'NOT_FOUND'],
    ['/a/b', 'NOT_A_DIRECTORY'],
    ['/.holt-hidden/uploads/a', 'NAME_INVALID'],
  ] as const)
    await assert.rejects(uploads.create({ path, sizeBytes: 1 }), { code }, path)
  for (const wrong of ['', 'zz', '../trash', 'f'.repeat(32)]) await assert.rejects(uploads.find(wrong), { code: 'NOT_FOUND' })
  await assert.rejects(uploads.create({ path: '/b', sizeBytes: -1 }), { code: 'INPUT_INVALID' })
})

test('a discarded upload is gone, and one that nothing comes for is given up', async (t) => {
  const { world, uploads } = await begin(t)
  const one = await uploads.create({ path: '/a', sizeBytes: 10 })
  await uploads.discard(one.id)
  await assert.rejects(uploads.discard(one.id), { code: 'NOT_FOUND' })
  await uploads.create({ path: '/b', sizeBytes: 10 })
  const later = await world.start('data', { nowMs: () => Date.now() + 6 * 86_400_000 })
  await caller(later.control)('store.collect', {})
  assert.equal((await later.files.uploads.list()).length, 1)
  const muchLater = await world.start('data', { nowMs: () => Date.now() + 8 * 86_400_000 })
  await caller(muchLater.control)('store.collect', {})
  assert.deepEqual(await muchLater.files.uploads.list(), [])
})

test('what is under way when the node stops goes on after it', async (t) => {
  const { world, uploads } = await begin(t)
  const bytes = content(2 * MiB)
  const { id } = await uploads.create({ path: '/a.bin', sizeBytes: bytes.length })
  let sent: () => void = () => {}
  const halfway = new Promise<void>((resolve) => {
    sent = resolve
  })
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, MiB + 1)
    sent()
    await new Promise(() => {})
  }
  const ended = uploads.append(id, 0, slow(), { signal }).catch((error: HoltError) => error.code)
  await halfway
  const again = await world.start()
  assert.equal(await ended, 'NODE_STOPPING')
  const { offsetBytes } = await again.files.uploads.find(id)
  assert.equal(offsetBytes, MiB)
  await again.files.uploads.append(id, offsetBytes, bodyOf(bytes.subarray(offsetBytes)), { signal })
  assert.ok((await read(again, '/a.bin')).equals(bytes))
})
