import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { type Resident, Town } from '../testing/simulated-people.ts'
import { eachSeed } from '../testing/simulated-world.ts'

const FILE = 'services/network/src/peers/peers.simulation.test.ts'
/** Signatures take their time: a fiftieth of what cheaper simulations run. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 50))
const HOUR = 3_600_000

/** What may come of pairing between honest people on bad lines. */
const mayBefall = new Set(['PEER_UNREACHABLE', 'TIMED_OUT', 'PAIRING_FAILED', 'NODE_STOPPING', 'CANCELLED', 'PEER_FAILED'])

/**
 * Anna, Ben and Cleo pair while lines are cut; then nodes move, end and start again in any order. Once all are in reach of somebody who
 * has met them, everybody finds everybody they are paired with.
 */
async function liveTogether(seed: number): Promise<string[]> {
  const town = new Town(seed)
  const { world } = town
  const [anna, ben, cleo] = [await town.settle('Anna'), await town.settle('Ben'), await town.settle('Cleo')] as [
    Resident,
    Resident,
    Resident,
  ]
  const pairs: [Resident, Resident][] = [
    [anna, ben],
    [ben, cleo],
    [cleo, anna],
  ]
  const any = () => town.residents[world.below(3)] as Resident
  const disturb = async (): Promise<void> => {
    for (let times = world.below(4); times > 0; times--) {
      await world.clock.sleep(world.below(400))
      const [a, b] = [any().keys.node.publicKey, any().keys.node.publicKey]
      if (world.random() < 0.5) world.network.reset(a, b)
      else {
        world.network.cut(a, b)
        await world.clock.sleep(world.below(3000))
        world.network.join(a, b)
      }
    }
  }
  for (const [guest, host] of pairs) {
    const disturbed = disturb()
    for (let tries = 0; ; tries++) {
      const outcome = await world.clock.until(world.outcome(guest.pairWith(host)))
      if (outcome === undefined) break
      world.note(`${guest.name} with ${host.name}: ${outcome}`)
      assert.ok(mayBefall.has(outcome as string) && tries < 20, `${guest.name} with ${host.name}: ${String(outcome)}`)
      // a line may be cut for longer than some tries take
      await world.clock.pass(300)
    }
    await world.clock.until(disturbed)
  }
  await world.clock.pass(HOUR)
  for (const [a, b] of pairs) assert.deepEqual(between(a, b), between(b, a), 'both keep the same relations')
  for (const [a, b] of pairs) assert.ok(between(a, b).length > 0)

  // one stays where the others can find it, and the others move, also while they are off
  const steady = any()
  for (const mover of town.residents.filter((one) => one !== steady)) {
    const off = world.random() < 0.5
    if (off) await world.clock.until(mover.network.stop())
    town.places.move(mover.keys.node.publicKey)
    await world.clock.pass(world.below(20 * 60_000))
    if (off) await mover.start()
    world.note(`${mover.name} moved`)
  }
  await world.clock.pass(2 * HOUR)
  for (const [a, b] of pairs)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = one.network.peers().find(({ peer }) => equalBytes(peer, other.keys.node.publicKey))
      assert.equal(known?.problem, null, `${one.name} has not met ${other.name}: ${known?.problem}`)
      assert.deepEqual(known?.addresses, [other.address.address], `${one.name} does not know where ${other.name} is`)
    }
  assert.deepEqual(town.warnings, [])
  await town.close()
  await world.clock.pass(HOUR)
  assert.equal(world.network.heldBytes, 0, 'a stream is still open')
  return world.history
}

const between = (one: Resident, other: Resident) =>
  one.network.relations
    .list()
    .filter(({ host, guest }) => [host, guest].some(({ owner }) => equalBytes(owner, other.keys.owner.publicKey)))
    .map(({ id }) => toHex(id))
    .sort()

test(`people pair, move and find each other again, with ${SEEDS} seeds`, () =>
  eachSeed(FILE, SEEDS, async (seed) => void (await liveTogether(seed))))

test('the same seed gives the same history', async () => assert.deepEqual(await liveTogether(7), await liveTogether(7)))
