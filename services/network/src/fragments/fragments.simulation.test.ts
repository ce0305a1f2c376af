import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import { erasureCode } from '@holt/core/erasure/erasure.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { NEWEST_FOLDER } from '../newest/held-newest.ts'
import { Recovery } from '../recovery/recovery.ts'
import { type MadePack, makePack, type MemorySource } from '../testing/simulated-fragments.ts'
import { NAMES_PACK, type Resident, Town } from '../testing/simulated-people.ts'
import { eachSeed } from '../testing/simulated-world.ts'
import type { FriendFragments } from './friend-fragments.ts'
import type { Given } from './given-book.ts'

const FILE = 'services/network/src/fragments/fragments.simulation.test.ts'
/** Content and signatures take their time: a four-hundredth of what cheaper simulations run. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 400))
const MINUTE = 60_000
const OTHER_PACK = '0b'.repeat(16)
const HOUR = 3_600_000

const fragmentsOf = ({ network }: Resident): FriendFragments => network.fragments as FriendFragments

/**
 * Anna has packs, and friends who keep fragments of them while lines are cut, nodes end and start again, and drives of friends lose or damage
 * what they keep. Then her house burns: with her keys, the address of one friend and nothing else she has every pack again.
 */
async function burn(seed: number): Promise<string[]> {
  const town = new Town(seed)
  const { world } = town
  const friends: Resident[] = []
  const keeping = { keepsForFriends: true }
  const anna = await town.settle('Anna', undefined, keeping)
  for (const name of ['Ben', 'Cleo', 'Dora'].slice(0, 2 + world.below(2))) friends.push(await town.settle(name, undefined, keeping))
  for (const friend of friends) {
    await world.clock.until(anna.pairWith(friend))
    await world.clock.until(fragmentsOf(anna).terms.set({ owner: friend.keys.owner.publicKey, give: true, mostBytes: null }))
  }
  const packs = Array.from({ length: 1 + world.below(3) }, () => packOf(town, anna))
  ;(anna.source as MemorySource).packs.push(...packs)
  const older = new Map<Resident, Map<string, Uint8Array>>()

  for (let disasters = 1 + world.below(4); disasters > 0; disasters--) {
    await world.clock.pass(world.below(4 * MINUTE))
    write(town, anna)
    await disaster(town, anna, friends)
    for (const friend of friends) if (world.random() < 0.3) older.set(friend, await newestAt(friend))
  }
  write(town, anna)
  await world.clock.pass(3 * HOUR)
  const isEnough = ({ spread }: MadePack): boolean => new Set(fragmentsOf(anna).reading.indices(spread)).size >= spread.dataFragments
  // something may have been found wrong a moment ago
  for (let times = 0; times < 3 && !packs.every(isEnough); times++) await world.clock.pass(15 * MINUTE)
  assert.ok(packs.every(isEnough), 'friends do not have enough of a pack')

  // storage held equals contracts
  for (const friend of friends) {
    const { heldBytes } = fragmentsOf(friend).balance(anna.keys.owner.publicKey)
    assert.equal(heldBytes, fragmentsOf(anna).balance(friend.keys.owner.publicKey).givenBytes, `${friend.name} keeps what was agreed on`)
  }

  await world.clock.until(anna.network.stop())
  // all but one of the friends may show what was once true
  const honest = friends[world.below(friends.length)] as Resident
  for (const friend of friends) if (friend !== honest && older.has(friend)) await rollBack(friend, older.get(friend) as never, world)
  const again = await town.settle('Anna again', anna, keeping)
  const recovery = new Recovery({
    network: again.network,
    crypto: town.crypto,
    clock: world.clock,
    owner: again.keys.owner.publicKey,
    sealKey: again.keys.owner.seed,
    warn: (text) => world.note(text),
  })
  const met = await world.clock.until(recovery.meet([honest.address]))
  assert.equal(met.length, friends.length, 'one friend leads to all others')
  const disk = new MemoryDisk()
  const { copies, behind } = await world.clock.until(recovery.fetchCopies(disk, 'copies', () => true))
  assert.equal(behind, false)
  assert.deepEqual(new Set(copies.map(({ id }) => id)), new Set(anna.growing.packs.keys()))
  for (const { id, path } of copies) assert.deepEqual(await disk.readFile(path), anna.growing.packs.get(id), 'the newest state is back')
  const rebuilt = await world.clock.until(recover(again, friends))
  world.note(`${rebuilt.length} packs are back`)
  let lost = 0
  for (const pack of packs) {
    const enough = (await wholeFragments(pack, friends)) >= pack.spread.dataFragments
    const isBack = rebuilt.some((bytes) => equalBytes(bytes, pack.bytes))
    assert.ok(isBack || !enough, 'a pack of which friends have enough was not had again')
    if (!enough) lost++
  }
  world.note(`${lost} packs were damaged beyond that`)
  assert.deepEqual(town.warnings, [])
  await town.close()
  await world.clock.pass(HOUR)
  assert.equal(world.network.heldBytes, 0, 'a stream is still open')
  return world.history
}

/** A few commits. */
function write({ world, crypto }: Town, { growing, network }: Resident): void {
  for (let commits = 1 + world.below(3); commits > 0; commits--) {
    growing.grow(world.random() < 0.7 ? NAMES_PACK : OTHER_PACK, crypto.randomBytes(1 + world.below(100_000)))
    network.newest?.giver.committed()
  }
}

async function newestAt({ heldDisk }: Resident): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const path of heldDisk.paths().filter((one) => one.startsWith(`${NEWEST_FOLDER}/`)))
    files.set(path, (await heldDisk.readFile(path)) as Uint8Array)
  return files
}

async function rollBack(friend: Resident, files: ReadonlyMap<string, Uint8Array>, world: Town['world']): Promise<void> {
  world.note(`${friend.name} shows an older state`)
  await world.clock.until(friend.network.stop())
  for (const path of (await newestAt(friend)).keys()) await friend.heldDisk.remove(path)
  for (const [path, bytes] of files) await friend.heldDisk.replaceFile(path, bytes)
  await friend.start({ stays: true })
}

function packOf(town: Town, anna: Resident): MadePack {
  const dataFragments = 1 + town.world.below(2)
  const totalFragments = dataFragments + town.world.below(2)
  const sizeBytes = 1 + town.world.below(200_000)
  return makePack(town.crypto, anna.storageSeed, { sizeBytes, dataFragments, totalFragments })
}

async function disaster({ world }: Town, anna: Resident, friends: readonly Resident[]): Promise<void> {
  const friend = friends[world.below(friends.length)] as Resident
  const [a, b] = [anna.keys.node.publicKey, friend.keys.node.publicKey]
  const kind = world.below(5)
  world.note(`disaster ${kind} at ${friend.name}`)
  if (kind === 0) world.network.reset(a, b)
  else if (kind === 1) {
    world.network.cut(a, b)
    await world.clock.pass(world.below(20 * MINUTE))
    world.network.join(a, b)
  } else if (kind === 2) await restart(world.random() < 0.5 ? anna : friend, world)
  else if (kind === 3) await loseAll(friend, world)
  else await damage(friend, world)
}

async function restart(resident: Resident, world: Town['world']): Promise<void> {
  await world.clock.until(resident.network.stop())
  await world.clock.pass(world.below(10 * MINUTE))
  await resident.start()
}

async function loseAll(friend: Resident, world: Town['world']): Promise<void> {
  await world.clock.until(friend.network.stop())
  for (const path of friend.heldDisk.paths()) await friend.heldDisk.remove(path)
  await friend.start()
}

async function damage(friend: Resident, world: Town['world']): Promise<void> {
  const disk: MemoryDisk = friend.heldDisk
  const contents = disk.paths().filter((path) => path.endsWith('.fragment'))
  const path = contents[world.below(contents.length)]
  if (path !== undefined) disk.flip(path, world.below((await disk.sizeOf(path)) ?? 1))
}

/** How many different fragments of a pack lie with friends as they were given. */
async function wholeFragments({ spread, shards, tails }: MadePack, friends: readonly Resident[]): Promise<number> {
  const whole = new Set<number>()
  for (const { heldDisk } of friends)
    for (const path of heldDisk.paths().filter((one) => one.endsWith('.fragment'))) {
      const bytes = (await heldDisk.readFile(path)) as Uint8Array
      for (let index = 0; index < spread.totalFragments; index++)
        if (equalBytes(bytes, concatBytes([shards[index] as Uint8Array, tails[index] as Uint8Array]))) whole.add(index)
    }
  return whole.size
}

/** All packs that can be had from friends. */
async function recover(again: Resident, friends: readonly Resident[]): Promise<Uint8Array[]> {
  const learned: Given[] = []
  for (const { keys } of friends)
    learned.push(...(await fragmentsOf(again).learn({ owner: keys.owner.publicKey, node: keys.node.publicKey })))
  const packs: Uint8Array[] = []
  for (const id of new Set(learned.map(({ spread }) => spread.id))) {
    const given = learned.filter(({ spread }) => spread.id === id)
    const { spread } = given[0] as Given
    const shards: (Uint8Array | null)[] = Array.from({ length: spread.totalFragments }, () => null)
    for (const one of given)
      shards[one.index] ??= await fragmentsOf(again)
        .read(one, { column: 0, length: spread.shardBytes })
        .catch(() => null)
    if (shards.filter((shard) => shard !== null).length < spread.dataFragments) continue
    const whole = erasureCode.reconstruct(shards, { dataCount: spread.dataFragments }).slice(0, spread.dataFragments) as Uint8Array[]
    packs.push(concatBytes(whole).slice(0, spread.sizeBytes))
  }
  return packs
}

test(`friends keep what they agreed on, and a house may burn, with ${SEEDS} seeds`, () =>
  eachSeed(FILE, SEEDS, async (seed) => void (await burn(seed))))

test('the same seed gives the same history', async () => assert.deepEqual(await burn(7), await burn(7)))
