import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { fragmentNameOf, signAgreement } from './agreement.ts'
import { FriendReading } from './friend-reading.ts'
import type { FragmentsGiver, Friend } from './fragments-giver.ts'
import type { Given } from './given-book.ts'

type Read = FragmentsGiver['read']

/** A pack of which friends have these fragments; how each answers is said by name. */
async function world(holders: readonly { name: string; index: number }[], dataFragments: number) {
  const friends = await Friends.meet()
  const { clock } = friends.world
  const pack = friends.makePack(100_000, dataFragments, 4)
  const names = new Map<string, string>()
  const answers = new Map<string, Read>()
  const asked: string[] = []
  for (const { name, index } of holders) {
    const keyOf = (of: string) => friends.crypto.ed25519PublicKey(Buffer.from(of.padEnd(32, '.')).subarray(0, 32))
    const holder: Friend = { owner: keyOf(`owner ${name}`), node: keyOf(`node ${name}`) }
    const tail = pack.tails[index] as Uint8Array
    const made = Math.floor(clock.nowMs() / 1000)
    const about = {
      giver: friends.anna.owner.publicKey,
      holder,
      fragment: fragmentNameOf(tail),
      sizeBytes: pack.spread.shardBytes + tail.length,
    }
    const unsigned = { ...about, made, until: made + 1000 }
    const signatures = { giver: signAgreement(friends.crypto, unsigned, friends.anna.owner.seed), holder: new Uint8Array(64).fill(1) }
    await friends.book.write({ agreement: { ...unsigned, signatures }, tail, placed: true, release: null })
    names.set(Buffer.from(holder.node).toString('hex'), name)
    answers.set(name, async (_ask, given: Given, { column, length }) =>
      (pack.shards[given.index] as Uint8Array).slice(column, column + length),
    )
  }
  const giver = {
    read: ((ask, given, range) => {
      const name = names.get(Buffer.from(given.agreement.holder.node).toString('hex')) as string
      asked.push(name)
      return (answers.get(name) as Read)(ask, given, range)
    }) satisfies Read,
  }
  const links = friends.world.network.node(friends.anna.node.publicKey)
  const reading = new FriendReading({ links, clock, book: friends.book, giver, isGone: () => false })
  const read = async (index: number): Promise<boolean> => {
    const bytes = await clock.until(reading.read(pack.spread, index, 10, 50))
    if (bytes !== null) assert.ok(equalBytes(bytes, (pack.shards[index] as Uint8Array).subarray(10, 60)))
    return bytes !== null
  }
  return { clock, reading, answers, asked, pack, read }
}

test('who does not give, or only slowly, is passed over for a minute where others have enough', async () => {
  const { clock, answers, asked, read } = await world(
    [
      { name: 'bad', index: 0 },
      { name: 'good', index: 0 },
    ],
    1,
  )
  const well = answers.get('bad') as Read
  answers.set('bad', () => Promise.reject(new HoltError('TIMED_OUT', 'no answer')))
  for (let times = 0; times < 3; times++) assert.ok(await read(0))
  assert.deepEqual(asked, ['bad', 'good', 'good', 'good'])
  answers.set('bad', async (...wanted) => clock.sleep(6000).then(() => well(...wanted)))
  await clock.pass(61_000)
  for (let times = 0; times < 3; times++) assert.ok(await read(0))
  assert.deepEqual(asked.slice(4), ['bad', 'good', 'good'])
})

test('where nobody else has enough, who failed is asked again at once', async () => {
  const { answers, asked, read } = await world([{ name: 'only', index: 0 }], 1)
  const well = answers.get('only') as Read
  answers.set('only', () => Promise.reject(new HoltError('PEER_UNREACHABLE', 'away')))
  assert.equal(await read(0), false)
  answers.set('only', well)
  assert.equal(await read(0), true)
  assert.equal(await read(1), false)
  assert.deepEqual(asked, ['only', 'only'])
})

test('friends who have the same are read from at the same time', async () => {
  const { clock, answers, asked, reading, pack } = await world(
    [
      { name: 'ben', index: 0 },
      { name: 'cleo', index: 0 },
    ],
    1,
  )
  for (const [name, well] of answers) answers.set(name, async (...wanted) => clock.sleep(1000).then(() => well(...wanted)))
  await clock.until(Promise.all(Array.from({ length: 6 }, () => reading.read(pack.spread, 0, 0, 10))))
  assert.deepEqual(asked.sort(), ['ben', 'ben', 'ben', 'cleo', 'cleo', 'cleo'])
})
