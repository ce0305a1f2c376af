import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import test, { type TestContext } from 'node:test'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { bodyOf, caller, NodeWorld, textOf } from '../node-world.ts'
import type { HoltNode } from '../node.ts'

const signal = new AbortController().signal

type Call = <Name extends MethodName>(name: Name, params: Params<Name>) => Promise<Result<Name>>

async function begin(t: TestContext): Promise<{ world: NodeWorld; node: HoltNode; call: Call }> {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  await call('node.init', {})
  return { world, node, call }
}

const write = (node: HoltNode, path: string, text: string) => node.files.write(path, bodyOf(text), { signal })
const read = async (node: HoltNode, path: string) => textOf((await node.files.read(path)).body)
const names = async (call: Call, path: string) => (await call('files.list', { path })).entries.map(({ name }) => name)

test('what goes to the trash comes back as it was, also after a restart', async (t) => {
  const { world, node, call } = await begin(t)
  await call('files.mkdir', { path: '/photos/summer', parents: true })
  const before = await node.files.write('/photos/summer/a.jpg', bodyOf('a'), { signal, modified: 1_600_000_000.5, mode: 0o640 })
  await write(node, '/note', 'n')
  const { sequence } = await call('node.status', {})
  const { items } = await call('trash.put', { paths: ['/photos', '/note'] })
  assert.equal((await call('node.status', {})).sequence, sequence + 1, 'one commit')
  assert.deepEqual(
    items.map(({ path, entry }) => [path, entry.name, entry.type]),
    [
      ['/photos', 'photos', 'directory'],
      ['/note', 'note', 'file'],
    ],
  )
  assert.deepEqual(await names(call, '/'), [])

  const again = await world.start()
  const callAgain = caller(again.control)
  const listed = (await callAgain('trash.list', {})).items
  assert.deepEqual(listed.map(({ path }) => path).sort(), ['/note', '/photos'])
  const ids = listed.map(({ id }) => id)
  assert.deepEqual((await callAgain('trash.restore', { ids })).paths.sort(), ['/note', '/photos'])
  assert.equal(await read(again, '/photos/summer/a.jpg'), 'a')
  const after = await callAgain('files.stat', { path: '/photos/summer/a.jpg' })
  assert.deepEqual([after.modified, after.mode, after.content], [before.modified, before.mode, before.content])
  assert.deepEqual((await callAgain('trash.list', {})).items, [])
  await assert.rejects(callAgain('trash.restore', { ids }), { code: 'NOT_FOUND' })
})

test('all of a call goes to the trash, or nothing', async (t) => {
  const { node, call } = await begin(t)
  await write(node, '/a', 'a')
  for (const [path, code] of [
    ['/none', 'NOT_FOUND'],
    ['/', 'INPUT_INVALID'],
    ['/a/b', 'NOT_FOUND'],
    ['/.holt-hidden', 'NAME_INVALID'],
    ['/.holt-hidden/trash', 'NAME_INVALID'],
  ] as const)
    await assert.rejects(call('trash.put', { paths: ['/a', path] }), { code }, path)
  assert.deepEqual(await names(call, '/'), ['a'])
  assert.deepEqual((await call('trash.list', {})).items, [])
})

test('nothing is replaced unasked; what is replaced goes to the trash itself', async (t) => {
  const { node, call } = await begin(t)
  await call('files.mkdir', { path: '/d' })
  await write(node, '/d/a.txt', 'old')
  const { items } = await call('trash.put', { paths: ['/d/a.txt'] })
  const ids = items.map(({ id }) => id)
  await write(node, '/d/a.txt', 'new')
  await assert.rejects(call('trash.restore', { ids }), (error: { code: string; data: unknown }) => {
    assert.deepEqual([error.code, error.data], ['ALREADY_EXISTS', { paths: ['/d/a.txt'], count: 1 }])
    return true
  })
  assert.equal(await read(node, '/d/a.txt'), 'new')
  assert.deepEqual((await call('trash.restore', { ids, onConflict: 'keep-both' })).paths, ['/d/a (2).txt'])
  const second = await call('trash.put', { paths: ['/d/a (2).txt'] })
  await call('files.move', { from: '/d/a.txt', to: '/d/a (2).txt' })
  await call('trash.restore', { ids: second.items.map(({ id }) => id), onConflict: 'replace' })
  assert.equal(await read(node, '/d/a (2).txt'), 'old')
  const left = (await call('trash.list', {})).items
  assert.deepEqual(
    left.map(({ path }) => path),
    ['/d/a (2).txt'],
  )
  await call('trash.restore', { ids: left.map(({ id }) => id), into: '/elsewhere/deep' })
  assert.equal(await read(node, '/elsewhere/deep/a (2).txt'), 'new')
})

test('a folder that went too is made again; where a file stands in the way nothing happens', async (t) => {
  const { node, call } = await begin(t)
  await call('files.mkdir', { path: '/x/y', parents: true })
  await write(node, '/x/y/a', 'a')
  const first = await call('trash.put', { paths: ['/x/y/a'] })
  const second = await call('trash.put', { paths: ['/x'] })
  await write(node, '/x', 'in the way')
  const ids = first.items.map(({ id }) => id)
  await assert.rejects(call('trash.restore', { ids }), { code: 'NOT_A_DIRECTORY' })
  await call('files.remove', { paths: ['/x'] })
  await call('trash.restore', { ids: [...ids, ...second.items.map(({ id }) => id)] })
  assert.equal(await read(node, '/x/y/a'), 'a', 'the folder came first, then what was in it')
})

test('newest first, in pages; emptied by hand and by age', async (t) => {
  const { node, call } = await begin(t)
  for (const name of ['a', 'b', 'c']) {
    await write(node, `/${name}`, name)
    await call('trash.put', { paths: [`/${name}`] })
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  const first = await call('trash.list', { limit: 2 })
  assert.deepEqual([first.items.map(({ path }) => path), first.more], [['/c', '/b'], true])
  const rest = await call('trash.list', { after: first.items[1]?.id as string })
  assert.deepEqual([rest.items.map(({ path }) => path), rest.more], [['/a'], false])
  assert.deepEqual(await call('trash.empty', { ids: [first.items[0]?.id as string] }), { removed: 1 })
  assert.deepEqual(await call('trash.empty', { ids: [first.items[0]?.id as string] }), { removed: 0 })
  await assert.rejects(call('trash.empty', { ids: ['../../photos'] }), { code: 'INPUT_INVALID' })
  assert.deepEqual(await call('trash.empty', {}), { removed: 2 })
  assert.deepEqual((await call('trash.list', {})).items, [])
})

test('the round of collecting removes what has been there for too long, and only that', async (t) => {
  const { world, node, call } = await begin(t)
  const { trashDays, ...rules } = await call('retention.get', {})
  assert.equal(trashDays, 30)
  await write(node, '/old', 'o')
  await call('trash.put', { paths: ['/old'] })
  await call('store.collect', {})
  assert.equal((await call('trash.list', {})).items.length, 1)
  await call('retention.set', { ...rules, trashDays: 2 })

  const later = await world.start('data', { nowMs: () => Date.now() + 3 * 86_400_000 })
  const callLater = caller(later.control)
  assert.equal((await callLater('retention.get', {})).trashDays, 2)
  await write(later, '/young', 'y')
  await callLater('trash.put', { paths: ['/young'] })
  await callLater('store.collect', {})
  assert.deepEqual(
    (await callLater('trash.list', {})).items.map(({ path }) => path),
    ['/young'],
  )
})

test('a folder of 3,000 files goes and comes back in as many blocks as one of three', async (t) => {
  const { world, call } = await begin(t)
  const added: number[] = []
  for (const count of [3, 3000]) {
    mkdirSync(world.path(`local-${count}`))
    for (let i = 0; i < count; i++) writeFileSync(world.path(`local-${count}/file ${i}`), `${i}`)
    await call('files.importLocal', { locals: [world.path(`local-${count}`)], path: '/', place: 'into' })
    const { blocks } = (await call('node.status', {})).store
    const { items } = await call('trash.put', { paths: [`/local-${count}`] })
    await call('trash.restore', { ids: items.map(({ id }) => id) })
    added.push((await call('node.status', {})).store.blocks - blocks)
  }
  const [few, many] = added as [number, number]
  assert.ok(many <= few + 4, `${many} blocks after ${few}`)
  assert.equal((await call('files.list', { path: '/local-3000', limit: 10000 })).entries.length, 3000)
})

test('older versions go on showing what was removed, without the hidden area', async (t) => {
  const { node, call } = await begin(t)
  await write(node, '/a', 'a')
  const { sequence } = await call('node.status', {})
  await call('trash.put', { paths: ['/a'] })
  assert.deepEqual(
    (await call('files.list', { path: '/', at: sequence })).entries.map(({ name }) => name),
    ['a'],
  )
  const [gone, there] = (await call('files.versions', { path: '/a' })).versions
  assert.deepEqual([gone?.entry, there?.entry?.name], [null, 'a'])
  await call('files.restore', { path: '/a', at: sequence })
  assert.equal(await read(node, '/a'), 'a')
})

test('the hidden area cannot be seen or changed by any path', async (t) => {
  const { world, node, call } = await begin(t)
  await write(node, '/a', 'a')
  await write(node, '/z', 'z')
  await call('trash.put', { paths: ['/a'] })
  assert.deepEqual(await names(call, '/'), ['z'])
  assert.deepEqual(await call('files.list', { path: '/', limit: 1 }).then(({ entries }) => entries.map(({ name }) => name)), ['z'])
  const hidden = '/.holt-hidden'
  for (const path of [hidden, `${hidden}/trash`]) {
    await assert.rejects(call('files.list', { path }), { code: 'NOT_FOUND' })
    await assert.rejects(call('files.stat', { path }), { code: 'NOT_FOUND' })
    await assert.rejects(call('files.mkdir', { path: `${path}/x`, parents: true }), { code: 'NAME_INVALID' })
    await assert.rejects(call('files.move', { from: path, to: '/seen' }), { code: 'NAME_INVALID' })
    await assert.rejects(call('files.move', { from: '/z', to: `${path}/x` }), { code: 'NAME_INVALID' })
    await assert.rejects(call('files.remove', { paths: [path], recursive: true }), { code: 'NAME_INVALID' })
    await assert.rejects(call('files.setClass', { path, redundancyClass: null }), { code: 'NAME_INVALID' })
    await assert.rejects(node.files.read(path), { code: 'NOT_FOUND' })
  }
  await assert.rejects(write(node, hidden, 'x'), { code: 'NAME_INVALID' })
  mkdirSync(world.path('.holt-hidden'))
  writeFileSync(world.path('.holt-hidden/x'), 'x')
  await assert.rejects(call('files.importLocal', { locals: [world.path('.holt-hidden')], path: '/', place: 'into' }), {
    code: 'NAME_INVALID',
  })
  await call('files.exportLocal', { path: '/', local: world.path('out') })
  assert.deepEqual(readdirSync(world.path('out')), ['z'])
  assert.equal((await call('trash.list', {})).items.length, 1)
})
