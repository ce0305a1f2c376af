import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUP_BYTES, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { seededRandom } from '@holt/core/decoder-cases.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { parseFragmentTail } from '@holt/store/fragments/fragment-file.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { type Agreement, decodeAgreement, encodeAgreement } from './agreement.ts'

const coded = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const pathOf = (friends: Friends, { fragment }: Pick<Agreement, 'fragment'>) =>
  `held/${toHex(friends.anna.owner.publicKey)}/${toHex(fragment)}`

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
