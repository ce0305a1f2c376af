import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { Friend } from '@holt/network/fragments/fragments-giver.ts'
import { Recovery } from '@holt/network/recovery/recovery.ts'
import { makePack } from '@holt/network/testing/simulated-fragments.ts'
import { NAMES_PACK, type Resident, Town } from '@holt/network/testing/simulated-people.ts'
import { keepLateFriends, LateFriends } from './late-friends.ts'

const MINUTE = 60_000

/** Of two friends one lost the pack that Anna gave; then her house burns, and she recovers while the other is away. */
async function recoveredWithout() {
  const town = new Town(11)
  const { world, crypto } = town
  const { clock } = world
  const keeping = { keepsForFriends: true }
  const anna = await town.settle('Anna', undefined, keeping)
  const friends = [await town.settle('Ben', undefined, keeping), await town.settle('Cleo', undefined, keeping)] as const
  for (const friend of friends) {
    await clock.until(anna.pairWith(friend))
    await clock.until(
      anna.network.fragments?.terms.set({ owner: friend.keys.owner.publicKey, give: true, mostBytes: null }) as Promise<void>,
    )
  }
  anna.growing.grow(NAMES_PACK, crypto.randomBytes(50_000))
  anna.network.newest?.giver.committed()
  const pack = makePack(crypto, anna.storageSeed, { sizeBytes: 9000, dataFragments: 1, totalFragments: 1 })
  anna.source?.packs.push(pack)
  anna.network.fragments?.spreading.soon()
  await clock.pass(3 * MINUTE)
  const [holder, other] = friends
  const heldPaths = ({ heldDisk }: Resident) => heldDisk.paths().filter((path) => path.startsWith('held/'))
  assert.ok(heldPaths(holder).length > 0)
  await clock.until(other.network.stop())
  for (const path of heldPaths(other)) await other.heldDisk.remove(path)
  await other.start({ stays: true })
  await clock.until(anna.network.stop())
  await clock.until(holder.network.stop())

  const again = await town.settle('Anna again', anna, keeping)
  const recovery = new Recovery({
    network: again.network,
    crypto,
    clock,
    owner: again.keys.owner.publicKey,
    sealKey: again.keys.owner.seed,
    warn: () => {},
  })
  const met = await clock.until(recovery.meet([other.address]))
  assert.deepEqual(await clock.until(recovery.learn(met)), [])
  return { town, clock, again, holder, pack: pack.spread, late: recovery.late() }
}

test('a friend who was away at the recovery is asked when it is there, and what it keeps is had from then on, also after a restart', async () => {
  const { town, clock, again, holder, pack, late } = await recoveredWithout()
  assert.deepEqual(
    late.map(({ node }: Friend) => node),
    [holder.keys.node.publicKey],
  )
  const disk = new MemoryDisk()
  await keepLateFriends(disk, late)
  const [believed, warnings]: [string[], string[]] = [[], []]
  const keeper = { believe: async (spreads: readonly { id: string }[]) => void believed.push(...spreads.map(({ id }) => id)) }
  const begin = (): LateFriends => {
    const made = new LateFriends({ disk, network: again.network, keeper, clock, warn: (text) => warnings.push(text) })
    made.start()
    return made
  }
  const first = begin()
  await clock.pass(10 * MINUTE)
  await clock.until(first.stop())
  assert.deepEqual(believed, [])

  const second = begin()
  await holder.start({ stays: true })
  await clock.pass(3 * 60 * MINUTE)
  assert.deepEqual(believed, [pack.id])
  assert.ok(again.network.fragments?.isGiven(pack.id))
  assert.equal(again.network.fragments?.terms.of(holder.keys.owner.publicKey).give, true)
  assert.deepEqual(disk.paths(), [], 'nobody is late any more')
  await clock.until(second.stop())
  assert.deepEqual(warnings, [])
  await town.close()
})

test('who is no friend any more is not asked, and a damaged list is as none', async () => {
  const { town, clock, again, late } = await recoveredWithout()
  const disk = new MemoryDisk()
  const stranger = { owner: new Uint8Array(32).fill(1), node: new Uint8Array(32).fill(2) }
  const keeper = { believe: () => Promise.reject(new Error('nobody said anything')) }
  const begin = (): LateFriends => new LateFriends({ disk, network: again.network, keeper, clock, warn: (text) => assert.fail(text) })
  await keepLateFriends(disk, [stranger])
  const first = begin()
  first.start()
  await clock.pass(MINUTE)
  assert.deepEqual(disk.paths(), [])
  await clock.until(first.stop())

  await keepLateFriends(disk, late)
  for (const path of disk.paths()) disk.flip(path, 10)
  const second = begin()
  second.start()
  await clock.pass(MINUTE)
  await clock.until(second.stop())
  await town.close()
})
