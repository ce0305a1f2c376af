import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { nodejsCrypto as crypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { decodeKeptRelation, encodeKeptRelation, RelationBook } from '../relations/relation-book.ts'
import { decodeRelation, encodeRelation, type Relation, type SignedRelation, signRelation, verifyRelation } from '../relations/relation.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { EndpointBook, RECORD_LASTS_SECONDS } from './endpoint-book.ts'
import { decodeEndpoints, encodeEndpoints, type EndpointRecord, signEndpoints } from './endpoint-record.ts'

const keyPair = (number: number): KeyPair => {
  const seed = new Uint8Array(32).fill(number)
  return { seed, publicKey: crypto.ed25519PublicKey(seed) }
}
const anna = { owner: keyPair(1), node: keyPair(2) }
const ben = { owner: keyPair(3), node: keyPair(4) }
const key = new Uint8Array(32).fill(9)
const addresses = ['/ip4/192.168.7.2/tcp/4660']

function setUp(disk = new MemoryDisk()) {
  const clock = new SimulatedClock()
  const warnings: string[] = []
  const warn = (text: string): void => void warnings.push(text)
  const open = () => EndpointBook.open({ disk, crypto, clock, key, isKnown: (owner) => owner[0] === anna.owner.publicKey[0], warn })
  const expires = Math.floor(clock.nowMs() / 1000) + RECORD_LASTS_SECONDS
  const record = (seq: number, change: Partial<EndpointRecord> = {}): EndpointRecord => ({
    ...signEndpoints(crypto, { seq, expires, addresses }, anna),
    ...change,
  })
  return { disk, clock, warnings, open, record, expires }
}

test('the newest record of a node is kept, also over a restart', async () => {
  const { open, record, warnings, disk } = setUp()
  const book = await open()
  assert.equal(await book.take(record(5)), true)
  assert.equal(await book.take(record(5)), false)
  await assert.rejects(book.take(record(4)), { code: 'ROLLED_BACK' })
  await assert.rejects(book.take(record(5, { addresses: [] })), { code: 'ROLLED_BACK' })
  await book.take(record(6))
  assert.equal((await open()).get(anna.node.publicKey)?.seq, 6)
  assert.ok(![...disk.contents().files.values()].some((bytes) => Buffer.from(bytes).includes('192.168.7.2')), 'who one knows is sealed')
  disk.flip(disk.paths()[0] as string, 30)
  assert.equal((await open()).get(anna.node.publicKey), null)
  assert.equal(warnings.length, 1)
})

test('records that are forged, too old, too long, of strangers or of too many nodes are refused', async () => {
  const { open, record, expires, clock } = setUp()
  const book = await open()
  const stranger = signEndpoints(crypto, { seq: 1, expires, addresses }, ben)
  const other = signEndpoints(crypto, { seq: 1, expires, addresses }, { owner: anna.owner, node: ben.node })
  const cases: [string, EndpointRecord, string][] = [
    ['a stranger', stranger, 'NOT_AUTHORIZED'],
    ['a stranger in the name of one who is known', { ...stranger, owner: anna.owner.publicKey }, 'SIGNATURE_INVALID'],
    ['other addresses', record(7, { addresses: ['/ip4/6.6.6.6/tcp/1'] }), 'SIGNATURE_INVALID'],
    ['a higher number', { ...record(7), seq: 8 }, 'SIGNATURE_INVALID'],
    ['a longer time', { ...record(7), expires: expires + 1 }, 'SIGNATURE_INVALID'],
    ['only the owner agrees', { ...other, signatures: { ...other.signatures, node: other.signatures.owner } }, 'SIGNATURE_INVALID'],
    ['only the node agrees', { ...other, signatures: { ...other.signatures, owner: other.signatures.node } }, 'SIGNATURE_INVALID'],
    ['for ever', signEndpoints(crypto, { seq: 7, expires: expires + 3 * 24 * 3600, addresses }, anna), 'MALFORMED'],
    ['over', signEndpoints(crypto, { seq: 7, expires: expires - RECORD_LASTS_SECONDS - 1, addresses }, anna), 'CAP_EXPIRED'],
  ]
  for (const [what, forged, code] of cases) await assert.rejects(book.take(forged), { code }, what)
  for (let node = 10; node < 26; node++)
    await book.take(signEndpoints(crypto, { seq: 1, expires, addresses }, { owner: anna.owner, node: keyPair(node) }))
  await assert.rejects(book.take(record(1)), { code: 'TOO_LARGE' })
  for (let days = 0; days <= 14; days++) await clock.pass(24 * 3_600_000 - 1)
  await assert.rejects(book.take(record(9)), { code: 'CAP_EXPIRED' })
  const later = { seq: 1, expires: expires + 14 * 24 * 3600, addresses }
  await book.take(signEndpoints(crypto, later, anna))
  const nodes = book.of(anna.owner.publicKey)
  assert.deepEqual([nodes.length, nodes[0]?.node], [16, anna.node.publicKey], 'nodes that nobody heard of for so long make room')
  assert.equal((await open()).of(anna.owner.publicKey).length, 16)
})

test('records are read as they were written, and nothing else is taken', async () => {
  const { record } = setUp()
  await fuzzDecoder(decodeEndpoints, [encodeEndpoints(record(1)), encodeEndpoints(record(1, { addresses: [] }))])
})

const relation: Relation = {
  relation: 'friend',
  id: new Uint8Array(16).fill(8),
  made: 1_800_000_000,
  host: { owner: anna.owner.publicKey, node: anna.node.publicKey, name: 'Anna' },
  guest: { owner: ben.owner.publicKey, node: ben.node.publicKey, name: 'Ben' },
}
const signed: SignedRelation = {
  ...relation,
  signatures: { host: signRelation(crypto, relation, anna), guest: signRelation(crypto, relation, ben) },
}

test('relations are read as they were written, and nothing else is taken', async () => {
  await fuzzDecoder(decodeRelation, [encodeRelation(signed)])
  await fuzzDecoder(decodeKeptRelation, [
    encodeKeptRelation({ relation: signed, ended: null }),
    encodeKeptRelation({ relation: signed, ended: 7 }),
  ])
})

test('a relation holds only as both signed it', () => {
  verifyRelation(crypto, signed)
  const { host, guest } = signed.signatures
  const changes: Partial<SignedRelation>[] = [
    { relation: 'mine', guest: { ...relation.guest, owner: relation.host.owner } },
    { made: 1 },
    { id: new Uint8Array(16) },
    { host: { ...relation.host, name: 'Eve' } },
    { guest: { ...relation.guest, node: keyPair(7).publicKey } },
    { signatures: { host, guest: host } },
    { signatures: { host: guest, guest: host } },
    { signatures: { host, guest: { owner: guest.node, node: guest.owner } } },
  ]
  for (const change of changes) assert.throws(() => verifyRelation(crypto, { ...signed, ...change }), { code: 'SIGNATURE_INVALID' })
})

test('a book keeps relations of its owner, each once; one that was ended is not taken again', async () => {
  const disk = new MemoryDisk()
  const warnings: string[] = []
  const open = (owner = anna.owner) =>
    RelationBook.open({ disk, crypto, key, owner: owner.publicKey, warn: (text) => void warnings.push(text) })
  const book = await open()
  await assert.rejects((await open(keyPair(50))).add(signed), { code: 'NOT_AUTHORIZED' })
  await assert.rejects(book.add({ ...signed, made: 1 }), { code: 'SIGNATURE_INVALID' })
  await Promise.all([book.add(signed), book.add(signed), book.add(signed)])
  const other = { ...relation, made: 5 }
  const again = { ...other, signatures: { host: signRelation(crypto, other, anna), guest: signRelation(crypto, other, ben) } }
  await assert.rejects(book.add(again), { code: 'ALREADY_EXISTS' })
  assert.deepEqual((await open()).list(), [signed])
  assert.equal(book.other(signed, anna.node.publicKey).name, 'Ben')
  assert.equal(book.other(signed, ben.node.publicKey).name, 'Anna')
  for (const path of disk.paths().slice(0, 1)) disk.flip(path, 30)
  assert.deepEqual((await open()).list(), [signed], 'there is a second copy')
  await book.end(signed.id, 1_800_000_005)
  await assert.rejects(book.end(signed.id, 1), { code: 'NOT_FOUND' })
  const later = await open()
  assert.deepEqual(later.list(), [])
  await assert.rejects(later.add(signed), { code: 'CAP_REVOKED' })
  assert.deepEqual(warnings, [])
})
