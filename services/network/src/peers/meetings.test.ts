import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Town } from '../testing/simulated-people.ts'

const HOUR = 3_600_000
const SOON = 15_000

test('who was away for long is met again as soon as it is heard of', async () => {
  const town = new Town(1)
  const { world } = town
  const [anna, ben] = [await town.settle('Anna'), await town.settle('Ben')]
  await world.clock.until(ben.pairWith(anna))
  const [a, b] = [anna.keys.node.publicKey, ben.keys.node.publicKey]
  const problems = () => [anna, ben].map(({ network }) => network.peers()[0]?.problem)
  const { peer, address } = anna.address
  ben.found(peer, [address])
  await world.clock.pass(1000)
  world.network.cut(a, b)
  await world.clock.pass(HOUR)
  assert.deepEqual(problems(), ['PEER_UNREACHABLE', 'PEER_UNREACHABLE'])
  world.network.join(a, b)
  await world.clock.pass(SOON)
  assert.deepEqual(problems(), ['PEER_UNREACHABLE', 'PEER_UNREACHABLE'], 'it is not tried all the time')
  ben.found(peer, [address])
  await world.clock.pass(2 * SOON)
  assert.deepEqual(problems(), [null, null], 'the other heard of it by that')
  await town.close()
})
