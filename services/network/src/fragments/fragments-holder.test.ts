import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUP_BYTES, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { concatBytes, toHex } from '@holt/core/bytes.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { type Agreement, decodeAgreement, encodeAgreement, encodeRelease, fragmentNameOf, signAgreement, signRelease } from './agreement.ts'
import { decodeHeld } from './held-record.ts'

const DAY = 24 * 3600
const DAY_MS = DAY * 1000
const coded = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const pathOf = (friends: Friends, { fragment }: Pick<Agreement, 'fragment'>) =>
  `held/${toHex(friends.anna.owner.publicKey)}/${toHex(fragment)}`

/** An offer that is good, to be spoiled in one place. */
async function goodOffer(friends: Friends, change: Partial<Agreement> = {}) {
  const pack = friends.makePack()
  const tail = pack.tails[0] as Uint8Array
  const made = Math.floor(friends.world.clock.nowMs() / 1000)
  const holder = { owner: friends.ben.owner.publicKey, node: friends.ben.node.publicKey }
  const unsigned = {
    giver: friends.anna.owner.publicKey,
    holder,
    fragment: fragmentNameOf(tail),
    sizeBytes: pack.spread.shardBytes + tail.length,
    made,
    until: made + 30 * DAY,
    ...change,
  }
  const signatures = { giver: signAgreement(friends.crypto, unsigned, friends.anna.owner.seed), holder: new Uint8Array(64) }
  const { hashGroup, groupCount } = await import('@holt/core/blake3-tree.ts')
  const shard = pack.shards[0] as Uint8Array
  const count = groupCount(shard.length)
  const groups = concatBytes(
    Array.from({ length: count }, (_, i) => hashGroup(shard.subarray(i * GROUP_BYTES, (i + 1) * GROUP_BYTES), i, count)),
  )
  return { pack, unsigned, offer: { agreement: encodeAgreement({ ...unsigned, signatures }), tail, groups } }
}

test('refuses an offer with a code for each thing that is wrong with it, and keeps nothing of it', async () => {
  const friends = await Friends.meet()
  const now = Math.floor(friends.world.clock.nowMs() / 1000)
  const other = friends.stranger.publicKey
  const holder = { owner: friends.ben.owner.publicKey, node: other }
  const refused = async (code: HoltErrorCode, change: Partial<Agreement>, more: object = {}) => {
    const { offer } = await goodOffer(friends, change)
    await assert.rejects(
      friends.ask((ask) => ask.call('offer', { ...offer, ...more })),
      coded(code),
      `${code} ${Object.keys({ ...change, ...more }).join()}`,
    )
  }
  await refused('NOT_AUTHORIZED', { giver: other })
  await refused('NOT_AUTHORIZED', { holder })
  await refused('MALFORMED', { fragment: new Uint8Array(32) })
  await refused('MALFORMED', { sizeBytes: 1000 })
  await refused('CAP_EXPIRED', { made: now - 10, until: now })
  await refused('MALFORMED', { made: now + 3 * DAY, until: now + 4 * DAY })
  await refused('TOO_LARGE', { until: now + 500 * DAY })
  const { offer } = await goodOffer(friends)
  await refused('MALFORMED', {}, { groups: offer.groups })
  await refused('MALFORMED', {}, { groups: new Uint8Array(0) })
  await refused('MALFORMED', {}, { groups: new Uint8Array(64 * HASH_BYTES) })
  await refused('MALFORMED', {}, { tail: offer.tail })
  const unsigned = decodeAgreement(offer.agreement)
  const agreement = encodeAgreement({ ...unsigned, signatures: { ...unsigned.signatures, giver: new Uint8Array(64) } })
  await refused('SIGNATURE_INVALID', {}, { agreement })
  await assert.rejects(
    friends.ask((ask) => ask.call('offer', offer), 'stranger'),
    coded('NOT_AUTHORIZED'),
  )
  await assert.rejects(
    friends.ask((ask) => ask.call('list', { after: null }), 'stranger'),
    coded('NOT_AUTHORIZED'),
  )
  assert.deepEqual((friends.holderDisk as MemoryDisk).paths(), [])
})

test('a friend gets what it was promised and no byte more; a full drive takes nothing', async () => {
  const friends = await Friends.meet()
  const [first, second] = [friends.makePack(), friends.makePack()]
  friends.mostBytes = 2 * 160_000
  await friends.give(first, 0)
  await assert.rejects(
    friends.give(second, 0).then(() => friends.give(second, 1)),
    coded('DISK_FULL'),
  )
  assert.equal(friends.book.all().filter(({ placed }) => !placed).length, 0, 'what was refused is not remembered as given')
  const { used, most } = await friends.ask((ask) => ask.call('room', {}))
  assert.ok(used <= most && most === friends.mostBytes)
  friends.mostBytes = 1 << 30
  friends.holderDisk = MemoryDisk.from((friends.holderDisk as MemoryDisk).contents(), { capacityBytes: 500_000 })
  await friends.startHolder()
  await assert.rejects(friends.give(second, 2), coded('DISK_FULL'))
})

test('bytes that are not the fragment, not whole groups, or not agreed on are refused', async () => {
  const friends = await Friends.meet()
  const { offer, pack, unsigned } = await goodOffer(friends)
  const { fragment } = unsigned
  const shard = pack.shards[0] as Uint8Array
  const put = (offset: number, bytes: Uint8Array, of = fragment) => friends.ask((ask) => ask.call('put', { fragment: of, offset, bytes }))
  await assert.rejects(put(0, shard.subarray(0, GROUP_BYTES)), coded('NOT_FOUND'))
  assert.equal((await friends.ask((ask) => ask.call('offer', offer))).have, 0)
  await assert.rejects(put(0, new Uint8Array(GROUP_BYTES)), coded('MALFORMED'))
  await assert.rejects(put(0, shard.subarray(0, 1000)), coded('MALFORMED'))
  await assert.rejects(put(0, new Uint8Array(0)), coded('MALFORMED'))
  assert.equal((await put(0, shard.subarray(0, GROUP_BYTES))).have, GROUP_BYTES)
  assert.equal((await put(0, shard.subarray(0, GROUP_BYTES))).have, GROUP_BYTES, 'the same again does no harm')
  assert.equal((await put(2 * GROUP_BYTES, shard.subarray(2 * GROUP_BYTES))).have, GROUP_BYTES, 'nothing is left out')
  await assert.rejects(put(GROUP_BYTES, concatBytes([shard.subarray(GROUP_BYTES), new Uint8Array(64)])), coded('MALFORMED'))
  await assert.rejects(
    friends.ask((ask) => ask.call('read', { fragment, from: 0, to: 1 })),
    coded('BLOCK_NOT_FOUND'),
  )
  assert.deepEqual((await friends.ask((ask) => ask.call('list', { after: null }))).held, [])
  assert.equal((await put(GROUP_BYTES, shard.subarray(GROUP_BYTES))).have, shard.length)
  for (const [from, to] of [
    [0, 0],
    [1, 1],
    [0, 5],
    [2, 9],
  ] as const)
    await assert.rejects(
      friends.ask((ask) => ask.call('read', { fragment, from, to })),
      coded('MALFORMED'),
    )
})

test('what was released is gone, and no older word brings it back', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack()
  const given = await friends.give(pack)
  const { giver, holder, fragment, made } = given.agreement
  const old = encodeAgreement(given.agreement)
  const { groups } = decodeHeld((await friends.holderDisk.readFile(pathOf(friends, given.agreement))) as Uint8Array)
  const again = () => friends.ask((ask) => ask.call('offer', { agreement: old, tail: given.tail, groups }))
  assert.equal((await again()).have, pack.spread.shardBytes, 'while it holds, the same again is the same')
  const older = signRelease(friends.crypto, { giver, holder, fragment, made: made - 1 }, friends.anna.owner.seed)
  await assert.rejects(
    friends.ask((ask) => ask.call('release', { release: encodeRelease(older) })),
    coded('ROLLED_BACK'),
  )
  const forged = signRelease(friends.crypto, { giver, holder, fragment, made }, friends.stranger.seed)
  await assert.rejects(
    friends.ask((ask) => ask.call('release', { release: encodeRelease(forged) })),
    coded('SIGNATURE_INVALID'),
  )

  await friends.giver.release(given)
  await friends.startGiver() // the friend was away; the release is not forgotten
  const [released] = friends.book.all()
  assert.ok(released?.release)
  await friends.ask((ask) => friends.giver.tellRelease(ask, released))
  assert.equal(friends.book.all().length, 0)
  assert.equal(friends.holder.heldBytes(giver), 0)
  assert.deepEqual((friends.holderDisk as MemoryDisk).paths(), [pathOf(friends, given.agreement)])
  await assert.rejects(again(), coded('CAP_REVOKED'))
  await friends.startHolder()
  await assert.rejects(again(), coded('CAP_REVOKED'))
  await friends.world.clock.pass(2000)
  const anew = await friends.give(pack)
  assert.ok(anew.agreement.made > made)
  await assert.rejects(again(), coded('ROLLED_BACK'))
})

test('an agreement is renewed without the fragment, and ends when it is not', async () => {
  const friends = await Friends.meet()
  const [kept, ended] = [await friends.give(friends.makePack()), await friends.give(friends.makePack())]
  await friends.passDays(100)
  const renewed = await friends.ask((ask) => friends.giver.renew(ask, kept))
  assert.ok(renewed.agreement.until > kept.agreement.until && renewed.placed)
  await friends.passDays(30)
  for (let hours = 0; hours < 24; hours++) await friends.holder.tidy()
  assert.equal(friends.holder.heldBytes(friends.anna.owner.publicKey), kept.agreement.sizeBytes)
  await friends.startHolder()
  await friends.ask((ask) => friends.giver.audit(ask, renewed))
  await assert.rejects(
    friends.ask((ask) => friends.giver.audit(ask, ended)),
    coded('NOT_FOUND'),
  )
})

test('a clock that leaps and is set right again deletes nothing', async () => {
  const friends = await Friends.meet()
  const given = await friends.give(friends.makePack())
  const { clock } = friends.world
  const right = clock.nowMs.bind(clock)
  for (const wrong of [() => right() + 50 * 365 * DAY_MS, () => 0]) {
    clock.nowMs = wrong
    for (let hours = 0; hours < 23; hours++) await friends.holder.tidy()
    clock.nowMs = right
    await friends.holder.tidy()
  }
  await friends.ask((ask) => friends.giver.audit(ask, given))
})

test('what was promised and never brought is not waited for longer than a week', async () => {
  const friends = await Friends.meet()
  const { offer } = await goodOffer(friends)
  await friends.ask((ask) => ask.call('offer', offer))
  friends.holder.start()
  await friends.passDays(6)
  assert.ok(friends.holder.heldBytes(friends.anna.owner.publicKey) > 0)
  await friends.passDays(2)
  friends.holder.stop()
  assert.equal(friends.holder.heldBytes(friends.anna.owner.publicKey), 0)
})
