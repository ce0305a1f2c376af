import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { firstHead, makePeople } from './cap-people.ts'
import { type Head, headCid, parseHead, signHead, type UnsignedHead, verifyHead } from './head.ts'
import { delegateWritecap, issueWritecap } from './writecap.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const people = makePeople(crypto)
const { owner, alice, bob, eve, volume } = people
const first = firstHead(people)
const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)

const toAlice = issueWritecap(crypto, volume, { subject: alice.publicKey, path: '/photos', depth: 2, expires: 5000 }, owner.seed)
const chain = delegateWritecap(crypto, [toAlice], { subject: bob.publicKey, path: '/photos/2026' }, alice.seed)
const byBob: UnsignedHead = { ...first, seq: 2, writer: bob.publicKey, chain }

test('the owner’s head and a delegated one hold, each for its path', () => {
  const head = parseHead(signHead(crypto, owner.seed, first))
  assert.equal(verifyHead(crypto, head), '/')
  assert.equal(verifyHead(crypto, parseHead(signHead(crypto, bob.seed, byBob))), '/photos/2026')
  assert.deepEqual({ ...head, sig: null }, { v: 1, kind: 'head', ...first, sig: null })
})

test('its CID is that of a clear record, and changes with it', () => {
  const [one, two] = [signHead(crypto, owner.seed, first), signHead(crypto, owner.seed, { ...first, seq: 2 })]
  assert.equal(headCid(one)[1], 0x71)
  assert.notDeepEqual(headCid(one), headCid(two))
})

test('refuses every altered field', () => {
  const head = parseHead(signHead(crypto, bob.seed, byBob))
  const root = head.root.slice()
  root[35] = 1
  const changes: [Partial<Head>, HoltErrorCode][] = [
    [{ seq: 3 }, 'SIGNATURE_INVALID'],
    [{ root }, 'SIGNATURE_INVALID'],
    [{ prev: root }, 'SIGNATURE_INVALID'],
    [{ time: [1000, 1] }, 'SIGNATURE_INVALID'],
    [{ chain: [] }, 'SIGNATURE_INVALID'],
    [{ revoked: [new Uint8Array(16)] }, 'SIGNATURE_INVALID'],
    [{ writer: eve.publicKey }, 'SIGNATURE_INVALID'],
    [{ writer: owner.publicKey }, 'SIGNATURE_INVALID'],
    [{ sig: new Uint8Array(64) }, 'SIGNATURE_INVALID'],
    [{ volume: new Uint8Array(16) }, 'NOT_AUTHORIZED'],
    [{ owner: eve.publicKey }, 'NOT_AUTHORIZED'],
    [{ salt: new Uint8Array(16) }, 'NOT_AUTHORIZED'],
  ]
  for (const [change, code] of changes)
    assert.throws(() => verifyHead(crypto, { ...head, ...change }), refuses(code), Object.keys(change)[0])
})

test('refuses who signs for a volume without a right to it', () => {
  const signed = (seed: Uint8Array, change: Partial<UnsignedHead>) => parseHead(signHead(crypto, seed, { ...first, ...change }))
  const cases: [Head, HoltErrorCode][] = [
    [signed(eve.seed, {}), 'SIGNATURE_INVALID'],
    [signed(eve.seed, { writer: eve.publicKey }), 'NOT_AUTHORIZED'],
    [signed(eve.seed, { writer: eve.publicKey, chain }), 'NOT_AUTHORIZED'],
    [signed(eve.seed, { writer: eve.publicKey, owner: eve.publicKey }), 'NOT_AUTHORIZED'],
    [signed(alice.seed, { writer: alice.publicKey, chain }), 'NOT_AUTHORIZED'],
    [signed(bob.seed, { writer: bob.publicKey, chain: chain.slice(1) }), 'NOT_AUTHORIZED'],
    [signed(owner.seed, { chain }), 'MALFORMED'],
    [signed(bob.seed, { writer: bob.publicKey, chain, time: [5001, 0] }), 'CAP_EXPIRED'],
    [signed(bob.seed, { writer: bob.publicKey, chain, revoked: [toAlice.serial] }), 'CAP_REVOKED'],
  ]
  for (const [head, code] of cases) assert.throws(() => verifyHead(crypto, head), refuses(code), code)
})

test('writes revoked serials in order and once, and reads them no other way', () => {
  const [one, two] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)]
  const head = parseHead(signHead(crypto, owner.seed, { ...first, revoked: [two, one, two] }))
  assert.deepEqual(head.revoked, [one, two])
  for (const revoked of [
    [two, one],
    [one, one],
  ])
    assert.throws(() => parseHead(encode({ ...head, revoked })), refuses('MALFORMED'))
})

test('takes structures of the known form only', async () => {
  await fuzzDecoder(parseHead, [
    signHead(crypto, owner.seed, first),
    signHead(crypto, bob.seed, { ...byBob, prev: first.root, revoked: [new Uint8Array(16)] }),
  ])
  const head = parseHead(signHead(crypto, owner.seed, first))
  assert.throws(() => parseHead(encode({ ...head, v: 2 })), refuses('UNSUPPORTED_VERSION'))
  for (const change of [
    { seq: 0 },
    { kind: 'commit' },
    { time: [0, 1e9] },
    { chain: new Array(17).fill(toAlice) },
    { extra: null },
    { prev: undefined },
  ]) {
    assert.throws(() => parseHead(encode({ ...head, ...change })), refuses('MALFORMED'), JSON.stringify(change))
  }
})

test('nothing hostile passes for a signed head', async () => {
  const bytes = signHead(crypto, owner.seed, first)
  const accepted = new Set<string>()
  const judge = (hostile: Uint8Array) => {
    verifyHead(crypto, parseHead(hostile))
    accepted.add(Buffer.from(hostile).toString('hex'))
  }
  await fuzzDecoder(judge, [bytes], { runs: 200 })
  assert.deepEqual([...accepted], [Buffer.from(bytes).toString('hex')])
})
