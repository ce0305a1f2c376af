import assert from 'node:assert/strict'
import test from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { webCrypto } from '@holt/core/web-crypto.ts'
import fc from 'fast-check'
import { pad, paddedLength } from './padding.ts'
import {
  KEY_NUMBER_OFFSET,
  MAX_CONTENT_BYTES,
  MAX_SEALED_BYTES,
  openBlock,
  sealBlock,
  sealedKeyNumber,
  sealedLength,
  sealingKey,
} from './sealed-block.ts'
import { syncCrypto } from './tree-world.ts'

const crypto = syncCrypto

test('pads to 64 bytes at least, else by at most 1/32, never less than the content', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_CONTENT_BYTES }), (bytes) => {
      const padded = paddedLength(bytes)
      assert.ok(padded >= Math.max(64, bytes))
      assert.ok(padded === 64 || padded - bytes < bytes / 32)
      assert.equal(paddedLength(padded), padded, 'padding again adds nothing')
    }),
    { examples: [[0], [64], [65], [66], [1 << 20]] },
  )
  assert.deepEqual([63, 64, 65, 66, 67, 1000, 65_536, (1 << 20) - 1, 1 << 20].map(paddedLength), [
    64,
    64,
    66,
    66,
    68,
    1008,
    65_536,
    1 << 20,
    1 << 20,
  ])
  assert.deepEqual([...pad(Uint8Array.of(1, 2)).subarray(0, 4)], [1, 2, 0, 0])
})

test('what is sealed opens with its keys, at the length foretold', async () => {
  const keys = [crypto.randomBytes(32), crypto.randomBytes(32), crypto.randomBytes(32)]
  for (const length of [0, 1, 64, 65, 5000, 1 << 20]) {
    const content = crypto.randomBytes(length)
    const sealed = await sealBlock(crypto, sealingKey(keys), content)
    assert.equal(sealed.length, sealedLength(length))
    assert.ok(sealed.length <= MAX_SEALED_BYTES)
    assert.equal(sealedKeyNumber(sealed), 2)
    const opened = await openBlock(crypto, keys, sealed)
    assert.deepEqual(opened.subarray(0, length), content)
    assert.ok(opened.subarray(length).every((byte) => byte === 0))
  }
})

test('gives promises only when the crypto does', async () => {
  const key = sealingKey([crypto.randomBytes(32)])
  assert.ok(!(sealBlock(crypto, key, new Uint8Array(9)) instanceof Promise))
  const sealed = sealBlock(webCrypto, key, new Uint8Array(9))
  assert.ok(sealed instanceof Promise)
  assert.deepEqual(await openBlock(crypto, [key.key], await sealed), new Uint8Array(64))
})

test('key numbers use both bytes of the header', async () => {
  const key = crypto.randomBytes(32)
  const sealed = await sealBlock(crypto, { number: 65_534, key }, new Uint8Array(3))
  assert.equal(sealedKeyNumber(sealed), 65_534)
  assert.deepEqual(await openBlock(crypto, { key: (number) => (number === 65_534 ? key : null) }, sealed), new Uint8Array(64))
})

test('tells a missing key, a wrong key, altered bytes and other algorithms apart', async () => {
  const keys = [crypto.randomBytes(32)]
  const sealed = await sealBlock(crypto, sealingKey(keys), crypto.randomBytes(100))
  const altered = (at: number) => sealed.map((byte, i) => (i === at ? byte ^ 1 : byte))
  const open = async (block: Uint8Array, with_ = keys) => openBlock(crypto, with_, block)
  await assert.rejects(open(sealed, []), { code: 'DECRYPTION_FAILED' })
  await assert.rejects(open(sealed, [crypto.randomBytes(32)]), { code: 'DECRYPTION_FAILED' })
  await assert.rejects(open(altered(20)), { code: 'DECRYPTION_FAILED' })
  await assert.rejects(open(altered(sealed.length - 1)), { code: 'DECRYPTION_FAILED' })
  // The header is authenticated: the same key under another number does not open it.
  await assert.rejects(open(altered(KEY_NUMBER_OFFSET + 1), [keys[0] as Uint8Array, keys[0] as Uint8Array]), { code: 'DECRYPTION_FAILED' })
  await assert.rejects(open(altered(0)), { code: 'UNSUPPORTED_VERSION' })
  await assert.rejects(open(sealed.subarray(0, 30)), { code: 'MALFORMED' })
  await assert.rejects(open(new Uint8Array(MAX_SEALED_BYTES + 1)), { code: 'MALFORMED' })
  await assert.rejects(async () => sealBlock(crypto, sealingKey(keys), new Uint8Array(MAX_CONTENT_BYTES + 1)), { code: 'TOO_LARGE' })
})

test('hostile blocks are refused', async () => {
  const keys = [crypto.randomBytes(32)]
  await fuzzDecoder((bytes) => openBlock(crypto, keys, bytes), [await sealBlock(crypto, sealingKey(keys), crypto.randomBytes(80))])
})
