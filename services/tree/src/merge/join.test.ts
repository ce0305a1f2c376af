import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cid } from '@holt/core/cid.ts'
import { parseHead } from '../caps/head.ts'
import { pathVersions } from '../path-versions.ts'
import type { TreeVolume } from '../tree-volume.ts'
import { TreeWorld } from '../tree-world.ts'
import type { Volume } from '../types.ts'
import type { JoinPlan } from './join.ts'

/** Two nodes of one owner over one store: what each commits the other can read, and takes in when told. */
async function twoNodes() {
  const world = new TreeWorld()
  const a = await world.create()
  await world.put(a, '/kept', 'kept')
  await world.put(a, '/both', 'base')
  await world.put(a, '/gone', 'gone')
  await a.edit(async (edit) => {
    await edit.makeDirectory('/dir/deep', { parents: true })
    await edit.makeDirectory('/other')
  })
  await world.put(a, '/dir/deep/one', '1')
  await world.put(a, '/dir/deep/two', '2')
  const b = await world.reopen({ head: headOf(a) })
  return { world, a, b, base: rootOf(a) }
}

const headOf = (volume: TreeVolume): Uint8Array => volume.head as Uint8Array
const rootOf = (volume: TreeVolume): Cid => parseHead(headOf(volume)).root

async function textAt(volume: Volume, path: string): Promise<string | null> {
  const entry = await volume.current().stat(path)
  return entry === null ? null : entry.t === 'd' ? '(directory)' : (await volume.current().openFile(path)).text()
}

const join = (to: TreeVolume, from: TreeVolume, plan: Omit<JoinPlan, 'head'>) => to.join(async () => ({ head: headOf(from), ...plan }))

/** All files and directories, with what is in them. */
async function shapeOf(volume: Volume, path = '/'): Promise<string[]> {
  const lines: string[] = []
  for (const { name, entry } of (await volume.current().list(path)).entries) {
    const at = `${path === '/' ? '' : path}/${name}`
    lines.push(`${at} ${entry.t === 'f' ? await textAt(volume, at) : entry.t}`)
    if (entry.t === 'd') lines.push(...(await shapeOf(volume, at)))
  }
  return lines
}

test('a version that only goes on is adopted as it is, and its changes are told', async () => {
  const { world, a, b } = await twoNodes()
  await world.put(b, '/dir/new', 'new')
  await b.edit((edit) => edit.remove('/gone'))
  const told: string[] = []
  a.watch(({ changes }) => told.push(...changes.map(({ path, kind }) => `${kind} ${path}`)))
  const { how, head } = await join(a, b, { how: 'adopt' })
  assert.equal(how, 'adopted')
  assert.deepEqual(head, headOf(b))
  assert.deepEqual(await shapeOf(a), await shapeOf(b))
  assert.deepEqual(told.sort(), ['created /dir/new', 'removed /gone'])
  await world.put(a, '/after', 'after')
  assert.equal(await textAt(await world.reopen(), '/after'), 'after', 'it is what the store begins with')
})

test('both sides changed other names: all changes stand, on both alike', async () => {
  const { world, a, b, base } = await twoNodes()
  await world.put(a, '/dir/deep/one', 'of a')
  await a.edit((edit) => edit.remove('/gone'))
  await world.put(b, '/dir/deep/two', 'of b')
  await world.put(b, '/other/new', 'of b')
  const [headA, headB] = [headOf(a), headOf(b)]
  const merge = (volume: TreeVolume, head: Uint8Array) => volume.join(async () => ({ head, how: 'merge', bases: [base], wins: 'ours' }))
  for (const joined of [await merge(a, headB), await merge(b, headA)]) assert.deepEqual([joined.how, joined.conflicts], ['merged', []])
  const expected = [
    '/both base',
    '/dir d',
    '/dir/deep d',
    '/dir/deep/one of a',
    '/dir/deep/two of b',
    '/kept kept',
    '/other d',
    '/other/new of b',
  ]
  assert.deepEqual(await shapeOf(a), expected)
  assert.deepEqual(await shapeOf(b), expected)
})

test('both changed one file: one stands, the other is among its versions and is told', async () => {
  for (const wins of ['ours', 'theirs'] as const) {
    const { world, a, b, base } = await twoNodes()
    await world.put(a, '/both', 'of a')
    await world.put(b, '/both', 'of b, first')
    await world.put(b, '/both', 'of b')
    const { conflicts } = await join(a, b, { how: 'merge', bases: [base], wins })
    assert.deepEqual(conflicts, [{ path: '/both', stands: wins }])
    assert.equal(await textAt(a, '/both'), wins === 'ours' ? 'of a' : 'of b')
    const texts: (string | null)[] = []
    for (const { sequence } of await pathVersions(a, '/both')) texts.push(await (await (await a.at(sequence)).openFile('/both')).text())
    for (const text of ['base', 'of a', 'of b, first', 'of b']) assert.ok(texts.includes(text), `${text} is in ${texts.join()}`)
  }
})

test('what was changed outlives that it was taken away, and takes nothing else with it', async () => {
  const { world, a, b, base } = await twoNodes()
  await a.edit((edit) => edit.remove('/dir', { recursive: true }))
  await a.edit((edit) => edit.remove('/both'))
  await world.put(b, '/dir/deep/one', 'changed')
  await world.put(b, '/both', 'changed')
  const [headA, headB] = [headOf(a), headOf(b)]
  const one = await a.join(async () => ({ head: headB, how: 'merge', bases: [base], wins: 'ours' }))
  const other = await b.join(async () => ({ head: headA, how: 'merge', bases: [base], wins: 'ours' }))
  const expected = ['/both changed', '/dir d', '/dir/deep d', '/dir/deep/one changed', '/gone gone', '/kept kept', '/other d']
  assert.deepEqual(await shapeOf(a), expected)
  assert.deepEqual(await shapeOf(b), expected)
  const paths = ['/both', '/dir', '/dir/deep', '/dir/deep/one']
  assert.deepEqual(
    one.conflicts.map(({ path, stands }) => `${path} ${stands}`).sort(),
    paths.map((path) => `${path} theirs`),
  )
  assert.deepEqual(
    other.conflicts.map(({ path, stands }) => `${path} ${stands}`).sort(),
    paths.map((path) => `${path} ours`),
  )
})

test('a directory that one side took away unchanged is gone, also when the other touched only its time', async () => {
  const { a, b, base } = await twoNodes()
  await a.edit((edit) => edit.remove('/dir', { recursive: true }))
  await b.edit((edit) => edit.setAttributes('/dir', { mt: [77, 0] }))
  await b.edit((edit) => edit.makeDirectory('/more'))
  await join(a, b, { how: 'merge', bases: [base] })
  assert.deepEqual(
    (await shapeOf(a)).filter((line) => line.startsWith('/dir')),
    [],
  )
})

test('without a version in common nothing counts as taken away', async () => {
  const { world, a, b } = await twoNodes()
  await a.edit((edit) => edit.remove('/gone'))
  await world.put(b, '/new', 'new')
  await join(a, b, { how: 'merge', bases: [], wins: 'ours' })
  assert.deepEqual([await textAt(a, '/gone'), await textAt(a, '/new')], ['gone', 'new'])
})

test('what both began with is found in their histories, also where one took the other in before', async () => {
  const { world, a, b } = await twoNodes()
  await a.edit((edit) => edit.remove('/gone'))
  await world.put(b, '/new', 'new')
  await join(a, b, { how: 'merge', bases: 'histories', wins: 'ours' })
  assert.deepEqual([await textAt(a, '/gone'), await textAt(a, '/new')], [null, 'new'])
  // b knows nothing of that, and goes on; what a took away of b's stays away
  await a.edit((edit) => edit.remove('/new'))
  await world.put(b, '/newer', 'newer')
  const { conflicts } = await join(a, b, { how: 'merge', bases: 'histories', wins: 'ours' })
  assert.deepEqual([await textAt(a, '/new'), await textAt(a, '/newer'), conflicts.length], [null, 'newer', 0])
})

test('what a version had taken in does not hide what was committed before it', async () => {
  const { world, a, b, base } = await twoNodes()
  await world.put(a, '/of-a', '1')
  await world.put(b, '/both', 'of b, first')
  const common = rootOf(a)
  await join(b, a, { how: 'merge', bases: [base], wins: 'ours' })
  await world.put(b, '/both', 'of b')
  await world.put(a, '/of-a', '2')
  await join(a, b, { how: 'merge', bases: [common], wins: 'ours' })
  const texts: (string | null)[] = []
  for (const { sequence } of await pathVersions(a, '/both')) texts.push(await (await (await a.at(sequence)).openFile('/both')).text())
  assert.ok(texts.includes('of b, first'), texts.join())
})

test('a file where the other side has a directory: one stands, told', async () => {
  const { world, a, b, base } = await twoNodes()
  await world.put(a, '/x', 'file')
  await b.edit((edit) => edit.makeDirectory('/x/y', { parents: true }))
  const { conflicts } = await join(a, b, { how: 'merge', bases: [base], wins: 'theirs' })
  assert.deepEqual(conflicts, [{ path: '/x', stands: 'theirs' }])
  assert.equal(await textAt(a, '/x/y'), '(directory)')
})

test('readers who were shut out on one side stay so', async () => {
  const { world, a, b, base } = await twoNodes()
  await a.revokeReaders('/dir')
  await world.put(b, '/dir/deep/one', 'of b')
  await join(b, a, { how: 'merge', bases: [base] })
  const entry = await b.current().stat('/dir')
  assert.equal(entry?.t === 'd' && entry.k.length, 2)
  await world.put(b, '/dir/deep/three', '3')
  const deep = await b.current().stat('/dir/deep')
  assert.equal(deep?.t === 'd' && deep.k.length, 2)
})

test('a number that was used here is not used again: what came is taken under a higher one', async () => {
  const { world, a, b } = await twoNodes()
  await world.put(a, '/of-a', '1')
  await world.put(b, '/of-b', '1')
  const { how, head } = await join(a, b, { how: 'adopt' })
  assert.equal(how, 'merged')
  assert.ok(parseHead(head).seq > parseHead(headOf(b)).seq)
  assert.deepEqual(await shapeOf(a), await shapeOf(b))
})

test('a head of somebody else or of another volume changes nothing', async () => {
  const { a } = await twoNodes()
  const stranger = await new TreeWorld().create()
  const before = headOf(a)
  await assert.rejects(join(a, stranger, { how: 'adopt' }), { code: 'MALFORMED' })
  await assert.rejects(a.join(async () => ({ head: before.map((byte, i) => (i === before.length - 5 ? byte ^ 1 : byte)), how: 'merge' })))
  assert.deepEqual(headOf(a), before)
})

test('edits that come while a version is taken in are made on top of it', async () => {
  const { world, a, b } = await twoNodes()
  await world.put(b, '/new', 'new')
  const edits = Array.from({ length: 5 }, (_, i) => world.put(a, `/edit${i}`, String(i)))
  await join(a, b, { how: 'merge', bases: [], wins: 'ours' })
  await Promise.all(edits)
  const names = (await a.current().list('/')).entries.map(({ name }) => name)
  for (const name of ['new', 'edit0', 'edit1', 'edit2', 'edit3', 'edit4']) assert.ok(names.includes(name))
})
