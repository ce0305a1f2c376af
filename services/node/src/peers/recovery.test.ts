import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bodyOf, textOf } from '../node-world.ts'
import { digestOf, type LanNode, newLanNode, startLanNode, until, worldFolder } from './lan-world.ts'

/** More than a pack, so that one is sealed and spread. */
const FILE_BYTES = 66 << 20

test('a node that has nothing but the words and the address of one friend has everything again, and soon on its own drive', async (t) => {
  const folder = worldFolder(t)
  const { signal } = new AbortController()
  const begun = (name: string) => startLanNode(t, folder, name)
  const [anna, ben, cleo] = [await begun('anna'), await begun('ben'), await begun('cleo')]
  for (const [name, friend] of [
    ['Ben', ben],
    ['Cleo', cleo],
  ] as const) {
    const { code } = await friend.call('peers.showCode', { relation: 'friend', name })
    const at = (await friend.call('peers.list', {})).addresses
    const { relation } = await anna.call('peers.pair', { code, relation: 'friend', name: 'Anna', at })
    await anna.call('peers.share', { id: relation?.id as string, give: true, mostBytes: null })
  }
  const film = randomBytes(FILE_BYTES)
  await anna.node.files.write('/film', bodyOf(film), { signal })
  await anna.call('store.settle', {})
  const [pack] = (await anna.call('packs.list', {})).packs.filter(({ state }) => state === 'spread')
  assert.ok(pack)
  await until('the pack with friends', async () => {
    const { friends = [] } = await anna.call('packs.show', { id: pack.id })
    return friends.some(({ state }) => state === 'good')
  })
  await anna.node.files.write('/note', bodyOf('written last'), { signal })
  const writtenSeconds = Math.floor(Date.now() / 1000)
  await until('the newest state with both friends', async () => {
    const { peers } = await anna.call('peers.list', {})
    const times = peers.map(({ relation }) => relation?.share?.newest ?? 0)
    return times.length === 2 && times.every((time) => time > writtenSeconds)
  })

  await anna.close()
  for (const name of ['anna', 'anna-drive']) rmSync(join(folder, name), { recursive: true })
  const again = await newLanNode(t, join(folder, 'again'))
  const [friend] = (await ben.call('peers.list', {})).addresses
  const drives = [join(folder, 'new-1'), join(folder, 'new-2')]
  await cleo.close()
  const found = await again.call('node.recover', { words: anna.words, friends: [friend as string], drives })
  assert.deepEqual({ ...found.friends, packs: 0 }, { friends: 1, late: 1, packs: 0, copies: found.friends?.copies, behind: false })
  assert.equal(found.lostPacks, 0)
  assert.equal(await textOf((await again.node.files.read('/note', { signal })).body), 'written last')
  const digest = createHash('sha256').update(film).digest('hex')
  assert.equal(await digestOf((await again.node.files.read('/film', { signal })).body), digest)

  await until('all of it on the new drives', async () => {
    const { store } = await again.call('node.status', {})
    return store?.degradedPacks === 0 && store.lostPacks === 0
  })
  assert.ok(existsSync(join(folder, 'again', 'late-friends')))
  const cleoAgain = await newLanNode(t, join(folder, 'cleo'))
  await until('what the friend has who was away', async () => !existsSync(join(folder, 'again', 'late-friends')))
  for (const other of [ben, cleoAgain]) await other.close()
  assert.equal(await digestOf((await again.node.files.read('/film', { signal })).body), digest)
})

test('what two nodes of one house had apart from each other when it burned is there again, all of it', async (t) => {
  const folder = worldFolder(t)
  const { signal } = new AbortController()
  const [box, ben] = [await startLanNode(t, folder, 'box'), await startLanNode(t, folder, 'ben')]
  const laptop = await startLanNode(t, folder, 'laptop', async (call, drives) => {
    await call('node.init', { drives, words: box.words })
    return box.words
  })
  const pair = async (one: LanNode, other: LanNode, relation: 'mine' | 'friend') => {
    const { code } = await other.call('peers.showCode', { relation, name: 'Other' })
    const at = (await other.call('peers.list', {})).addresses
    return (await one.call('peers.pair', { code, relation, name: 'One', at })).relation
  }
  const has = (node: LanNode, path: string) =>
    until(path, () =>
      node.node.files.read(path, { signal }).then(
        ({ body }) => textOf(body),
        () => null,
      ),
    )
  const write = (node: LanNode, path: string, text: string) => node.node.files.write(path, bodyOf(text), { signal, replace: true })
  const givenAll = (node: LanNode) => {
    const sinceSeconds = Math.floor(Date.now() / 1000)
    return until('the newest state with Ben', async () => {
      const { peers } = await node.call('peers.list', {})
      return peers.some(({ relation }) => (relation?.share?.newest ?? 0) > sinceSeconds)
    })
  }
  const friend = await pair(box, ben, 'friend')
  await box.call('peers.share', { id: friend?.id as string, give: true, mostBytes: null })
  await pair(laptop, box, 'mine')
  await write(box, '/both', 'before')
  await has(laptop, '/both')
  await write(laptop, '/of-laptop-first', 'x')
  await has(box, '/of-laptop-first')
  const withBen = await pair(laptop, ben, 'friend')
  await laptop.call('peers.share', { id: withBen?.id as string, give: true, mostBytes: null })

  // one is away while the other writes, and the reverse
  await box.close()
  await write(laptop, '/of-laptop', 'alone')
  await givenAll(laptop)
  await laptop.close()
  const boxAgain = await newLanNode(t, join(folder, 'box'))
  await until('a node among others', async () => (await boxAgain.call('peers.list', {})).running)
  for (let i = 0; i < 5; i++) await write(boxAgain, '/of-box', `alone ${i}`)
  await givenAll(boxAgain)
  await boxAgain.close()

  const again = await newLanNode(t, join(folder, 'again'))
  const [friendAt] = (await ben.call('peers.list', {})).addresses
  const found = await again.call('node.recover', { words: box.words, friends: [friendAt as string], drives: [join(folder, 'new')] })
  assert.equal(found.friends?.behind, false)
  assert.equal(await has(again, '/of-box'), 'alone 4')
  assert.equal(await has(again, '/of-laptop'), 'alone')
  assert.equal(await has(again, '/both'), 'before')
})
