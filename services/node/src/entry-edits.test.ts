import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, caller, NodeWorld, textOf } from './node-world.ts'

const signal = new AbortController().signal

test('copies and moves take what is below along, in place of whatever is there', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  await call('files.mkdir', { path: '/a/b', parents: true })
  await files.write('/a/b/file', bodyOf('first'), { signal })
  await call('files.setAttributes', { path: '/a/b/file', attributes: { 'user.mood': 'Z2xhZA==' }, mode: 0o600, modified: 1_600_000_000.5 })
  const { packs } = (await call('node.status', {})).store
  await call('files.copy', { from: '/a', to: '/copy' })
  const copied = await call('files.stat', { path: '/copy/b/file', attributes: true })
  assert.deepEqual([copied.attributes, copied.mode, copied.modified], [{ 'user.mood': 'Z2xhZA==' }, 0o600, 1_600_000_000.5])
  // each goes its own way from then on
  await files.write('/a/b/file', bodyOf('second'), { replace: true, keep: true, signal })
  assert.equal(await textOf((await files.read('/copy/b/file')).body), 'first')
  assert.deepEqual((await call('files.stat', { path: '/a/b/file', attributes: true })).attributes, { 'user.mood': 'Z2xhZA==' })
  assert.equal((await call('files.stat', { path: '/a/b/file' })).mode, 0o600)
  assert.ok((await call('node.status', {})).store.packs <= packs + 2)

  await assert.rejects(call('files.copy', { from: '/a', to: '/copy' }), { code: 'ALREADY_EXISTS' })
  await assert.rejects(call('files.move', { from: '/a', to: '/copy', replace: true }), { code: 'NOT_EMPTY' })
  await call('files.copy', { from: '/a', to: '/copy', replace: true, shallow: true })
  assert.deepEqual((await call('files.list', { path: '/copy' })).entries, [])
  await call('files.move', { from: '/a/b/file', to: '/copy', replace: true, recursive: true })
  assert.equal(await textOf((await files.read('/copy')).body), 'second')
  for (const wrong of [
    { from: '/a', to: '/a' },
    { from: '/a', to: '/a/b/c' },
    { from: '/', to: '/x' },
    { from: '/a/b', to: '/a', replace: true },
  ])
    await assert.rejects(call('files.copy', wrong), { code: 'INPUT_INVALID' }, JSON.stringify(wrong))
  await assert.rejects(call('files.move', { from: '/a/b', to: '/a', replace: true, recursive: true }), { code: 'INPUT_INVALID' })
  await assert.rejects(call('files.move', { from: '/nothing', to: '/copy', replace: true, recursive: true }), { code: 'NOT_FOUND' })
  assert.equal((await call('files.stat', { path: '/copy' })).type, 'file', 'a move of nothing removed nothing')
  await assert.rejects(call('files.copy', { from: '/a', to: '/no/where' }), { code: 'NOT_FOUND' })
  await assert.rejects(call('files.copy', { from: '/a', to: '/.holt-hidden/x' }), { code: 'NAME_INVALID' })
})

test('attributes are set, shown when asked for and removed; what is Holt’s own is not to be had', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  await files.write('/file', bodyOf('x'), { signal })
  await call('files.setAttributes', { path: '/file', attributes: { 'user.a': 'AQ==', 'user.b': '' } })
  assert.equal((await call('files.stat', { path: '/file' })).attributes, undefined)
  const listed = (await call('files.list', { path: '/', attributes: true })).entries
  assert.deepEqual(listed[0]?.attributes, { 'user.a': 'AQ==', 'user.b': '' })
  await call('files.setAttributes', { path: '/file', attributes: { 'user.a': null } })
  assert.deepEqual((await call('files.stat', { path: '/file', attributes: true })).attributes, { 'user.b': '' })
  await assert.rejects(call('files.setAttributes', { path: '/file', attributes: { owner: 'AQ==' } }), { code: 'INPUT_INVALID' })
  await assert.rejects(call('files.setAttributes', { path: '/file', attributes: { 'user.c': '!' } }), { code: 'INPUT_INVALID' })
  const large = Buffer.alloc(40_000).toString('base64')
  await assert.rejects(call('files.setAttributes', { path: '/file', attributes: { 'user.c': large, 'user.d': large } }), {
    code: 'TOO_LARGE',
  })
})

test('what a file is written over is looked at when it is put in its place', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  await caller(control)('node.init', {})
  await files.write('/file', bodyOf('one'), { signal })
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('three')
    await files.write('/file', bodyOf('the other one'), { replace: true, signal })
  }
  const { content } = await caller(control)('files.stat', { path: '/file' })
  const check = (there: { content?: string } | null): void => {
    if (there?.content !== content) throw new Error('it is another one')
  }
  await assert.rejects(files.write('/file', slowly(), { replace: true, check, signal }), /another one/)
  assert.equal(await textOf((await files.read('/file')).body), 'the other one')
})
