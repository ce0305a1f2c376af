import assert from 'node:assert/strict'
import { createSecretKey, webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { cryptoCases } from '@holt/core/crypto-cases.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import fc from 'fast-check'
import { KeyObjectCache } from './key-object-cache.ts'
import { nodejsCrypto } from './nodejs-crypto.ts'

const webCrypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyBytes = fc.uint8Array({ maxLength: 200 })

for (const { name, run } of cryptoCases) test(name, () => run(nodejsCrypto))

test('what one implementation seals the other opens', async () => {
  const opensEitherWay = fc.asyncProperty(bytes(32), bytes(12), anyBytes, anyBytes, async (key, nonce, plaintext, associated) => {
    const sealed = await webCrypto.seal(key, nonce, plaintext, associated)
    assert.deepEqual(nodejsCrypto.seal(key, nonce, plaintext, associated), sealed)
    assert.deepEqual(nodejsCrypto.open(key, nonce, sealed, associated), plaintext)
    assert.deepEqual(await webCrypto.open(key, nonce, sealed, associated), plaintext)
  })
  await fc.assert(opensEitherWay, { numRuns: 50 })
})

test('both sign, agree and derive the same', () => {
  const same = fc.property(bytes(32), bytes(32), anyBytes, anyBytes, (seed, other, message, salt) => {
    const publicKey = webCrypto.ed25519PublicKey(seed)
    assert.deepEqual(nodejsCrypto.ed25519PublicKey(seed), publicKey)
    const signature = webCrypto.sign(seed, message)
    assert.deepEqual(nodejsCrypto.sign(seed, message), signature)
    assert.ok(nodejsCrypto.verify(publicKey, message, signature))
    assert.ok(webCrypto.verify(publicKey, message, signature))
    const peer = webCrypto.x25519PublicKey(other)
    assert.deepEqual(nodejsCrypto.x25519PublicKey(other), peer)
    assert.deepEqual(nodejsCrypto.x25519(seed, peer), webCrypto.x25519(seed, peer))
    const options = { salt, info: other, lengthBytes: 1 + message.length }
    assert.deepEqual(nodejsCrypto.hkdf(seed, options), webCrypto.hkdf(seed, options))
  })
  fc.assert(same, { numRuns: 25 })
})

test('both answer alike for keys and signatures of random bytes', () => {
  const alike = fc.property(bytes(32), bytes(64), anyBytes, (publicKey, signature, message) => {
    assert.equal(nodejsCrypto.verify(publicKey, message, signature), webCrypto.verify(publicKey, message, signature))
    assert.equal(nodejsCrypto.verify(publicKey, message, signature), false)
  })
  fc.assert(alike, { numRuns: 100 })
})

test('answers at once and with plain arrays', () => {
  const sealed = nodejsCrypto.seal(new Uint8Array(32), new Uint8Array(12), new Uint8Array(5), new Uint8Array(0))
  assert.ok(sealed instanceof Uint8Array && !Buffer.isBuffer(sealed))
  const opened = nodejsCrypto.open(new Uint8Array(32), new Uint8Array(12), sealed, new Uint8Array(0))
  assert.ok(opened instanceof Uint8Array && !Buffer.isBuffer(opened))
})

test('keeps a bounded number of imported keys, those used last', () => {
  let imports = 0
  const cache = new KeyObjectCache(3, (raw) => {
    imports++
    return createSecretKey(raw)
  })
  for (const i of [1, 2, 3, 1, 4]) cache.get(Uint8Array.of(i))
  assert.deepEqual([cache.size, imports], [3, 4])
  cache.get(Uint8Array.of(1))
  assert.equal(imports, 4)
  cache.get(Uint8Array.of(2))
  assert.equal(imports, 5)
})
