import assert from 'node:assert/strict'
import { before, mock, test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { decode, encode } from '@holt/core/codec.ts'
import { fromHex } from '@holt/core/bytes.ts'
import { headCid, parseHead } from '@holt/tree/caps/head.ts'
import { issueReadcap } from '@holt/tree/caps/readcap.ts'
import { sealReadcap } from '@holt/tree/caps/sealed-readcap.ts'
import { makeSharedVersion, openSharedVersion, type SharedVersion } from '@holt/tree/shared/shared-version.ts'
import { Company, type Sharer } from '../testing/simulated-sharers.ts'
import { decodeFolder, encodeFolder, type TakenFolder } from './folder-record.ts'
import type { ToldFolder } from './sharing-protocol.ts'
import { takeVersion } from './take-version.ts'

// work gives way after some milliseconds of the thread's clock: on a busy machine that would make another story of a seed
before(() => void mock.method(performance, 'now', () => 0))

/** What the node of a friend says whose folder is read here, when it keeps to no rule. */
async function begin(seed: number) {
  const company = new Company(seed)
  const [anna, ben, eve] = [await company.come('anna'), await company.come('ben'), await company.come('eve')]
  const until = <T>(work: Promise<T>): Promise<T> => company.world.clock.until(work)
  await until(anna.put('/photos/one', 'first'))
  await until(anna.sharing.owner.give('/photos', { owner: ben.owner.publicKey, name: 'Ben' }))
  await company.sees('the offer', () => ben.sharing.taker.offered().length === 1)
  await until(ben.sharing.accept(ben.sharing.taker.offered()[0]?.id as string, () => 'Anna'))
  await company.sees('the folder', async () => (await ben.read('/shared/Anna/photos/one')) === 'first')
  company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
  const taken = (): TakenFolder => ben.sharing.taker.get(ben.taken)
  const volume = fromHex(ben.taken) as Uint8Array
  const cap = async (by: Sharer, owner = by, salt = taken().salt) => {
    const grant = { label: 'photos', owner: owner.owner.publicKey, salt, target: { t: 'volume' as const, k: taken().keys } }
    return sealReadcap(company.crypto, issueReadcap(company.crypto, grant, by.owner.seed), ben.owner.publicKey)
  }
  const says = async (by: Sharer, told: Partial<ToldFolder>): Promise<string | null> => {
    const whole = {
      volume,
      cap: await cap(anna),
      seq: parseHead((taken().version as SharedVersion).head).seq,
      chains: [],
      requests: [],
      ...told,
    }
    await until(ben.sharing.taker.hear({ owner: by.owner.publicKey, node: by.node.publicKey }, [whole]))
    return ben.sharing.taker.status(ben.taken).problem
  }
  return { company, until, anna, ben, eve, taken, cap, says }
}

test('an owner who says less than before, or gives a readcap of something else, is not believed', async () => {
  const { company, anna, eve, taken, cap, says } = await begin(1)
  const before = encodeFolder(taken())
  assert.equal(await says(anna, { seq: 1 }), 'ROLLED_BACK')
  assert.equal(await says(anna, { cap: await cap(eve, anna) }), 'NOT_AUTHORIZED')
  assert.equal(await says(anna, { cap: await cap(anna, anna, company.crypto.randomBytes(16)) }), 'NOT_AUTHORIZED')
  assert.equal(await says(anna, { cap: new Uint8Array(40) }), 'MALFORMED')
  assert.deepEqual(encodeFolder(taken()), before)
})

test('another friend can neither end, change nor renew a folder that is not theirs', async () => {
  const { ben, eve, taken, cap, says } = await begin(2)
  const before = encodeFolder(taken())
  await says(eve, { cap: null })
  await says(eve, { cap: await cap(eve) })
  assert.deepEqual(encodeFolder(taken()), before)
  assert.equal(taken().state, 'taken')
  assert.deepEqual(ben.sharing.taker.offered(), [])
})

test('a version that is older, forged, or signed by a writer alone does not come to readers', async () => {
  const { company, until, anna, ben, eve, taken } = await begin(3)
  const folder = taken()
  const { crypto } = company
  const name = ben.sharing.shelf.nameOf(folder)
  const newest = folder.version as SharedVersion
  const { dir, head } = await openSharedVersion(crypto, { name, keys: folder.keys }, newest)
  const make = (by: Sharer, seq: number, revoked = head.revoked) =>
    makeSharedVersion(
      crypto,
      { name, keys: folder.keys, signer: { ...by.owner, chain: [] } },
      { dir: { ...dir, m: 0o700 }, epoch: 0, seq, prev: headCid(newest.head), revoked, time: [1_800_000_000, 0] },
    )
  const take = (version: SharedVersion) =>
    until(takeVersion(ben.sharing.context, folder, { node: anna.node.publicKey, version, wins: 'theirs' }))
  await assert.rejects(take(await make(eve, head.seq + 1)), { code: 'NOT_AUTHORIZED' })
  await assert.rejects(take(await make(anna, head.seq - 1)), { code: 'ROLLED_BACK' })
  await assert.rejects(take(await make(anna, head.seq)), { code: 'CONFLICT' })
  const good = await make(anna, head.seq + 1)
  await assert.rejects(take({ ...good, head: newest.head.slice().fill(1, 60, 70) }))
  await assert.rejects(take({ head: good.head, root: newest.root }), { code: 'MALFORMED' })
  assert.equal(await take(newest), folder)
  await take(good)
  assert.equal((await ben.volume.current().stat('/shared/Anna/photos'))?.m, 0o700)
})

test('records of shared folders are read strictly, whatever is in them', async () => {
  const { taken, anna } = await begin(4)
  for (const folder of [taken(), anna.sharing.giver.get(anna.given)]) {
    const parts = encodeFolder(folder)
    for (const part of ['folder', 'chains']) {
      await fuzzDecoder((content) => decodeFolder({ ...parts, [part]: content }), [parts[part] as Uint8Array])
      const whole = decode(parts[part] as Uint8Array) as object
      assert.throws(() => decodeFolder({ ...parts, [part]: encode({ ...whole, v: 2 }) }), { code: 'UNSUPPORTED_VERSION' })
    }
    assert.throws(() => decodeFolder({}), { code: 'MALFORMED' })
  }
})
