import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUP_BYTES } from '@holt/core/blake3-tree.ts'
import { concatBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { parseFragmentTail } from '@holt/store/fragments/fragment-file.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { type Agreement, verifyAgreement } from './agreement.ts'
import { decodeHeld } from './held-record.ts'
import { PIECE_BYTES } from './fragments-protocol.ts'
import { HASHED_BYTES } from './shard-hashes.ts'

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
    const pieces = Math.ceil(pack.spread.shardBytes / HASHED_BYTES)
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
