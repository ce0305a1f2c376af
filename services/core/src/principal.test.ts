import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { isHoltError } from './errors.ts'
import { checkPrincipal, principalFromText, principalToText, x25519Of, x25519SecretOf } from './principal.ts'
import { createWebCrypto } from './web-crypto.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const malformed = (error: unknown) => isHoltError(error, 'MALFORMED')

/** As other libp2p programs name the nodes of these two well-known test seeds. */
const known: Record<number, string> = {
  1: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp',
  2: '12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD',
}

test('names a principal as libp2p does', () => {
  for (const [last, text] of Object.entries(known)) {
    const seed = new Uint8Array(32)
    seed[31] = Number(last)
    const principal = crypto.ed25519PublicKey(seed)
    assert.equal(principalToText(principal), text)
    assert.deepEqual(principalFromText(text), principal)
  }
})

test('refuses other text', () => {
  const text = known[1] as string
  const others = [
    '',
    'x',
    `${text}1`,
    text.slice(1),
    text.replace('E', 'l'),
    `1${text}`,
    'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N',
    '1'.repeat(1e6),
  ]
  for (const other of others) assert.throws(() => principalFromText(other), malformed, other.slice(0, 60))
  assert.throws(() => principalFromText(principalToText(new Uint8Array(32))), malformed, 'a key of small order')
  assert.throws(() => checkPrincipal(new Uint8Array(31)), malformed)
})

test('the X25519 pair of a principal fits together', () => {
  const fits = fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
    assert.deepEqual(crypto.x25519PublicKey(x25519SecretOf(seed)), x25519Of(crypto.ed25519PublicKey(seed)))
  })
  fc.assert(fits, { numRuns: 30 })
})

test('no X25519 key for bytes that are no point, or one of small order', () => {
  assert.throws(() => x25519Of(new Uint8Array(32).fill(2)), malformed)
  assert.throws(() => x25519Of(new Uint8Array(32)), malformed)
})
