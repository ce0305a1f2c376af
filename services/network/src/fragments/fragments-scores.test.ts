import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { intactnessOf } from '../scores/score.ts'
import { ScoreBook } from '../scores/score-book.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { FragmentsGiver } from './fragments-giver.ts'
import { FriendReading } from './friend-reading.ts'

/** Anna with a book of scores, and Ben. */
async function scored() {
  const friends = await Friends.meet()
  const { clock, network } = friends.world
  const nodes = () => [{ node: friends.friend.node }]
  const scores = await ScoreBook.open({ disk: new MemoryDisk(), clock, nodes, isOnline: () => true, warn: (text) => assert.fail(text) })
  const { crypto, anna, book } = friends
  friends.giver = new FragmentsGiver({
    crypto,
    clock,
    owner: anna.owner,
    book,
    proved: ({ node }, isGiven) => scores.proved(node, isGiven),
  })
  const links = network.node(anna.node.publicKey)
  const reading = new FriendReading({ links, clock, book, giver: friends.giver, isGone: () => false })
  const score = () => scores.get(friends.friend.node)
  return { friends, reading, score }
}

test('what a friend proves counts for it: after each upload, and when it is tried out', async () => {
  const { friends, score } = await scored()
  const given = await friends.give(friends.makePack())
  const once = score()
  assert.deepEqual([once?.proven, once?.failed], [1000, 0])
  await friends.ask((ask) => friends.giver.audit(ask, given))
  assert.equal(score()?.proven, 2000)
  await friends.ask((ask) => friends.giver.read(ask, given, { column: 0, length: 1000 }))
  assert.equal(score()?.proven, 2000, 'who is read much is not trusted more by that')
})

test('a friend that sends a wrong fragment loses score, is not believed, and the pack is read from another', async () => {
  const { friends, reading, score } = await scored()
  const pack = friends.makePack(300_000, 1, 2)
  const { spread, shards } = pack
  const given = await friends.give(pack, 0)
  await friends.give(pack, 1)
  const before = intactnessOf(score() as never)
  const honest = friends.holder.handlers()
  await friends.startHolder({
    read: async (peer, wanted, options) => {
      const answer = await honest.read(peer, wanted, options)
      const isFirst = equalBytes(wanted.fragment, given.agreement.fragment)
      return isFirst ? { ...answer, bytes: answer.bytes.map((byte) => byte ^ 1) } : answer
    },
  })
  const { clock } = friends.world
  assert.equal(await clock.until(reading.read(spread, 0, 0, 1000)), null)
  assert.equal(score()?.failed, 1000)
  assert.ok(intactnessOf(score() as never) < before / 2)
  assert.deepEqual(reading.indices(spread), [1], 'it is not asked for that again')
  await clock.pass(2 * 60_000)
  assert.deepEqual(await clock.until(reading.read(spread, 1, 0, 1000)), (shards[1] as Uint8Array).slice(0, 1000))
  await assert.rejects(
    friends.ask((ask) => friends.giver.audit(ask, given)),
    (error) => isHoltError(error, 'BLOCK_CORRUPT'),
  )
  assert.equal(score()?.failed, 2000)
  reading.stop()
})

test('a friend that cannot be reached is not at fault for what it keeps', async () => {
  const { friends, score } = await scored()
  const given = await friends.give(friends.makePack())
  friends.world.network.cut(friends.anna.node.publicKey, friends.friend.node)
  await assert.rejects(friends.ask((ask) => friends.giver.audit(ask, given)))
  assert.equal(score()?.failed, 0)
})
