import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { signMap } from '@holt/core/signed.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { makePeople } from './cap-people.ts'
import {
  type ChainClaim,
  decodeWritecap,
  delegateWritecap,
  encodeWritecap,
  issueWritecap,
  verifyChain,
  type Writecap,
  type WriteGrant,
} from './writecap.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const people = makePeople(crypto)
const { owner, alice, bob, eve, volume } = people
const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)

const toAlice = issueWritecap(crypto, volume, { subject: alice.publicKey, path: '/photos', depth: 2, expires: 5000 }, owner.seed)
const toBob = delegateWritecap(crypto, [toAlice], { subject: bob.publicKey, path: '/photos/2026', depth: 1, expires: 4000 }, alice.seed)

function claim(writer: Uint8Array, more: Partial<ChainClaim> = {}): ChainClaim {
  return { volume, owner: owner.publicKey, writer, revoked: [], at: 1000, ...more }
}

/** Signed by the real issuer, but with fields that `delegateWritecap` would refuse. */
function signedWith(writecap: Writecap, change: Partial<Writecap>, seed: Uint8Array): Writecap {
  return signMap(crypto, { domain: 'holt/writecap/1' }, { map: { ...writecap, ...change }, seed })
}

test('a chain gives the writer the path of its last writecap', () => {
  assert.equal(verifyChain(crypto, [toAlice], claim(alice.publicKey)), '/photos')
  assert.equal(verifyChain(crypto, toBob, claim(bob.publicKey)), '/photos/2026')
  assert.deepEqual(decodeWritecap(encodeWritecap(toAlice)), toAlice)
})

test('what is passed on is never wider', () => {
  const wider: Partial<WriteGrant>[] = [
    { path: '/' },
    { path: '/photo' },
    { path: '/photosy' },
    { path: '/photos2/x' },
    { depth: 2 },
    { depth: 3 },
    { expires: null },
    { expires: 5001 },
  ]
  for (const change of wider) {
    const grant = { subject: bob.publicKey, path: '/photos/a', depth: 0, ...change }
    assert.throws(() => delegateWritecap(crypto, [toAlice], grant, alice.seed), refuses('NOT_AUTHORIZED'), JSON.stringify(change))
  }
  const same = delegateWritecap(crypto, [toAlice], { subject: bob.publicKey, path: '/photos' }, alice.seed)
  assert.equal(same[1]?.expires, 5000, 'expires with what it comes from')
  assert.throws(
    () => delegateWritecap(crypto, same, { subject: eve.publicKey, path: '/photos' }, bob.seed),
    refuses('NOT_AUTHORIZED'),
    'depth 0',
  )
  assert.throws(
    () => delegateWritecap(crypto, [toAlice], { subject: bob.publicKey, path: '/photos' }, eve.seed),
    refuses('NOT_AUTHORIZED'),
    'another’s',
  )
})

test('a verifier refuses what a dishonest giver signed', () => {
  const [first, second] = toBob as [Writecap, Writecap]
  const dishonest: Partial<Writecap>[] = [
    { path: '/' },
    { path: '/photosy' },
    { depth: 2 },
    { expires: null },
    { expires: 5001 },
    { volume: new Uint8Array(16) },
    { issuer: eve.publicKey },
  ]
  for (const change of dishonest) {
    const chain = [first, signedWith(second, change, alice.seed)]
    assert.throws(() => verifyChain(crypto, chain, claim(bob.publicKey)), refuses('NOT_AUTHORIZED'), JSON.stringify(change))
  }
  assert.equal(verifyChain(crypto, [first, signedWith(second, {}, alice.seed)], claim(bob.publicKey)), '/photos/2026')
})

test('refuses every altered field', () => {
  const changes: Partial<Writecap>[] = [
    { path: '/photos/x' },
    { depth: 0 },
    { expires: 4999 },
    { serial: new Uint8Array(16) },
    { sig: new Uint8Array(64) },
    { sig: toBob[1]?.sig as Uint8Array },
  ]
  for (const change of changes) {
    const chain = [{ ...toAlice, ...change }]
    assert.throws(() => verifyChain(crypto, chain, claim(alice.publicKey)), refuses('SIGNATURE_INVALID'), JSON.stringify(change))
  }
  for (const change of [{ volume: new Uint8Array(16) }, { issuer: eve.publicKey }, { subject: eve.publicKey }]) {
    assert.throws(() => verifyChain(crypto, [{ ...toAlice, ...change }], claim(alice.publicKey)), refuses('NOT_AUTHORIZED'))
  }
})

test('refuses a chain of another owner, writer or volume, a cut, an empty or a turned one', () => {
  const cases: [Writecap[], ChainClaim][] = [
    [toBob, claim(alice.publicKey)],
    [toBob, claim(bob.publicKey, { owner: eve.publicKey })],
    [toBob, claim(bob.publicKey, { volume: new Uint8Array(16) })],
    [toBob.slice(1), claim(bob.publicKey)],
    [[...toBob].reverse(), claim(bob.publicKey)],
    [[], claim(owner.publicKey)],
    [new Array<Writecap>(17).fill(toAlice), claim(alice.publicKey)],
  ]
  for (const [chain, wanted] of cases) assert.throws(() => verifyChain(crypto, chain, wanted), refuses('NOT_AUTHORIZED'))
})

test('expires with the first of its writecaps that does', () => {
  verifyChain(crypto, toBob, claim(bob.publicKey, { at: 4000 }))
  assert.throws(() => verifyChain(crypto, toBob, claim(bob.publicKey, { at: 4001 })), refuses('CAP_EXPIRED'))
  const forever = issueWritecap(crypto, volume, { subject: alice.publicKey, path: '/' }, owner.seed)
  verifyChain(crypto, [forever], claim(alice.publicKey, { at: 2 ** 50 }))
})

test('revoking one takes back all that come from it', () => {
  for (const { serial } of toBob) {
    assert.throws(() => verifyChain(crypto, toBob, claim(bob.publicKey, { revoked: [new Uint8Array(16), serial] })), refuses('CAP_REVOKED'))
  }
  verifyChain(crypto, [toAlice], claim(alice.publicKey, { revoked: [toBob[1]?.serial as Uint8Array] }))
})

test('paths lie within each other by whole names', () => {
  const everything = issueWritecap(crypto, volume, { subject: alice.publicKey, path: '/', depth: 3 }, owner.seed)
  for (const path of ['/', '/a', '/a/b']) delegateWritecap(crypto, [everything], { subject: bob.publicKey, path }, alice.seed)
  for (const path of ['', 'a', '/a/', '//', '/a//b', '/a/../b', '/a/.', '/a\0']) {
    assert.throws(
      () => issueWritecap(crypto, volume, { subject: alice.publicKey, path }, owner.seed),
      refuses('MALFORMED'),
      JSON.stringify(path),
    )
  }
})

test('takes structures of the known form only', async () => {
  await fuzzDecoder(decodeWritecap, [encodeWritecap(toAlice), encodeWritecap(toBob[1] as Writecap)])
  for (const change of [{ v: 2 }, { depth: 16 }, { expires: -1 }, { more: 1 }]) {
    const bytes = encodeWritecap({ ...toAlice, ...change } as Writecap)
    assert.throws(() => decodeWritecap(bytes), refuses('v' in change ? 'UNSUPPORTED_VERSION' : 'MALFORMED'))
  }
})
