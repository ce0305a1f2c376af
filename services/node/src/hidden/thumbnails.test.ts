import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { TreeWorld } from '@holt/tree/tree-world.ts'
import { bodyOf, caller, NodeWorld } from '../node-world.ts'
import type { HoltNode } from '../node.ts'
import { Thumbnails } from './thumbnails.ts'

const signal = new AbortController().signal
type Call = <Name extends MethodName>(name: Name, params: Params<Name>) => Promise<Result<Name>>

async function begin(t: TestContext): Promise<{ world: NodeWorld; node: HoltNode; call: Call }> {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  await call('node.init', {})
  return { world, node, call }
}

/** As browsers make them, by how they begin. */
const webp = (text: string): string => Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 '), Buffer.from(text)]).toString('base64')

async function picture(node: HoltNode, path: string, text: string): Promise<string> {
  const { content } = await node.files.write(path, bodyOf(text), { signal, replace: true })
  return String(content)
}

test('a small picture is kept for the bytes it is of, wherever they go, also over a restart and a collection', async (t) => {
  const { world, node, call } = await begin(t)
  const content = await picture(node, '/a.jpg', 'a')
  assert.deepEqual(await call('thumbnails.get', { path: '/a.jpg' }), { content, base64: null })
  await call('thumbnails.put', { path: '/a.jpg', content, base64: webp('small a') })
  assert.deepEqual(await call('thumbnails.get', { path: '/a.jpg' }), { content, base64: webp('small a') })
  await call('files.mkdir', { path: '/d' })
  await call('files.move', { from: '/a.jpg', to: '/d/b.jpg' })
  const again = caller((await world.start()).control)
  await again('store.collect', {})
  assert.equal((await again('thumbnails.get', { path: '/d/b.jpg' })).base64, webp('small a'))
  assert.deepEqual(
    (await again('files.list', { path: '/' })).entries.map(({ name }) => name),
    ['d'],
  )
})

test('a changed file never shows its old picture, and none can be put under a wrong content', async (t) => {
  const { node, call } = await begin(t)
  const old = await picture(node, '/a.jpg', 'a')
  await call('thumbnails.put', { path: '/a.jpg', content: old, base64: webp('small a') })
  const content = await picture(node, '/a.jpg', 'changed')
  assert.deepEqual(await call('thumbnails.get', { path: '/a.jpg' }), { content, base64: null })
  await assert.rejects(call('thumbnails.put', { path: '/a.jpg', content: old, base64: webp('x') }), { code: 'CONFLICT' })
  await assert.rejects(call('thumbnails.put', { path: '/none', content, base64: webp('x') }), { code: 'NOT_FOUND' })
  await call('files.mkdir', { path: '/d' })
  assert.deepEqual(await call('thumbnails.get', { path: '/d' }), { content: null, base64: null })
  await assert.rejects(call('thumbnails.get', { path: '/.holt-hidden/thumbnails' }), { code: 'NOT_FOUND' })
})

test('only what begins as JPEG or WebP is kept, and only when it is small', async (t) => {
  const { node, call } = await begin(t)
  const content = await picture(node, '/a.jpg', 'a')
  const put = (base64: string) => call('thumbnails.put', { path: '/a.jpg', content, base64 })
  for (const bytes of ['<svg onload="x"/>', '<html>', 'GIF89a', '\x89PNG', '%PDF-1.4', '', 'RIFF\0\0\0\0WAVE'])
    await assert.rejects(put(Buffer.from(bytes).toString('base64') || '===='), { code: 'INPUT_INVALID' }, bytes)
  await assert.rejects(put(webp('x'.repeat(41 * 1024))))
  assert.equal((await call('thumbnails.get', { path: '/a.jpg' })).base64, null)
})

test('those that come within a moment are one version; all can be removed', async (t) => {
  const { node, call } = await begin(t)
  const contents = await Promise.all([1, 2, 3, 4, 5].map((i) => picture(node, `/${i}.jpg`, `picture ${i}`)))
  const { sequence } = await call('node.status', {})
  await Promise.all(contents.map((content, i) => call('thumbnails.put', { path: `/${i + 1}.jpg`, content, base64: webp(`${i}`) })))
  assert.equal((await call('node.status', {})).sequence, sequence + 1)
  assert.equal((await call('thumbnails.get', { path: '/3.jpg' })).base64, webp('2'))
  await call('thumbnails.clear', {})
  await call('thumbnails.clear', {})
  assert.equal((await call('thumbnails.get', { path: '/3.jpg' })).base64, null)
})

test('there are never more than two generations of them; the younger stays', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const { store } = world
  const { crypto } = world.options
  const open = () => new Thumbnails({ volume, store, crypto, now: () => Date.now(), generationSize: 10 })
  let thumbnails = open()
  const name = (i: number): string => `content${i}`
  for (let i = 0; i < 45; i += 5) {
    await Promise.all([0, 1, 2, 3, 4].map((j) => thumbnails.put(name(i + j), Buffer.from(webp(`${i + j}`), 'base64'))))
    if (i % 15 === 0) thumbnails = open() // counts anew
  }
  const kept: number[] = []
  for (let i = 0; i < 45; i++) if ((await thumbnails.get(name(i))) !== null) kept.push(i)
  assert.ok(kept.length <= 20 && kept.length >= 10, kept.join())
  assert.deepEqual(
    kept,
    Array.from({ length: kept.length }, (_, i) => 45 - kept.length + i),
  )
  assert.ok((await volume.current().list('/.holt-hidden/thumbnails', {})).entries.length <= 2)
})
