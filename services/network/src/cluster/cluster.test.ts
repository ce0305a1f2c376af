import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { Caller } from '../rpc/caller.ts'
import { Family, Member } from '../testing/simulated-family.ts'
import { clusterProtocol } from './cluster-protocol.ts'
import { compareClocks, type Line, signLine, encodeLine } from './line.ts'

/** Two nodes of one owner that hear of each other, the first the primary. */
async function withPrimary(seed: number) {
  const family = new Family(seed)
  for (const name of ['one', 'two']) family.members.push(new Member(family, name))
  for (const member of family.members) await member.start()
  const [one, two] = family.members as [Member, Member]
  const { clock } = family.world
  await clock.until(one.cluster.leadership.setVoters([one.node.publicKey]))
  await clock.pass(60_000)
  const run = <T>(work: Promise<T>): Promise<T> => clock.until(work)
  const close = async (): Promise<void> => {
    for (const { cluster } of family.members) await run(cluster.stop())
  }
  return { family, one, two, clock, run, close }
}

const textAt = async ({ volume }: Member, path: string): Promise<string> => (await volume.current().openFile(path)).text()

test('the declared primary leads, and both know it; also after it was away', async () => {
  const { one, two, clock, run, close } = await withPrimary(1)
  for (const { cluster } of [one, two]) assert.deepEqual(cluster.leadership.leader, one.node.publicKey)
  assert.deepEqual([one.cluster.leadership.isLeading, two.cluster.leadership.isLeading], [true, false])
  const { term } = one.cluster.leadership
  one.crash()
  await clock.pass(20_000)
  assert.equal(two.cluster.leadership.leader, null)
  await assert.rejects(run(two.cluster.leadership.acquire('/dir')), { code: 'CONFLICT' })
  await run(one.start())
  await clock.pass(60_000)
  assert.deepEqual(two.cluster.leadership.leader, one.node.publicKey)
  assert.ok(one.cluster.leadership.term > term)
  await close()
})

test('who has a lease changes what is below its path, and nobody else who has heard of it', async () => {
  const { one, two, clock, run, close } = await withPrimary(2)
  const lease = await run(two.cluster.leadership.acquire('/dir'))
  await clock.pass(500)
  await assert.rejects(run(one.put('/dir/x', 'of one')), { code: 'CONFLICT' })
  await assert.rejects(run(one.cluster.leadership.acquire('/dir/deep')), { code: 'CONFLICT' })
  await run(one.put('/beside', 'of one'))
  await run(two.put('/dir/x', 'of two', lease.token))
  await clock.pass(30_000)
  assert.equal(await run(textAt(one, '/dir/x')), 'of two')
  await assert.rejects(run(two.put('/dir/x', 'too late', lease.token)), { code: 'CONFLICT' }, 'its time is over')
  const next = await run(one.cluster.leadership.acquire('/dir'))
  assert.ok(next.token.number > lease.token.number)
  await clock.pass(500)
  await assert.rejects(run(two.put('/dir/x', 'too late', lease.token)), { code: 'CONFLICT' }, 'another took its place')
  await run(one.put('/dir/x', 'of one', next.token))
  await run(one.cluster.leadership.release(next))
  await assert.rejects(run(one.put('/dir/x', 'after release', next.token)), { code: 'CONFLICT' })
  await close()
})

test('a lease that is given back keeps nobody off any more, neither the leader nor others', async () => {
  const { family, one, two, clock, run, close } = await withPrimary(6)
  const three = new Member(family, 'three')
  family.members.push(three)
  await three.start()
  await clock.pass(60_000)
  const lease = await run(two.cluster.leadership.acquire('/dir'))
  await clock.pass(500)
  for (const member of [one, three]) await assert.rejects(run(member.put('/dir/x', 'too early')), { code: 'CONFLICT' })
  await run(two.cluster.leadership.release(lease))
  await clock.pass(500)
  for (const member of [one, three]) await run(member.put('/dir/x', 'after it was given back'))
  const next = await run(three.cluster.leadership.acquire('/dir'))
  await run(two.cluster.leadership.release(lease))
  await clock.pass(500)
  await assert.rejects(run(one.put('/dir/x', 'of one')), { code: 'CONFLICT' }, 'what was given back before is not the newer one')
  await run(three.put('/dir/x', 'of three', next.token))
  await close()
})

test('a lease is made longer by who has it, under the same token', async () => {
  const { one, two, clock, run, close } = await withPrimary(3)
  const first = await run(two.cluster.leadership.acquire('/dir', 3000))
  await clock.pass(2000)
  const again = await run(two.cluster.leadership.acquire('/dir', 3000))
  assert.deepEqual(again.token, first.token)
  await clock.pass(2000)
  await run(two.put('/dir/x', 'still', first.token))
  await assert.rejects(run(one.put('/dir/x', 'of one')), { code: 'CONFLICT' })
  await close()
})

test('where the two are apart each goes on, and what the leader comes to know last stands', async () => {
  const { family, one, two, clock, run, close } = await withPrimary(4)
  await run(one.put('/both', 'base'))
  await clock.pass(30_000)
  family.world.network.cut(one.node.publicKey, two.node.publicKey)
  await run(two.put('/both', 'of two, long ago'))
  await clock.pass(60_000)
  await run(one.put('/both', 'of one'))
  await clock.pass(60_000)
  family.world.network.join(one.node.publicKey, two.node.publicKey)
  await clock.pass(60_000)
  for (const member of [one, two]) assert.equal(await run(textAt(member, '/both')), 'of two, long ago')
  await close()
})

test('a node of somebody else learns nothing and changes nothing; neither does a line that the owner did not sign', async () => {
  const { family, one, two, clock, run, close } = await withPrimary(5)
  const before = one.volume.head as Uint8Array
  one.mine = (peer) => equalBytes(peer, two.node.publicKey)
  const stranger = family.keyPair('stranger')
  const links = family.world.network.node(stranger.publicKey)
  const caller = new Caller(links, one.node.publicKey, clusterProtocol, { clock })
  const line: Line = { head: before, clock: [[stranger.publicKey, 1]], ordered: { term: 0, index: 0 } }
  const forged = encodeLine(signLine(family.crypto, stranger, line))
  const calls = [
    () => caller.call('line', { line: forged, voters: null, name: 'one' }),
    () => caller.call('merged', {}),
    () => caller.call('blocks', { cids: [one.anyBlock()] }),
    () => caller.call('elect', { kind: 'lead', term: 2 ** 30, voters: 1 }),
    () => caller.call('lease', { path: '/', lastsMs: 1000 }),
    () => caller.call('fence', { lease: { path: '/', holder: stranger.publicKey, token: { term: 2 ** 30, number: 1 }, lastsMs: 1000 } }),
  ]
  for (const call of calls) await assert.rejects(run(call()), { code: 'NOT_AUTHORIZED' })
  one.mine = () => true
  await assert.rejects(run(calls[0]?.() as Promise<unknown>), { code: 'NOT_AUTHORIZED' })
  assert.deepEqual(one.volume.head, before)
  await run(one.put('/still', 'can be changed'))
  caller.close()
  await close()
})

test('clocks of commits: alike, behind, ahead, apart', () => {
  const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)]
  assert.equal(compareClocks([[a, 1]], [[a, 1]]), 'alike')
  assert.equal(
    compareClocks(
      [[a, 1]],
      [
        [a, 1],
        [b, 1],
      ],
    ),
    'behind',
  )
  assert.equal(
    compareClocks(
      [
        [a, 2],
        [b, 1],
      ],
      [[a, 2]],
    ),
    'ahead',
  )
  assert.equal(
    compareClocks(
      [[a, 2]],
      [
        [a, 1],
        [b, 1],
      ],
    ),
    'apart',
  )
})
