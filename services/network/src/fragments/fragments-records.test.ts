import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { Friends } from '../testing/simulated-friends.ts'
import { decodeAgreement, decodeRelease, encodeAgreement, encodeRelease, signRelease } from './agreement.ts'
import { decodeTerms, encodeTerms, FriendTerms } from './friend-terms.ts'
import { decodeGiven, encodeGiven, GivenBook } from './given-book.ts'
import { decodeHeld, encodeHeld } from './held-record.ts'

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

/** As real disks: what replaces a file is written beside it first, so two at once get in each other's way. */
class StrictDisk extends MemoryDisk {
  readonly #writing = new Set<string>()

  override async replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    if (this.#writing.has(path)) throw new Error(`${path} is being written already`)
    this.#writing.add(path)
    await Promise.resolve()
    await super.replaceFile(path, bytes)
    this.#writing.delete(path)
  }
}

test('the same may be learned by two at once; what this node gave itself is not overwritten by what it hears', async () => {
  const friends = await Friends.meet()
  const given = await friends.give(friends.makePack(1000, 1, 1))
  const { agreement, tail, spread } = given
  const heard = { agreement, tail, placed: true, release: null }
  const disk = new StrictDisk()
  const book = await GivenBook.open(disk, () => {})
  const both = await Promise.all([book.learn(heard), book.learn(heard)])
  assert.deepEqual(
    both.map(({ learned }) => learned),
    [true, true],
  )
  const [own, learned] = await Promise.all([book.write(heard), book.learn(heard), book.learn(heard)])
  assert.deepEqual([own.learned, learned.learned], [undefined, undefined])
  await Promise.all([book.forget(own), book.learn(heard)])
  assert.equal(book.get(spread.id, agreement)?.learned, true)
  const again = await GivenBook.open(disk, () => {})
  assert.deepEqual([again.all().length, again.get(spread.id, agreement)?.learned], [1, true])
})
