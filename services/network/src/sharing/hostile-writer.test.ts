import assert from 'node:assert/strict'
import { before, mock, test } from 'node:test'
import { isHoltError, type HoltErrorCode } from '@holt/core/errors.ts'
import { headCid, parseHead } from '@holt/tree/caps/head.ts'
import type { Writecap } from '@holt/tree/caps/writecap.ts'
import { makeSharedVersion, openSharedVersion, type SharedVersion } from '@holt/tree/shared/shared-version.ts'
import type { DirectoryEntry, TreeEntry } from '@holt/tree/types.ts'
import { Company, type Sharer } from '../testing/simulated-sharers.ts'
import { EPOCH_ROOM } from './folder-giver.ts'
import type { GivenFolder, TakenFolder } from './folder-record.ts'
import { safeName } from './mount-path.ts'

// work gives way after some milliseconds of the thread's clock: on a busy machine that would make another story of a seed
before(() => void mock.method(performance, 'now', () => 0))

/** What a node does that keeps to none of the rules, and has a right to write in a part of a folder. */
const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)

async function begin(seed: number, { path = '/june', expires = null as number | null, depth = 0 } = {}) {
  const company = new Company(seed)
  const anna = await company.come('anna')
  const ben = await company.come('ben')
  const cleo = await company.come('cleo')
  const until = <T>(work: Promise<T>): Promise<T> => company.world.clock.until(work)
  await until(anna.put('/photos/june/one', 'first'))
  await until(anna.put('/photos/beside', 'not his'))
  for (const reader of [ben, cleo]) {
    await until(anna.sharing.owner.give('/photos', { owner: reader.owner.publicKey, name: reader.name }))
    await company.sees('the offer', () => reader.sharing.taker.offered().length === 1)
    await until(reader.sharing.accept(reader.sharing.taker.offered()[0]?.id as string, () => 'Anna'))
    await company.sees('the folder', async () => (await reader.read('/shared/Anna/photos/june/one')) === 'first')
  }
  await until(anna.sharing.owner.letWrite(anna.given, { subject: ben.owner.publicKey, path, expires, depth }))
  await company.sees('the right', () => taken(ben).chains.length === 1)
  const chain = taken(ben).chains[0] as readonly Writecap[]
  return { company, until, anna, ben, cleo, chain }
}

const given = (anna: Sharer) => anna.sharing.giver.get(anna.given) as GivenFolder
const taken = (ben: Sharer) => ben.sharing.taker.get(ben.taken) as TakenFolder

/** The folder as Ben's node has it after a change that no rule held back. */
async function changed(ben: Sharer, path: string, text: string): Promise<DirectoryEntry> {
  const { limits } = ben.volume
  ben.volume.limits = null
  await ben.put(`/shared/Anna/photos${path}`, text)
  ben.volume.limits = limits
  for await (const newest of ben.volume.versions())
    return (await (await ben.volume.at(newest)).stat('/shared/Anna/photos')) as DirectoryEntry
  throw new Error('unreachable')
}

interface Forgery {
  dir: DirectoryEntry
  chain: readonly Writecap[]
  writer?: Sharer
  seq?: number
  epoch?: number
  time?: number
  revoked?: Uint8Array[]
}

async function forged(
  company: Company,
  ben: Sharer,
  { dir, chain, writer = ben, seq, epoch, time, revoked }: Forgery,
): Promise<SharedVersion> {
  const folder = taken(ben)
  const newest = folder.version as SharedVersion
  const head = parseHead(newest.head)
  const name = ben.sharing.shelf.nameOf(folder)
  const now = time ?? Math.floor(company.world.clock.nowMs() / 1000)
  return makeSharedVersion(
    company.crypto,
    { name, keys: folder.keys, signer: { ...writer.owner, chain } },
    {
      dir,
      epoch: epoch ?? EPOCH_ROOM,
      seq: seq ?? head.seq + 1,
      prev: headCid(newest.head),
      revoked: revoked ?? head.revoked,
      time: [now, 0],
    },
  )
}

const offer = (anna: Sharer, ben: Sharer, version: SharedVersion) =>
  anna.sharing.giver.take(anna.given, { owner: ben.owner.publicKey, node: ben.node.publicKey }, version)

test('a version that changes more than its right reaches is refused, one that keeps to it is taken', async () => {
  const { company, until, anna, ben, chain } = await begin(1)
  company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
  const beside = await until(forged(company, ben, { dir: await until(changed(ben, '/beside', 'mine now')), chain }))
  company.world.network.join(anna.node.publicKey, ben.node.publicKey)
  await assert.rejects(until(offer(anna, ben, beside)), refuses('NOT_AUTHORIZED'))
  assert.equal(await anna.read('/photos/beside'), 'not his')
  await until(ben.put('/shared/Anna/photos/june/two', 'his'))
  await company.sees('what he may', async () => (await anna.read('/photos/june/two')) === 'his')
  assert.equal(await anna.read('/photos/beside'), 'not his', 'what he may not is left out')
  assert.equal(ben.sharing.taker.status(ben.taken).unsent, true, 'and is told')
})

test('what is taken back, over, forged, replayed or out of order is refused, each with its code', async () => {
  const { company, until, anna, ben, cleo, chain } = await begin(2, { path: '/', expires: 1_800_000_000 + 3600 })
  const refusal = async (code: HoltErrorCode, forgery: Partial<Forgery>, by: Sharer = ben) => {
    const version = await until(forged(company, ben, { dir, chain, ...forgery }))
    await assert.rejects(until(offer(anna, by, version)), refuses(code), `${code} ${Object.keys(forgery).join()}`)
  }
  company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
  const dir = await until(changed(ben, '/june/two', 'his'))
  company.world.network.join(anna.node.publicKey, ben.node.publicKey)
  const newest = parseHead((taken(ben).version as SharedVersion).head).seq
  await refusal('CONFLICT', { seq: newest + 2 })
  await refusal('ROLLED_BACK', { seq: newest - 1 })
  await refusal('NOT_AUTHORIZED', { chain: [] })
  await refusal('NOT_AUTHORIZED', { writer: cleo })
  await refusal('NOT_AUTHORIZED', {}, cleo)
  await refusal('NOT_AUTHORIZED', { revoked: [new Uint8Array(16).fill(1)] })
  await refusal('NOT_AUTHORIZED', { time: Math.floor(company.world.clock.nowMs() / 1000) + 700 })
  await refusal('NOT_AUTHORIZED', { dir: { ...dir, e: 2 ** 40 } })
  await refusal('NOT_AUTHORIZED', { epoch: 2 ** 41, dir: { ...dir, e: 2 ** 40 } })
  const good = await until(forged(company, ben, { dir, chain }))
  await assert.rejects(until(offer(anna, ben, { ...good, root: good.root.slice().fill(1, 40, 50) })), refuses('MALFORMED'))
  await until(offer(anna, ben, good))
  assert.equal(await anna.read('/photos/june/two'), 'his')
  await assert.rejects(until(offer(anna, ben, good)), refuses('ROLLED_BACK'), 'the same once more')
  await company.sees('the newest', () => parseHead((taken(ben).version as SharedVersion).head).seq > newest)
  anna.skewMs = 2 * 3_600_000
  await refusal('CAP_EXPIRED', { time: 1_800_000_000 })
  anna.skewMs = 0
  await until(anna.sharing.owner.revoke(anna.given, chain[0]?.serial as Uint8Array))
  await refusal('CAP_REVOKED', {})
})

test('a right that may be handed on once is good in the hands of another reader, and goes with the one it comes from', async () => {
  const { company, until, anna, ben, cleo, chain } = await begin(3, { path: '/', depth: 1 })
  const handed = { subject: cleo.owner.publicKey, path: '/june', expires: null }
  await until(ben.sharing.handOn(ben.taken, handed))
  await company.sees('the right', () => taken(cleo).chains.length === 1)
  await until(cleo.put('/shared/Anna/photos/june/of-cleo', 'hello'))
  await company.sees('what Cleo wrote', async () => (await anna.read('/photos/june/of-cleo')) === 'hello')
  await assert.rejects(until(cleo.put('/shared/Anna/photos/beside', 'x')), refuses('NOT_AUTHORIZED'))
  await assert.rejects(until(cleo.sharing.handOn(cleo.taken, { subject: ben.owner.publicKey, path: '/june' })), refuses('NOT_AUTHORIZED'))
  const stranger = { subject: company.keyPair('nobody').publicKey, path: '/june', expires: null }
  await assert.rejects(until(ben.sharing.handOn(ben.taken, stranger)), refuses('NOT_FOUND'))
  await until(anna.sharing.owner.revoke(anna.given, chain[0]?.serial as Uint8Array))
  await company.sees('it is gone with that of Ben', () => taken(cleo).lost === 'CAP_REVOKED')
  await assert.rejects(until(cleo.put('/shared/Anna/photos/june/late', 'x')), refuses('CAP_REVOKED'))
})

test('a node gives blocks of a folder to its readers only, and none of what is not in it', async () => {
  const { company, until, anna, ben, cleo } = await begin(4)
  await until(anna.put('/diary', 'secret'))
  await until(anna.sharing.owner.takeBack(anna.given, cleo.owner.publicKey))
  await assert.rejects(until(anna.sharing.giver.openScope(anna.given, cleo.owner.publicKey)), refuses('CAP_REVOKED'))
  await assert.rejects(until(anna.sharing.giver.openScope(anna.given, company.keyPair('nobody').publicKey)), refuses('NOT_FOUND'))
  await assert.rejects(until(ben.sharing.taker.openScope(ben.taken, cleo.owner.publicKey)), refuses('NOT_FOUND'))
  const diary = await anna.volume.current().stat('/diary')
  assert.ok(diary?.t === 'f' && diary.r !== null)
  await until(anna.sharing.giver.openScope(anna.given, ben.owner.publicKey))
})

test('later content has keys that a reader who was shut out does not have, whoever writes it', async () => {
  const { company, until, anna, ben, cleo } = await begin(5, { path: '/' })
  const before = taken(cleo)
  const old = await openSharedVersion(
    company.crypto,
    { name: cleo.sharing.shelf.nameOf(before), keys: before.keys },
    before.version as SharedVersion,
  )
  await until(anna.sharing.owner.takeBack(anna.given, cleo.owner.publicKey))
  await company.sees('Ben has the new key', () => taken(ben).keys.length === 2)
  await until(ben.put('/shared/Anna/photos/june/later', 'not for Cleo'))
  await company.sees('it is with Anna', async () => (await anna.read('/photos/june/later')) === 'not for Cleo')
  const version = given(anna).version as SharedVersion
  const name = anna.sharing.shelf.nameOf(given(anna))
  await assert.rejects(openSharedVersion(company.crypto, { name, keys: before.keys }, version), refuses('DECRYPTION_FAILED'))
  const now = await openSharedVersion(company.crypto, { name, keys: given(anna).keys }, version)
  assert.equal(now.dir.k.length, old.dir.k.length + 1)
  const june = (await anna.volume.current().stat('/photos/june')) as DirectoryEntry
  assert.ok(june.k.length > 1, 'a directory below has a new key, too')
})

test('keys that would outlive a reader who is shut out are refused, also deep in the folder, and other volumes', async () => {
  const forge: ((june: DirectoryEntry, ben: Sharer) => TreeEntry)[] = [
    (june) => ({ ...june, e: 2 ** 40 }),
    (june) => ({ ...june, k: [new Uint8Array(32).fill(7)], e: 2 ** 40, r: null }),
    (_june, { owner }) => ({
      t: 'v',
      m: 0o755,
      mt: [0, 0],
      k: [new Uint8Array(32)],
      id: new Uint8Array(16),
      o: owner.publicKey,
      s: new Uint8Array(16),
    }),
  ]
  for (const [number, make] of forge.entries()) {
    const { company, until, anna, ben, chain } = await begin(70 + number, { path: '/' })
    company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
    const entry = make((await ben.volume.current().stat('/shared/Anna/photos/june')) as DirectoryEntry, ben)
    await until(ben.volume.edit((edit) => edit.mergeEntries(['shared', 'Anna', 'photos'], [{ name: 'june', entry }]), { free: true }))
    const version = await until(forged(company, ben, { dir: await until(changed(ben, '/more', 'x')), chain }))
    company.world.network.join(anna.node.publicKey, ben.node.publicKey)
    await assert.rejects(until(offer(anna, ben, version)), refuses('NOT_AUTHORIZED'), `forgery ${number}`)
    assert.equal((await anna.volume.current().stat('/photos/june'))?.t, 'd')
  }
})

test('a writer who does not give what it named keeps nobody waiting, and is looked at once at a time', async () => {
  const { company, until, anna, ben, cleo, chain } = await begin(6, { path: '/' })
  company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
  const version = await until(forged(company, ben, { dir: await until(changed(ben, '/june/never', 'given')), chain }))
  const taking = offer(anna, ben, version)
  taking.catch(() => {})
  await assert.rejects(until(offer(anna, ben, version)), refuses('CONFLICT'))
  await until(anna.put('/photos/meanwhile', 'goes on'))
  await company.sees('the next version', async () => (await cleo.read('/shared/Anna/photos/meanwhile')) === 'goes on', 20_000)
  await assert.rejects(until(taking), (error) => isHoltError(error, 'BLOCK_NOT_FOUND') || isHoltError(error, 'CONFLICT'))
  assert.equal(await anna.read('/photos/june/never'), null)
})

test('names that others chose become harmless ones', () => {
  for (const [wanted, name] of [
    ['../../etc', 'etc'],
    ['a/b\\c\0d', 'abcd'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['  .hidden. ', 'hidden'],
    ['...', 'otherwise'],
    ['', 'otherwise'],
    ['x'.repeat(300), 'x'.repeat(48)],
    ['Bücher 😀', 'Bücher 😀'],
  ] as const)
    assert.equal(safeName(wanted, 'otherwise'), name)
})
