import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { acceptHead } from './accept-head.ts'
import { firstHead, makePeople } from './cap-people.ts'
import { type Head, headCid, parseHead, signHead, type UnsignedHead } from './head.ts'
import { issueWritecap } from './writecap.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const people = makePeople(crypto)
const { owner, alice, volume } = people
const now = { nowSeconds: 2000 }
const serial = (number: number) => new Uint8Array(16).fill(number)

const signed = (change: Partial<UnsignedHead>, seed = owner.seed) => parseHead(signHead(crypto, seed, { ...firstHead(people), ...change }))
const after = (head: Head, change: Partial<UnsignedHead> = {}) =>
  signed({ seq: head.seq + 1, prev: headCid(encode(head)), revoked: head.revoked, ...change })

const chain = [issueWritecap(crypto, volume, { subject: alice.publicKey, path: '/photos', expires: 3000 }, owner.seed)]
const byAlice = (head: Head, change: Partial<UnsignedHead> = {}) =>
  signed(
    { seq: head.seq + 1, prev: headCid(encode(head)), revoked: head.revoked, time: [2000, 0], writer: alice.publicKey, chain, ...change },
    alice.seed,
  )

function refused(code: HoltErrorCode, seen: Head | null, offered: Head, clock = now): void {
  assert.throws(
    () => acceptHead(crypto, seen, offered, clock),
    (error) => isHoltError(error, code),
    code,
  )
}

const seen = signed({ seq: 5, revoked: [serial(1), serial(3)] })

test('takes a newer head, and knows the one it has', () => {
  assert.equal(acceptHead(crypto, null, seen, now), '/')
  assert.equal(acceptHead(crypto, seen, after(seen), now), '/')
  assert.equal(acceptHead(crypto, seen, signed({ seq: 50, revoked: seen.revoked }), now), '/')
  assert.equal(acceptHead(crypto, seen, seen, now), null)
})

test('never goes back', () => {
  for (const seq of [1, 4]) refused('ROLLED_BACK', seen, signed({ seq, revoked: seen.revoked }))
  refused('CONFLICT', seen, signed({ seq: 5, revoked: seen.revoked, time: [1001, 0] }))
})

test('a revocation is never forgotten', () => {
  for (const revoked of [[], [serial(1)], [serial(3)], [serial(1), serial(2)]]) refused('ROLLED_BACK', seen, after(seen, { revoked }))
  acceptHead(crypto, seen, after(seen, { revoked: [serial(2), serial(1), serial(3), serial(4)] }), now)
})

test('takes a delegated head on top of the one it follows only', () => {
  assert.equal(acceptHead(crypto, seen, byAlice(seen), now), '/photos')
  refused('CONFLICT', null, byAlice(seen))
  refused('CONFLICT', seen, byAlice(seen, { seq: 7 }))
  refused('CONFLICT', seen, byAlice(seen, { prev: null }))
  refused('CONFLICT', seen, byAlice(seen, { prev: seen.root }))
})

test('who is not the owner cannot revoke, nor drop revocations', () => {
  refused('NOT_AUTHORIZED', seen, byAlice(seen, { revoked: [...seen.revoked, serial(9)] }))
  refused('ROLLED_BACK', seen, byAlice(seen, { revoked: [serial(1)] }))
  const revoking = after(seen, { revoked: [...seen.revoked, (chain[0] as { serial: Uint8Array }).serial] })
  refused('CAP_REVOKED', revoking, byAlice(revoking))
})

test('an expired writer gets nowhere by dating heads back', () => {
  acceptHead(crypto, seen, byAlice(seen, { time: [3000, 0] }), { nowSeconds: 3000.9 })
  refused('CAP_EXPIRED', seen, byAlice(seen, { time: [2000, 0] }), { nowSeconds: 3001 })
  refused('CAP_EXPIRED', seen, byAlice(seen, { time: [3001, 0] }), now)
  const late = after(seen, { time: [3500, 0] })
  refused('CAP_EXPIRED', late, byAlice(late, { time: [2000, 0] }), now)
})

test('a head that was accepted while its writecap was good stays known', () => {
  const accepted = byAlice(seen)
  assert.equal(acceptHead(crypto, accepted, accepted, { nowSeconds: 10_000 }), null)
})

test('a delegated head does not come from the future; an owner’s clock may be wrong', () => {
  acceptHead(crypto, seen, byAlice(seen, { time: [2600, 0] }), now)
  refused('NOT_AUTHORIZED', seen, byAlice(seen, { time: [2601, 0] }))
  assert.equal(acceptHead(crypto, seen, after(seen, { time: [9_000_000, 0] }), now), '/')
  assert.equal(acceptHead(crypto, seen, after(seen, { time: [0, 0] }), now), '/')
})

test('verifies before it compares', () => {
  refused('SIGNATURE_INVALID', seen, { ...after(seen), seq: 7 })
  refused('SIGNATURE_INVALID', null, { ...seen, time: [1, 1] })
})
