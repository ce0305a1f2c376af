import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUP_BYTES, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import { concatBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import { fuzzDecoder, seededRandom } from '@holt/core/decoder-cases.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { parseFragmentTail } from '@holt/store/fragments/fragment-file.ts'
import { Friends } from '../testing/simulated-friends.ts'
import {
  type Agreement,
  decodeAgreement,
  decodeRelease,
  encodeAgreement,
  encodeRelease,
  fragmentNameOf,
  signAgreement,
  signRelease,
  verifyAgreement,
} from './agreement.ts'
import { decodeTerms, encodeTerms, FriendTerms } from './friend-terms.ts'
import { decodeGiven, encodeGiven } from './given-book.ts'
import { decodeHeld, encodeHeld } from './held-record.ts'
import { PIECE_BYTES } from './fragments-protocol.ts'

const DAY = 24 * 3600
const DAY_MS = DAY * 1000

const coded = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const pathOf = (friends: Friends, { fragment }: Pick<Agreement, 'fragment'>) =>
  `held/${toHex(friends.anna.owner.publicKey)}/${toHex(fragment)}`

test('a friend keeps a fragment, both keep what both signed, and any part of it comes back proven', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack(1_900_001, 2, 3)
  for (const index of [0, 2]) {
    const given = await friends.give(pack, index)
    verifyAgreement(friends.crypto, given.agreement)
    const kept = decodeHeld((await friends.holderDisk.readFile(pathOf(friends, given.agreement))) as Uint8Array)
    assert.deepEqual(kept.agreement, given.agreement)
    assert.equal(kept.complete, true)
    // as a file on a drive: whoever keeps it could give it back on a stick
    const file = (await friends.holderDisk.readFile(`${pathOf(friends, given.agreement)}.fragment`)) as Uint8Array
    assert.deepEqual(file, concatBytes([pack.shards[index] as Uint8Array, pack.tails[index] as Uint8Array]))
    assert.equal(parseFragmentTail(file, file.length).index, index)
    const { shardBytes } = pack.spread
    for (const [column, length] of [
      [0, shardBytes],
      [1, 1],
      [GROUP_BYTES - 1, 2],
      [shardBytes - 70, 70],
      [3, PIECE_BYTES + 5],
    ] as const) {
      const part = await friends.ask((ask) => friends.giver.read(ask, given, { column, length }))
      assert.ok(equalBytes(part, (pack.shards[index] as Uint8Array).subarray(column, column + length)), `${length} at ${column}`)
    }
  }
  assert.equal(friends.holder.heldBytes(friends.anna.owner.publicKey), friends.book.bytesAt(friends.ben.owner.publicKey))
  assert.deepEqual(friends.warnings, [])
})

test('what was given is known to both after a restart, and to a giver who has lost everything but the keys', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack()
  const given = [await friends.give(pack, 0), await friends.give(pack, 1)]
  await friends.startGiver()
  await friends.startHolder()
  assert.deepEqual(new Set(friends.book.ofPack(pack.spread.id).map(({ index }) => index)), new Set([0, 1]))
  friends.giverDisk = new MemoryDisk()
  await friends.startGiver()
  const learned = await friends.ask((ask) => friends.giver.learn(ask, friends.friend, friends.storage.publicKey))
  assert.deepEqual(
    learned.map(({ agreement }) => toHex(agreement.fragment)).sort(),
    given.map(({ agreement }) => toHex(agreement.fragment)).sort(),
  )
  assert.equal(friends.book.all().length, 2)
  for (const one of learned)
    assert.ok(
      equalBytes(
        await friends.ask((ask) => friends.giver.read(ask, one, { column: 0, length: 1000 })),
        (pack.shards[one.index] as Uint8Array).subarray(0, 1000),
      ),
    )
})

test('a fragment that was cut off is gone on with where it ended, also after a restart of the holder', async () => {
  for (const restart of [false, true]) {
    const friends = await Friends.meet()
    const pack = friends.makePack(4_000_000, 1, 1)
    let puts = 0
    const cut = friends.fragment(pack, 0)
    // it is read once to be hashed
    const pieces = Math.ceil(pack.spread.shardBytes / PIECE_BYTES)
    const giving = friends.ask((ask) =>
      friends.giver.give(ask, friends.friend, {
        ...cut,
        read: (column, length) => {
          if (++puts === pieces + 7) throw new Error('power cut')
          return cut.read(column, length)
        },
      }),
    )
    await assert.rejects(giving, /power cut/)
    if (restart) await friends.startHolder()
    await friends.startGiver()
    assert.equal(friends.book.all()[0]?.placed, false)
    const asked: number[] = []
    await friends.ask((ask) =>
      friends.giver.give(ask, friends.friend, {
        ...cut,
        read: (column, length) => {
          asked.push(column)
          return cut.read(column, length)
        },
      }),
    )
    // three were answered when the seventh was to be read, and the others were on their way
    assert.ok([3, 4, 5, 6].includes((asked[pieces] as number) / PIECE_BYTES), `gone on with at ${asked[pieces]}`)
  }
})

test('a holder that loses pieces on the way, and says so, is brought all of them', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack(4_000_001, 1, 1)
  let puts = 0
  await friends.startHolder({
    put: async (peer, wanted, context) => {
      puts++
      // every fifth goes nowhere: the ones behind it come too early
      if (puts % 5 === 0) return { have: (await friends.holder.handlers().put(peer, { ...wanted, offset: 1 }, context)).have }
      return friends.holder.handlers().put(peer, wanted, context)
    },
  })
  const given = await friends.give(pack)
  assert.equal(given.placed, true)
  assert.ok(puts > 8)
  const part = await friends.ask((ask) => friends.giver.read(ask, given, { column: 0, length: pack.spread.shardBytes }))
  assert.ok(equalBytes(part, pack.shards[0] as Uint8Array))
})

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

test('a drive that damages a fragment is noticed, and the fragment is given again from there on', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack(1_000_000, 1, 1)
  const given = await friends.give(pack)
  ;(friends.holderDisk as MemoryDisk).flip(`${pathOf(friends, given.agreement)}.fragment`, 5 * GROUP_BYTES + 7)
  await assert.rejects(
    friends.ask((ask) => friends.giver.read(ask, given, { column: 5 * GROUP_BYTES, length: 100 })),
    coded('BLOCK_CORRUPT'),
  )
  assert.equal(friends.book.all()[0]?.placed, false)
  const gone: number[] = []
  const fragment = friends.fragment(pack, 0)
  const read = (column: number, length: number) => (gone.push(column), fragment.read(column, length))
  await friends.ask((ask) => friends.giver.give(ask, friends.friend, { ...fragment, read }))
  assert.equal(gone[0], 5 * GROUP_BYTES)
  const whole = await friends.ask((ask) => friends.giver.read(ask, given, { column: 0, length: pack.spread.shardBytes }))
  assert.ok(equalBytes(whole, pack.shards[0] as Uint8Array))
})

test('a friend that lies is found out: one that has nothing, one that sends other bytes, one that signs something else', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack()
  await friends.startHolder({
    put: (_peer, { offset, bytes }) => ({ have: offset + bytes.length }),
    read: () => ({ bytes: new Uint8Array(GROUP_BYTES), proof: new Uint8Array(2 * HASH_BYTES) }),
  })
  await assert.rejects(friends.give(pack), coded('BLOCK_CORRUPT'))
  assert.deepEqual(
    friends.book.all().map(({ placed }) => placed),
    [false],
  )
  await friends.startHolder({ offer: () => ({ signature: new Uint8Array(64), have: 0 }) })
  await assert.rejects(friends.give(pack, 1), coded('SIGNATURE_INVALID'))
  await friends.startHolder({ put: () => ({ have: 0 }) })
  await assert.rejects(friends.give(pack, 2), coded('PEER_FAILED'))
  await friends.startHolder({ put: () => ({ have: Number.MAX_SAFE_INTEGER }) })
  await assert.rejects(friends.give(pack, 2), coded('PEER_FAILED'))
  const stored = friends.book.all()[0]?.agreement as Agreement
  const unsigned = { ...stored, signatures: { ...stored.signatures, holder: new Uint8Array(64) } }
  const first = { agreement: encodeAgreement(unsigned), tail: pack.tails[0] as Uint8Array }
  const learn = () => friends.ask((ask) => friends.giver.learn(ask, friends.friend, friends.storage.publicKey))
  await friends.startHolder({ list: () => ({ held: [first, first] }) })
  assert.deepEqual(await learn(), [])
  let names = 0
  const endless = () => {
    const fragment = new Uint8Array(32)
    new DataView(fragment.buffer).setUint32(0, ++names)
    return { held: [{ ...first, agreement: encodeAgreement({ ...unsigned, fragment }) }] }
  }
  await friends.startHolder({ list: endless })
  await assert.rejects(learn(), coded('PEER_FAILED'))
})

test('whatever a power cut leaves at the holder: what it said it has, it has; all else can be given again', async () => {
  const random = seededRandom(5)
  const friends = await Friends.meet()
  const disk = new CrashDisk()
  friends.holderDisk = disk
  await friends.startHolder()
  const pack = friends.makePack(400_000, 2, 2)
  /** Up to which operation the holder had said what. */
  const said: { at: number; index: number; placed: boolean }[] = []
  for (const index of [0, 1]) {
    await friends.give(pack, index)
    said.push({ at: disk.position, index, placed: true })
  }
  const [given] = friends.book.all().filter(({ index }) => index === 1)
  if (given === undefined) throw new Error('nothing was given')
  const released = await friends.giver.release(given)
  await friends.ask((ask) => friends.giver.tellRelease(ask, released))
  const releasedAt = disk.position
  const giverState = friends.giverDisk as MemoryDisk
  for (let cut = 0; cut <= disk.position; cut++) {
    friends.holderDisk = disk.randomState(cut, random)
    friends.giverDisk = giverState.copy()
    await friends.startGiver()
    await friends.startHolder()
    const { held } = await friends.ask((ask) => ask.call('list', { after: null }))
    const has = held.map(({ tail, agreement }) => parseFragmentTail(tail, decodeAgreement(agreement).sizeBytes).index)
    for (const { at, index } of said) {
      const mayBeGone = index === 1 && cut > (said[1]?.at ?? 0)
      if (at <= cut && !mayBeGone) assert.ok(has.includes(index), `fragment ${index} is lost after ${cut} operations`)
    }
    if (cut >= releasedAt) assert.ok(!has.includes(1), 'what was released came back')
    await friends.world.clock.pass(2000)
    for (const index of [0, 1]) {
      const again = await friends.give(pack, index)
      const whole = await friends.ask((ask) => friends.giver.read(ask, again, { column: 0, length: pack.spread.shardBytes }))
      assert.ok(equalBytes(whole, pack.shards[index] as Uint8Array), `after ${cut} operations`)
    }
  }
  assert.deepEqual(friends.warnings, [])
})

test('a record that is damaged is told; the fragment can be given again', async () => {
  const friends = await Friends.meet()
  const pack = friends.makePack()
  const given = await friends.give(pack)
  ;(friends.holderDisk as MemoryDisk).flip(pathOf(friends, given.agreement), 50)
  ;(friends.giverDisk as MemoryDisk).flip((friends.giverDisk as MemoryDisk).paths()[0] as string, 50)
  await friends.startHolder()
  await friends.startGiver()
  assert.equal(friends.warnings.length, 2)
  await friends.give(pack)
  assert.equal(friends.book.all()[0]?.placed, true)
})

test('terms with friends are kept; without any, somebody may begin', async () => {
  const disk = new MemoryDisk()
  const [anna, ben] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const terms = await FriendTerms.open(disk)
  assert.deepEqual([terms.of(anna).give, terms.mostBytes(anna, 0)], [false, 1 << 30])
  assert.equal(terms.mostBytes(anna, 5 << 30), 5 << 30, 'as much as one gives')
  await Promise.all([terms.set({ owner: anna, give: true, mostBytes: null }), terms.set({ owner: ben, give: false, mostBytes: 0 })])
  const again = await FriendTerms.open(disk)
  assert.deepEqual([again.of(anna).give, again.of(ben).give, again.mostBytes(ben, 7)], [true, false, 0])
})

test('decoders take what was written, and nothing else', async () => {
  const friends = await Friends.meet()
  const given = await friends.give(friends.makePack(1000, 1, 1))
  const { giver, holder, fragment, made } = given.agreement
  const release = signRelease(friends.crypto, { giver, holder, fragment, made }, friends.anna.owner.seed)
  const held = { agreement: given.agreement, tail: given.tail, groups: new Uint8Array(HASH_BYTES), complete: true, release }
  await fuzzDecoder(decodeAgreement, [encodeAgreement(given.agreement)])
  await fuzzDecoder(decodeRelease, [encodeRelease(release)])
  await fuzzDecoder(decodeHeld, [encodeHeld(held)])
  await fuzzDecoder(decodeGiven, [encodeGiven(given), encodeGiven({ ...given, release })])
  await fuzzDecoder(decodeTerms, [
    encodeTerms([
      { owner: giver, give: true, mostBytes: 5 },
      { owner: holder.owner, give: false, mostBytes: null },
    ]),
  ])
})
