import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { cryptoCases } from './crypto-cases.ts'
import { createWebCrypto, webCrypto } from './web-crypto.ts'

const source = webcrypto as unknown as Pick<globalThis.Crypto, 'getRandomValues' | 'subtle'>
const implementations = {
  'Web Crypto': createWebCrypto(() => source),
  'JavaScript alone': createWebCrypto(() => ({ getRandomValues: (array) => source.getRandomValues(array) })),
}

for (const [which, crypto] of Object.entries(implementations)) {
  for (const { name, run } of cryptoCases) test(`${which}: ${name}`, () => run(crypto))
}

test('takes the platform’s Web Crypto when it is used, and says so when there is none', () => {
  assert.throws(() => createWebCrypto(() => undefined).randomBytes(1), TypeError)
  if (globalThis.crypto !== undefined) assert.equal(webCrypto.randomBytes(5).length, 5)
})

test('refuses a key or nonce of a wrong length at once', () => {
  for (const crypto of Object.values(implementations)) {
    assert.throws(() => crypto.seal(new Uint8Array(16), new Uint8Array(12), new Uint8Array(0), new Uint8Array(0)), RangeError)
    assert.throws(() => crypto.open(new Uint8Array(32), new Uint8Array(8), new Uint8Array(16), new Uint8Array(0)), RangeError)
    assert.throws(() => crypto.sign(new Uint8Array(31), new Uint8Array(0)))
  }
})
