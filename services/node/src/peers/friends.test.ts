import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bodyOf } from '../node-world.ts'
import { digestOf, startLanNode, until, worldFolder } from './lan-world.ts'

/** More than a pack, so that one is sealed and spread. */
const FILE_BYTES = 66 << 20

test('what a drive has lost is read from a friend, and comes back to it; nothing is given before the owner says so', async (t) => {
  const folder = worldFolder(t)
  const anna = await startLanNode(t, folder, 'anna')
  const ben = await startLanNode(t, folder, 'ben')
  const { code } = await anna.call('peers.showCode', { relation: 'friend', name: 'Anna' })
  const at = (await anna.call('peers.list', {})).addresses
  const { relation } = await ben.call('peers.pair', { code, relation: 'friend', name: 'Ben', at })
  const id = relation?.id as string
  assert.equal(relation?.share?.give, false)

  const bytes = randomBytes(FILE_BYTES)
  const { signal } = new AbortController()
  await anna.node.files.write('/film', bodyOf(bytes), { signal })
  await anna.call('store.settle', {})
  const pack = (await anna.call('packs.list', {})).packs.find(({ state }) => state === 'spread')
  assert.ok(pack)
  assert.deepEqual((await anna.call('packs.show', { id: pack.id })).friends, [])

  const shareOf = async ({ call }: typeof anna) => (await call('peers.list', {})).peers[0]?.relation?.share
  await until('a fragment at the friend', async () => {
    await anna.call('peers.share', { id, give: true, mostBytes: null })
    const { friends = [] } = await anna.call('packs.show', { id: pack.id })
    return friends.some(({ state }) => state === 'good') || null
  })
  const { mine, theirs } = await until('all of them, and both say so', async () => {
    const [given, held] = await Promise.all([shareOf(anna), shareOf(ben)])
    const isAll = given && held && given.givenBytes >= pack.sizeBytes && given.givenBytes === held.heldBytes
    return isAll ? { mine: given, theirs: held } : null
  })
  await until('a proof', async () => ((await anna.call('peers.list', {})).peers[0]?.score?.proofs ?? 0) >= 1 || null)
  assert.deepEqual([theirs.give, theirs.givenBytes], [false, 0])

  const [friend] = (await anna.call('peers.list', {})).peers
  assert.ok(friend?.score && friend.score.proofs >= 1 && friend.score.faults === 0 && friend.score.latencyMs !== null)
  assert.ok(friend.score.trust > 0 && friend.score.trust < 60, 'it is known for minutes only')
  await anna.call('peers.place', { of: friend.relation?.owner as string, place: ' Mill ' })
  assert.equal((await anna.call('peers.list', {})).peers[0]?.place, 'Mill')
  const elsewhere = await anna.call('peers.outlook', {})
  assert.deepEqual([elsewhere.friends, elsewhere.circles, elsewhere.settled], [1, 1, false])
  const standard = elsewhere.classes.find(({ redundancyClass }) => redundancyClass === 'standard')
  assert.ok(
    standard && (standard.lossPerYear as number) < 0.05 && (standard.lossPerYear as number) > 0.01,
    'half a friend, known for minutes',
  )
  await anna.call('peers.place', { of: null, place: 'mill' })
  const here = await anna.call('peers.outlook', {})
  assert.deepEqual([here.friends, here.circles], [1, 0], 'who lives here burns, too')
  assert.equal(
    (await anna.call('peers.wish', { redundancyClass: 'standard', nines: 1 })).classes.find((one) => one.redundancyClass === 'standard')
      ?.moreFriends,
    0,
  )
  assert.equal((await anna.call('peers.repair', { goneAfterSeconds: 86_400 })).goneAfterSeconds, 86_400)
  await assert.rejects(anna.call('peers.place', { of: null, place: '\u0007' }), { code: 'INPUT_INVALID' })
  await assert.rejects(anna.call('peers.place', { of: 'nobody', place: 'x' }), { code: 'MALFORMED' })

  const fragments = join(folder, 'anna-drive', 'fragments', pack.id.slice(0, 2))
  for (const name of readdirSync(fragments)) rmSync(join(fragments, name))
  const read = async () => digestOf((await anna.node.files.read('/film', { signal })).body)
  assert.equal(await read(), createHash('sha256').update(bytes).digest('hex'))
  await until('the pack on the drive again', async () => {
    const { fragments } = await anna.call('packs.show', { id: pack.id })
    return fragments.every(({ state }) => state === 'good') && fragments.length > 0 ? fragments : null
  })
  await anna.call('peers.set', { on: false })
  assert.equal(await read(), createHash('sha256').update(bytes).digest('hex'), 'without the friend, too')

  await assert.rejects(ben.call('peers.share', { id: 'ab'.repeat(16), give: true, mostBytes: null }), { code: 'NOT_FOUND' })
  await ben.call('peers.share', { id, give: false, mostBytes: 0 })
  assert.equal((await ben.call('peers.list', {})).peers[0]?.relation?.share?.heldBytes, mine.givenBytes, 'what was agreed on stays')
})
