import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { type MadePack, MemorySource } from '../testing/simulated-fragments.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { fragmentNameOf, signAgreement } from './agreement.ts'
import { USUAL_LOSSES } from './friend-fragments.ts'
import type { Friend } from './fragments-giver.ts'
import { FriendReading } from './friend-reading.ts'
import { FriendSpreading } from './friend-spreading.ts'
import { RepairPace } from './repair-pace.ts'

const unknownTraits = { trust: 0.4, intactness: 0.75, measuredMs: 0, isSeenLately: false, place: null, isHere: false, subnets: [] }

/** Anna's spreading, with Ben who answers and Cleo who has a fragment and does not. */
async function withCleo(dataFragments: number, totalFragments: number, { packs = 1, bytesPerSecond = 4 << 20 } = {}) {
  const friends = await Friends.meet()
  const pack = friends.makePack(200_000, dataFragments, totalFragments)
  const source = new MemorySource(friends.storage.publicKey)
  source.packs.push(pack, ...Array.from({ length: packs - 1 }, () => friends.makePack(200_000, dataFragments, totalFragments)))
  const cleo: Friend = { owner: friends.stranger.publicKey, node: friends.crypto.ed25519PublicKey(new Uint8Array(32).fill(9)) }
  const now = Math.floor(friends.world.clock.nowMs() / 1000)
  for (const { spread, tails } of source.packs) {
    const tail = tails[0] as Uint8Array
    const unsigned = {
      giver: friends.anna.owner.publicKey,
      holder: cleo,
      fragment: fragmentNameOf(tail),
      sizeBytes: spread.shardBytes + tail.length,
      made: now,
      until: now + 100 * 24 * 3600,
    }
    const signatures = {
      giver: signAgreement(friends.crypto, unsigned, friends.anna.owner.seed),
      holder: signAgreement(friends.crypto, unsigned, friends.stranger.seed),
    }
    await friends.book.write({ agreement: { ...unsigned, signatures }, tail, placed: true, release: null })
  }
  let isCleoGone = false
  const links = friends.world.network.node(friends.anna.node.publicKey)
  const shared = { links, clock: friends.world.clock, book: friends.book, giver: friends.giver }
  const isGone = (friend: Friend): boolean => isCleoGone && equalBytes(friend.node, cleo.node)
  const reading = new FriendReading({ ...shared, isGone })
  let timesAllGiven = 0
  let timesWithheld = 0
  const spreading = new FriendSpreading({
    ...shared,
    about: () => unknownTraits,
    wishOf: () => 1e-11,
    assumptions: () => ({ ...USUAL_LOSSES, repairSeconds: 14 * 24 * 3600 }),
    pace: new RepairPace(friends.world.clock, () => bytesPerSecond),
    withheld: () => timesWithheld++,
    reading,
    random: () => 0.5,
    source,
    friends: () => [friends.friend],
    onAllGiven: () => timesAllGiven++,
    warn: (text) => assert.fail(text),
  })
  const round = () => friends.world.clock.until(spreading.round())
  const atBen = () => friends.book.all().filter(({ agreement, placed }) => placed && equalBytes(agreement.holder.node, friends.friend.node))
  return {
    timesAllGiven: () => timesAllGiven,
    timesWithheld: () => timesWithheld,
    friends,
    pack,
    source,
    reading,
    round,
    spreading,
    atBen,
    goneIs: (gone: boolean) => void (isCleoGone = gone),
  }
}

test('what a friend has who is gone for good is given to another; it is read from whoever comes back', async () => {
  const { reading, pack, round, atBen, goneIs, timesAllGiven } = await withCleo(1, 1)
  await round()
  await round()
  assert.equal(timesAllGiven(), 1)
  const before = atBen().length
  goneIs(true)
  assert.equal(reading.has(pack.spread.id), before > 0)
  await round()
  assert.deepEqual(
    atBen().map(({ index }) => index),
    [0],
  )
  assert.equal(reading.has(pack.spread.id), true)
  assert.deepEqual(reading.indices(pack.spread), [0])
})

test('a pack that is spread in another way now is given anew only when what friends have rebuilds it no more', async () => {
  const { friends, pack, source, round, atBen, goneIs } = await withCleo(1, 1)
  const other = friends.makePack(200_000, 1, 2)
  source.packs[0] = { ...other, spread: { ...other.spread, id: pack.spread.id } }
  await round()
  assert.equal(atBen().length, 0, 'Cleo has enough of it')
  goneIs(true)
  source.packs[0] = pack
  await round()
  assert.equal(atBen().length, 1)
})

test('what was lost with a friend goes to another no faster than it may, and after a rest no more than a minute of it at once', async () => {
  const { friends, round, atBen, goneIs } = await withCleo(1, 1, { packs: 5, bytesPerSecond: 5000 })
  goneIs(true)
  await round()
  assert.equal(atBen().length, 1, 'one may begin, and takes forty seconds')
  await round()
  assert.equal(atBen().length, 1)
  await friends.world.clock.pass(45_000)
  await round()
  assert.equal(atBen().length, 2)
  await friends.world.clock.pass(3_600_000)
  await round()
  assert.equal(atBen().length, 3, 'a minute is worth one and a half')
  for (let times = 0; times < 3; times++) {
    await friends.world.clock.pass(60_000)
    await round()
  }
  assert.equal(atBen().length, 5)
})

test('a friend that is there and says nothing when it is to prove something is found out; one that is away is not', async () => {
  const { friends, round, atBen, goneIs, timesWithheld } = await withCleo(1, 1)
  goneIs(true)
  await round()
  assert.equal(atBen().length, 1)
  const { clock, network } = friends.world
  await clock.pass(2 * 3_600_000)
  network.cut(friends.anna.node.publicKey, friends.friend.node)
  await round()
  assert.equal(timesWithheld(), 0)
  network.join(friends.anna.node.publicKey, friends.friend.node)
  await friends.startHolder({ read: () => new Promise(() => {}) })
  await clock.pass(3_600_000)
  await round()
  assert.equal(timesWithheld(), 1)
})

test('of a friend found to be wrong once, everything is looked at soon, and not at an hour each', async () => {
  const { friends, source, round, atBen, goneIs } = await withCleo(1, 1, { packs: 4 })
  goneIs(true)
  const { clock } = friends.world
  for (let times = 0; times < 8 && atBen().length < 4; times++) {
    await round()
    await clock.pass(60_000)
  }
  assert.equal(atBen().length, 4)
  const disk = friends.holderDisk as MemoryDisk
  for (const path of disk.paths().filter((one) => one.endsWith('.fragment'))) for (let at = 0; at < 200_000; at += 1000) disk.flip(path, at)
  await clock.pass(3_600_000)
  const isWhole = async ({ shards, tails }: MadePack): Promise<boolean> => {
    const whole = concatBytes([shards[0] as Uint8Array, tails[0] as Uint8Array])
    const paths = disk.paths().filter((one) => one.endsWith('.fragment'))
    return (await Promise.all(paths.map((path) => disk.readFile(path)))).some((bytes) => bytes !== null && equalBytes(bytes, whole))
  }
  const areWhole = async (): Promise<number> => (await Promise.all(source.packs.map(isWhole))).filter(Boolean).length
  assert.equal(await areWhole(), 0)
  for (let minutes = 0; minutes < 3 * 60 && (await areWhole()) < 4; minutes++) {
    await round()
    await clock.pass(60_000)
  }
  assert.equal(await areWhole(), 4, 'each was found and given again, within hours')
})

test('a friend that could not be reached is given what it lacks at once when it is met, and not ten minutes later', async () => {
  const { friends, round, spreading, atBen, goneIs } = await withCleo(1, 2)
  goneIs(true)
  const { clock, network } = friends.world
  network.cut(friends.anna.node.publicKey, friends.friend.node)
  await round()
  network.join(friends.anna.node.publicKey, friends.friend.node)
  await clock.pass(5000)
  await round()
  assert.equal(atBen().length, 0, 'it is left alone for a while')
  spreading.met(friends.friend.node)
  await clock.pass(20_000)
  assert.equal(atBen().length, 1)
})
