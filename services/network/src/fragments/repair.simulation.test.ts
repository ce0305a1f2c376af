import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { availabilityOf } from '../scores/score.ts'
import { type MadePack, makePack, type MemorySource } from '../testing/simulated-fragments.ts'
import { type Resident, Town } from '../testing/simulated-people.ts'
import { eachSeed } from '../testing/simulated-world.ts'
import type { FriendFragments } from './friend-fragments.ts'
import type { Given } from './given-book.ts'
import { leastFragments } from './placement.ts'

const FILE = 'services/network/src/fragments/repair.simulation.test.ts'
/** Hours of many nodes take their time. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 500))
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const GONE_AFTER = HOUR
/** Within that, after a friend counts as gone, what it had is with others. */
const REPAIR_WITHIN = HOUR
const NAMES = ['Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gil', 'Hanna']

const fragmentsOf = ({ network }: Resident): FriendFragments => network.fragments as FriendFragments
const isOf = (friend: Resident, { agreement }: Given): boolean => equalBytes(agreement.holder.node, friend.keys.node.publicKey)

/**
 * Anna's packs lie with many friends. A third of them goes for good; of those who stay one has damaged what it has, one takes no more, one is
 * not reached for a while, one has a clock that is wrong by a day; and Anna's node ends and starts again in the midst of it.
 */
async function lose(seed: number): Promise<string[]> {
  const town = new Town(seed)
  const { world } = town
  const anna = await town.settle('Anna', undefined, { keepsForFriends: true })
  const friends: Resident[] = []
  for (const name of NAMES.slice(0, 4 + world.below(4))) {
    const friend = await town.settle(name, undefined, { keepsForFriends: true })
    friends.push(friend)
    await world.clock.until(anna.pairWith(friend))
    await world.clock.until(fragmentsOf(anna).terms.set({ owner: friend.keys.owner.publicKey, give: true, mostBytes: null }))
  }
  const packs = Array.from({ length: 2 + world.below(4) }, () => packOf(town, anna))
  ;(anna.source as MemorySource).packs.push(...packs)
  await world.clock.until(fragmentsOf(anna).wishes.repair({ goneAfterSeconds: GONE_AFTER / 1000 }))
  await world.clock.pass(15 * MINUTE)
  for (const pack of packs) assert.ok(atOwners(anna, pack).length >= leastFragments(pack.spread.dataFragments, friends.length))

  const shuffled = [...friends].sort(() => world.random() - 0.5)
  const gone = shuffled.splice(0, Math.ceil(0.3 * friends.length))
  for (const friend of gone) await world.clock.until(friend.network.stop())
  world.note(`${gone.map(({ name }) => name).join()} of ${friends.length} are gone`)
  const [damaged, full, away] = shuffled as [Resident, Resident?, Resident?]
  await damage(town, damaged)
  if (full !== undefined)
    await world.clock.until(fragmentsOf(full).terms.set({ owner: anna.keys.owner.publicKey, give: false, mostBytes: 0 }))
  if (away !== undefined) await leaveFor(town, anna, { friend: away, ms: world.below(40 * MINUTE) })
  const odd = shuffled[world.below(shuffled.length)] as Resident
  odd.skewMs = (world.random() < 0.5 ? 1 : -1) * 24 * HOUR
  await world.clock.pass(GONE_AFTER / 2 + world.below(GONE_AFTER))
  await world.clock.until(anna.network.stop())
  await world.clock.pass(world.below(5 * MINUTE))
  await anna.start()
  await world.clock.pass(GONE_AFTER + REPAIR_WITHIN)

  const taking = shuffled.filter((friend) => friend !== full)
  for (const pack of packs) {
    const there = atOwners(anna, pack).filter((given) => !gone.some((friend) => isOf(friend, given)))
    const distinct = new Set(there.map(({ index }) => index)).size
    assert.ok(distinct >= pack.spread.dataFragments, 'friends who stayed do not rebuild a pack')
    const possible = Math.min(leastFragments(pack.spread.dataFragments, taking.length), taking.length * pack.spread.totalFragments)
    assert.ok(there.length >= possible, `${there.length} fragments of ${possible} lie with who stayed`)
  }
  // storage held equals contracts
  for (const friend of shuffled) {
    const { heldBytes } = fragmentsOf(friend).balance(anna.keys.owner.publicKey)
    assert.equal(heldBytes, fragmentsOf(anna).balance(friend.keys.owner.publicKey).givenBytes, `${friend.name} keeps what was agreed on`)
  }
  for (const friend of gone) {
    assert.ok(fragmentsOf(anna).isGone({ owner: friend.keys.owner.publicKey, node: friend.keys.node.publicKey }))
    for (const other of shuffled)
      assert.ok(availability(anna, friend) < availability(anna, other), `${friend.name} is gone and counts as there like ${other.name}`)
  }
  for (const friend of shuffled)
    assert.ok(!fragmentsOf(anna).isGone({ owner: friend.keys.owner.publicKey, node: friend.keys.node.publicKey }), `${friend.name} stayed`)
  assert.deepEqual(town.warnings, [])
  await town.close()
  await world.clock.pass(HOUR)
  assert.equal(world.network.heldBytes, 0, 'a stream is still open')
  return world.history
}

function availability(anna: Resident, { keys }: Resident): number {
  const score = anna.network.scoreOf(keys.node.publicKey)
  return score === null ? 0 : availabilityOf(score)
}

function atOwners(anna: Resident, { spread }: MadePack): Given[] {
  return fragmentsOf(anna)
    .book.ofPack(spread.id)
    .filter(({ placed, release }) => placed && release === null)
}

function packOf({ world, crypto }: Town, anna: Resident): MadePack {
  const dataFragments = 1 + world.below(3)
  return makePack(crypto, anna.storageSeed, {
    sizeBytes: 1 + world.below(100_000),
    dataFragments,
    totalFragments: dataFragments + 1 + world.below(2),
  })
}

async function damage({ world }: Town, { heldDisk, name }: Resident): Promise<void> {
  const contents = heldDisk.paths().filter((path) => path.endsWith('.fragment'))
  for (const path of contents) heldDisk.flip(path, world.below((await heldDisk.sizeOf(path)) ?? 1))
  world.note(`${name} has damaged ${contents.length}`)
}

async function leaveFor({ world }: Town, anna: Resident, { friend, ms }: { friend: Resident; ms: number }): Promise<void> {
  const [a, b] = [anna.keys.node.publicKey, friend.keys.node.publicKey]
  world.network.cut(a, b)
  world.note(`${toHex(b).slice(0, 8)} is not reached for ${ms} ms`)
  await world.clock.pass(ms)
  world.network.join(a, b)
}

test(`a third of the friends goes for good, and within ${REPAIR_WITHIN / MINUTE} minutes others have what they had, with ${SEEDS} seeds`, () =>
  eachSeed(FILE, SEEDS, async (seed) => void (await lose(seed))))

test('the same seed gives the same history', async () => assert.deepEqual(await lose(3), await lose(3)))
