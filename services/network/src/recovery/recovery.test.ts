import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { NEWEST_FOLDER } from '../newest/held-newest.ts'
import { makePack } from '../testing/simulated-fragments.ts'
import { NAMES_PACK, type Resident, Town } from '../testing/simulated-people.ts'
import { Recovery } from './recovery.ts'

const coded = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const MINUTE = 60_000

/** Anna with two friends who have what she wrote at first; then her house burns. */
async function burntHouse({ before }: { before?: (town: Town, anna: Resident, friends: readonly Resident[]) => Promise<void> } = {}) {
  const town = new Town(5)
  const { clock } = town.world
  const keeping = { keepsForFriends: true }
  const anna = await town.settle('Anna', undefined, keeping)
  const friends = [await town.settle('Ben', undefined, keeping), await town.settle('Cleo', undefined, keeping)] as const
  for (const friend of friends) {
    await clock.until(anna.pairWith(friend))
    const terms = { owner: friend.keys.owner.publicKey, give: true, mostBytes: null }
    await clock.until(anna.network.fragments?.terms.set(terms) as Promise<void>)
  }
  await write(town, anna, 50_000)
  await before?.(town, anna, friends)
  await clock.until(anna.network.stop())
  const again = await town.settle('Anna again', anna, keeping)
  const notes: string[] = []
  const recovery = (signal?: AbortSignal): Recovery =>
    new Recovery({
      network: again.network,
      crypto: town.crypto,
      clock,
      owner: again.keys.owner.publicKey,
      sealKey: again.keys.owner.seed,
      warn: (text) => notes.push(text),
      ...(signal ? { signal } : {}),
    })
  return { town, anna, again, friends, notes, recovery }
}

/** A commit, and time for friends to have it. */
async function write(town: Town, { growing, network }: Resident, length: number): Promise<void> {
  growing.grow(NAMES_PACK, town.crypto.randomBytes(length))
  network.newest?.giver.committed()
  await town.world.clock.pass(2 * MINUTE)
}

async function kept({ heldDisk }: Resident): Promise<Map<string, Uint8Array>> {
  const paths = heldDisk.paths().filter((path) => path.startsWith(`${NEWEST_FOLDER}/`))
  return new Map(await Promise.all(paths.map(async (path) => [path, (await heldDisk.readFile(path)) as Uint8Array] as const)))
}

test('one friend leads to the other; terms with them are as they were', async () => {
  const { town, anna, again, friends, recovery } = await burntHouse()
  const { clock } = town.world
  const found = recovery()
  assert.equal((await clock.until(found.meet([friends[1].address]))).length, 2)
  for (const { keys } of friends) assert.equal(again.network.fragments?.terms.of(keys.owner.publicKey).give, true)
  assert.deepEqual(found.heads(), anna.growing.heads())
  const disk = new MemoryDisk()
  const { copies, behind } = await clock.until(found.fetchCopies(disk, 'copies', () => true))
  assert.equal(behind, false)
  assert.deepEqual(await disk.readFile(copies[0]?.path as string), anna.growing.packs.get(NAMES_PACK))
  assert.deepEqual((await clock.until(found.fetchCopies(disk, 'copies', () => false))).copies, [])
  await town.close()
})

test('who has fragments and no record is gone on giving to: what both signed says that the owner does', async () => {
  const { town, again, friends, recovery } = await burntHouse({
    before: async ({ crypto, world }, anna, withFragments) => {
      anna.source?.packs.push(makePack(crypto, anna.storageSeed, { sizeBytes: 9000, dataFragments: 1, totalFragments: 2 }))
      anna.network.fragments?.spreading.soon()
      await world.clock.pass(2 * MINUTE)
      for (const friend of withFragments) {
        await world.clock.until(friend.network.stop())
        for (const path of (await kept(friend)).keys()) await friend.heldDisk.remove(path)
        await friend.start({ stays: true })
      }
    },
  })
  const { clock } = town.world
  const found = recovery()
  const met = await clock.until(found.meet(friends.map(({ address }) => address)))
  const gives = (): boolean[] => friends.map(({ keys }) => again.network.fragments?.terms.of(keys.owner.publicKey).give === true)
  assert.deepEqual(gives(), [false, false])
  assert.equal((await clock.until(found.learn(met))).length, 1)
  assert.deepEqual(gives(), [true, true])
  await town.close()
})

test('when nobody gives the newest state whole, an older one is taken, and it is said that there is a newer', async () => {
  let older: Uint8Array | undefined
  const { town, friends, recovery } = await burntHouse({
    before: async (before, anna, [ben, cleo]) => {
      older = anna.growing.packs.get(NAMES_PACK)?.slice()
      const files = await kept(cleo as Resident)
      await write(before, anna, 40_000)
      // Cleo shows what was, and what Ben has is damaged
      await before.world.clock.until((cleo as Resident).network.stop())
      for (const [path, bytes] of files) await (cleo as Resident).heldDisk.replaceFile(path, bytes)
      await (cleo as Resident).start({ stays: true })
      const copy = [...(await kept(ben as Resident)).keys()].find((path) => path.endsWith(NAMES_PACK)) as string
      ;(ben as Resident).heldDisk.flip(copy, 100)
    },
  })
  const { clock } = town.world
  const found = recovery()
  await clock.until(found.meet([friends[0].address]))
  const disk = new MemoryDisk()
  const { copies, behind } = await clock.until(found.fetchCopies(disk, 'copies', () => true))
  assert.equal(behind, true)
  assert.deepEqual(await disk.readFile(copies[0]?.path as string), older)
  assert.equal(disk.paths().length, 1, 'what was wrong is cleared away')
  await town.close()
})

test('friends who are away, and a recovery that is cancelled, end with a code', async () => {
  const { town, friends, recovery, notes } = await burntHouse()
  const { clock } = town.world
  const nowhere = { ...friends[0].address, address: '/ip4/10.9.9.9/tcp/1' }
  await assert.rejects(clock.until(recovery().meet([nowhere])), coded('PEER_UNREACHABLE'))
  assert.equal(notes.length, 1)
  await assert.rejects(clock.until(recovery().meet([])), coded('PEER_UNREACHABLE'))
  const stop = new AbortController()
  const found = recovery(stop.signal)
  await clock.until(found.meet([nowhere, friends[1].address]))
  stop.abort()
  await assert.rejects(clock.until(found.fetchCopies(new MemoryDisk(), 'copies', () => true)), coded('CANCELLED'))
  await town.close()
})
