import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { GivenFolderInfo, TakenFolderInfo } from '@holt/control/folders.ts'
import { bodyOf, textOf } from '../node-world.ts'
import { startLanNode, until, worldFolder } from './lan-world.ts'

async function startNode(t: TestContext, folder: string, name: string) {
  const { node, call } = await startLanNode(t, folder, name)
  const { signal } = new AbortController()
  const write = (path: string, text: string) => node.files.write(path, bodyOf(text), { signal, replace: true })
  const read = async (path: string) => textOf((await node.files.read(path, { signal })).body)
  return { call, write, read }
}

type TestNode = Awaited<ReturnType<typeof startNode>>

const has = (node: TestNode, path: string, text: string) =>
  until(`${path} with ${text}`, async () => ((await node.read(path).catch(() => null)) === text ? true : null))
const taken = (node: TestNode, isSo: (folder: TakenFolderInfo) => boolean) =>
  until('a folder of a friend', async () => (await node.call('folders.list', {})).taken.find(isSo) ?? null)
const given = (node: TestNode, isSo: (folder: GivenFolderInfo) => boolean) =>
  until('a shared folder', async () => (await node.call('folders.list', {})).given.find(isSo) ?? null)

/** Two owners, each with a node, who are friends. */
async function friends(t: TestContext) {
  const folder = worldFolder(t)
  const anna = await startNode(t, folder, 'anna')
  const ben = await startNode(t, folder, 'ben')
  const { code } = await anna.call('peers.showCode', { relation: 'friend', name: 'Anna' })
  const at = (await anna.call('peers.list', {})).addresses
  await ben.call('peers.pair', { code, relation: 'friend', name: 'Ben', at })
  const friend = (await ben.call('node.status', {})).principal as string
  return { anna, ben, friend }
}

test('two people share a folder: taken, asked for, approved with path and time, written by both, revoked', async (t) => {
  const { anna, ben, friend } = await friends(t)
  await anna.call('files.mkdir', { path: '/photos/june', parents: true })
  await anna.write('/photos/one', 'first')
  await anna.write('/photos/large', 'x'.repeat(3 << 20))
  await anna.write('/diary', 'secret')
  const { id, readers } = await anna.call('folders.share', { path: '/photos', friend })
  assert.deepEqual(
    readers.map(({ name }) => name),
    ['Ben'],
  )
  const offer = await taken(ben, ({ state }) => state === 'offered')
  assert.deepEqual([offer.id, offer.label, offer.name, offer.path], [id, 'photos', 'Anna', null])
  await ben.call('folders.accept', { id })
  await has(ben, '/shared/Anna/photos/one', 'first')
  await has(ben, '/shared/Anna/photos/large', 'x'.repeat(3 << 20))
  await anna.write('/photos/one', 'second')
  await has(ben, '/shared/Anna/photos/one', 'second')
  await assert.rejects(ben.write('/shared/Anna/photos/june/mine', 'x'), { code: 'NOT_AUTHORIZED' })

  await ben.call('folders.ask', { id, path: '/', note: 'I have more' })
  const { requests } = await given(anna, (one) => one.requests.length === 1)
  assert.deepEqual([requests[0]?.name, requests[0]?.path, requests[0]?.note], ['Ben', '/', 'I have more'])
  const expires = Math.floor(Date.now() / 1000) + 3600
  await anna.call('folders.approve', { id, request: requests[0]?.id as string, path: '/june', expires, depth: 1 })
  const writable = await taken(ben, (one) => one.writable.length > 0)
  assert.deepEqual([writable.writable, writable.writeEnds, writable.handOn], [['/june'], expires, 1])
  await ben.write('/shared/Anna/photos/june/of-ben', 'hello')
  await has(anna, '/photos/june/of-ben', 'hello')
  await assert.rejects(ben.write('/shared/Anna/photos/beside', 'x'), { code: 'NOT_AUTHORIZED' })
  await anna.write('/photos/june/of-anna', 'hello too')
  await has(ben, '/shared/Anna/photos/june/of-anna', 'hello too')
  for (const node of [anna, ben]) await node.call('store.collect', {})
  await ben.write('/shared/Anna/photos/june/of-ben', 'hello again')
  await has(anna, '/photos/june/of-ben', 'hello again')
  for (const node of [anna, ben]) {
    await node.call('peers.set', { on: false })
    await node.call('peers.set', { on: true })
  }
  await anna.write('/photos/june/of-anna', 'after a rest')
  await has(ben, '/shared/Anna/photos/june/of-anna', 'after a rest')

  const { grants } = await given(anna, (one) => one.grants.length === 1)
  assert.deepEqual([grants[0]?.friend, grants[0]?.path, grants[0]?.depth], [friend, '/june', 1])
  await anna.call('folders.revoke', { id, grant: grants[0]?.id as string })
  await taken(ben, ({ lost }) => lost === 'CAP_REVOKED')
  await assert.rejects(ben.write('/shared/Anna/photos/june/late', 'x'), { code: 'CAP_REVOKED' })

  await anna.call('folders.unshare', { id, friend })
  await taken(ben, ({ state }) => state === 'ended')
  await anna.write('/photos/after', 'not for Ben')
  await ben.write('/shared/Anna/photos/own', 'it is his now')
  assert.deepEqual((await anna.call('folders.list', {})).given, [])
  for (const [node, path] of [
    [ben, '/shared/Anna/photos/after'],
    [anna, '/photos/own'],
    [ben, '/diary'],
  ] as const)
    await assert.rejects(node.read(path), { code: 'NOT_FOUND' })
})

test('what others share, what is in it, and what is shared already cannot be shared; a request is not made twice', async (t) => {
  const { anna, ben, friend } = await friends(t)
  await anna.call('files.mkdir', { path: '/photos/june', parents: true })
  await anna.write('/file', 'x')
  const { id } = await anna.call('folders.share', { path: '/photos', friend })
  for (const [path, code] of [
    ['/photos/june', 'CONFLICT'],
    ['/', 'INPUT_INVALID'],
    ['/nowhere', 'NOT_FOUND'],
    ['/file', 'NOT_A_DIRECTORY'],
    ['/.holt-hidden/folders', 'NAME_INVALID'],
  ] as const)
    await assert.rejects(anna.call('folders.share', { path, friend }), { code }, path)
  const stranger = (await anna.call('node.status', {})).principal as string
  await assert.rejects(anna.call('folders.share', { path: '/photos', friend: stranger }), { code: 'NOT_FOUND' })
  await taken(ben, ({ state }) => state === 'offered')
  await ben.call('folders.accept', { id })
  await taken(ben, ({ state }) => state === 'here')
  for (const path of ['/shared', '/shared/Anna/photos', '/shared/Anna/photos/june'])
    await assert.rejects(ben.call('folders.share', { path, friend: stranger }), { code: 'NOT_AUTHORIZED' })
  await ben.call('folders.ask', { id, path: '/june' })
  await ben.call('folders.ask', { id, path: '/june' })
  for (const path of ['/a', '/b', '/c']) await ben.call('folders.ask', { id, path })
  await assert.rejects(ben.call('folders.ask', { id, path: '/d' }), { code: 'TOO_MANY_TRIES' })
  const { requests } = await given(anna, (one) => one.requests.length > 0)
  assert.deepEqual(
    requests.map(({ path }) => path),
    ['/june', '/a', '/b', '/c'],
  )
  await anna.call('folders.refuse', { id, request: requests[0]?.id as string })
  await assert.rejects(ben.call('folders.ask', { id, path: '/june' }), { code: 'TOO_MANY_TRIES' })
  await taken(ben, ({ asked }) => asked.some((one) => one.path === '/june' && one.refused))
  await ben.call('folders.leave', { id })
  await until('nobody reads it', async () => ((await anna.call('folders.list', {})).given.length === 0 ? true : null))
  await ben.write('/shared/Anna/photos/own', 'it is his now')
})
