import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encodeEndpoints, signEndpoints } from '../endpoints/endpoint-record.ts'
import { SimulatedDirectory } from '../testing/simulated-host.ts'
import { type Resident, Town } from '../testing/simulated-people.ts'
import { eachSeed } from '../testing/simulated-world.ts'

const FILE = 'services/network/src/peers/directory.simulation.test.ts'
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 100))
const HOUR = 3_600_000

/** Anna and Ben are paired, know nobody else, and have the directory. */
async function settled(seed: number) {
  const town = new Town(seed)
  const directory = new SimulatedDirectory()
  town.places.directory = directory
  const [anna, ben] = [await town.settle('Anna'), await town.settle('Ben')]
  await town.world.clock.until(anna.pairWith(ben))
  await town.world.clock.pass(HOUR)
  return { town, directory, anna, ben }
}

const known = (one: Resident, other: Resident) => one.network.peers().find(({ peer }) => equalBytes(peer, other.keys.node.publicKey))

/** Both go elsewhere while neither can tell the other. */
async function moveBoth({ town, anna, ben }: Awaited<ReturnType<typeof settled>>): Promise<void> {
  for (const one of [anna, ben]) await town.world.clock.until(one.network.stop())
  for (const one of [anna, ben]) town.places.move(one.keys.node.publicKey)
}

test(`two who know nobody else find each other by the directory when all addresses have changed, with ${SEEDS} seeds`, () =>
  eachSeed(FILE, SEEDS, async (seed) => {
    const world = await settled(seed)
    const { town, anna, ben } = world
    await moveBoth(world)
    await anna.start()
    await town.world.clock.pass(town.world.below(HOUR))
    await ben.start()
    await town.world.clock.pass(2 * HOUR)
    for (const [one, other] of [
      [anna, ben],
      [ben, anna],
    ] as const)
      assert.deepEqual([known(one, other)?.problem, known(one, other)?.addresses], [null, [other.address.address]])
    assert.deepEqual(town.warnings, [])
    await town.close()
  }))

test('a directory that lies leads nobody anywhere, and one that is silent for a while is told again', async () => {
  const world = await settled(3)
  const { town, directory, anna, ben } = world
  const before = known(anna, ben)?.addresses
  await town.world.clock.until(ben.network.stop())
  town.places.move(ben.keys.node.publicKey)
  const expires = Math.floor(town.world.clock.nowMs() / 1000) + 3600
  const forged = signEndpoints(town.crypto, { seq: 10 ** 15, expires, addresses: ['/ip4/6.6.6.6/tcp/6'] }, anna.keys)
  const lies = [
    encodeEndpoints({ ...forged, owner: ben.keys.owner.publicKey, node: ben.keys.node.publicKey }),
    new Uint8Array(100),
    new Uint8Array(100_000),
  ]
  for (const lie of lies) {
    directory.records.set(toHex(ben.keys.node.publicKey), lie)
    await town.world.clock.pass(HOUR)
    assert.deepEqual([known(anna, ben)?.problem, known(anna, ben)?.addresses], ['PEER_UNREACHABLE', before])
  }
  directory.silent = true
  await ben.start()
  await town.world.clock.pass(60_000)
  directory.silent = false
  await town.world.clock.pass(HOUR)
  assert.equal(known(anna, ben)?.problem, null)
  assert.deepEqual(known(anna, ben)?.addresses, [ben.address.address])
  await town.close()
})
