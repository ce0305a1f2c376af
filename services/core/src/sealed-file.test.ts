import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { decode, encode } from './codec.ts'
import { isHoltError } from './errors.ts'
import { openSecret, sealSecret } from './sealed-file.ts'
import { createWebCrypto } from './web-crypto.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const fileKey = new Uint8Array(32).fill(1)
const secret = new Uint8Array(32).fill(2)

test('opens with its key what was sealed, differently each time', async () => {
  const file = await sealSecret(crypto, fileKey, secret)
  assert.deepEqual(await openSecret(crypto, fileKey, file), secret)
  assert.notDeepEqual(await sealSecret(crypto, fileKey, secret), file)
})

test('tells another key from a file that is none', async () => {
  const file = await sealSecret(crypto, fileKey, secret)
  const fields = decode(file) as Record<string, unknown>
  await assert.rejects(openSecret(crypto, new Uint8Array(32), file), (error) => isHoltError(error, 'DECRYPTION_FAILED'))
  await assert.rejects(openSecret(crypto, fileKey, file.subarray(1)), (error) => isHoltError(error, 'MALFORMED'))
  await assert.rejects(openSecret(crypto, fileKey, encode({ ...fields, v: 2 })), (error) => isHoltError(error, 'UNSUPPORTED_VERSION'))
})

test('no altered byte goes unseen', async () => {
  const file = await sealSecret(crypto, fileKey, secret)
  for (let i = 0; i < file.length; i++) {
    const altered = file.slice()
    altered[i] = (altered[i] as number) ^ 1
    await assert.rejects(openSecret(crypto, fileKey, altered), (error) => isHoltError(error), `byte ${i}`)
  }
})
