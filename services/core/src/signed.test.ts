import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { toHex } from './bytes.ts'
import { isHoltError } from './errors.ts'
import { signedBytes, signMap, verifyMap } from './signed.ts'
import { createWebCrypto } from './web-crypto.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const seed = new Uint8Array(32).fill(1)
const signer = crypto.ed25519PublicKey(seed)
const invalid = (error: unknown) => isHoltError(error, 'SIGNATURE_INVALID')

test('signs domain, a zero and the map without its signature', () => {
  assert.equal(toHex(signedBytes({ domain: 'd/1' }, { v: 1, sig: new Uint8Array(64) })), `642f3100${'a1617601'}`)
  const signed = signMap(crypto, { domain: 'd/1' }, { map: { v: 1, name: 'x' }, seed })
  assert.deepEqual(Object.keys(signed).sort(), ['name', 'sig', 'v'])
  verifyMap(crypto, { domain: 'd/1' }, { map: signed, signer })
})

test('refuses another field, domain, signer or signature', () => {
  const signed = signMap(crypto, { domain: 'd/1' }, { map: { v: 1, name: 'x' }, seed })
  const other = crypto.ed25519PublicKey(new Uint8Array(32).fill(2))
  assert.throws(() => verifyMap(crypto, { domain: 'd/2' }, { map: signed, signer }), invalid)
  assert.throws(() => verifyMap(crypto, { domain: 'd/1' }, { map: signed, signer: other }), invalid)
  for (const change of [{ v: 2 }, { name: 'y' }, { more: 1 }, { sig: new Uint8Array(64) }, { sig: new Uint8Array(0) }]) {
    assert.throws(() => verifyMap(crypto, { domain: 'd/1' }, { map: { ...signed, ...change }, signer }), invalid)
  }
})

test('leaves out the fields that the kind says', () => {
  const kind = { domain: 'd/1', unsigned: ['index'] }
  const signed = signMap(crypto, kind, { map: { v: 1, index: 3 }, seed })
  verifyMap(crypto, kind, { map: { ...signed, index: 4 }, signer })
  assert.throws(() => verifyMap(crypto, kind, { map: { ...signed, v: 2 }, signer }), invalid)
})
