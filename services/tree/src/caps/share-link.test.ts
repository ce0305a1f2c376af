import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { makePeople } from './cap-people.ts'
import { issueReadcap } from './readcap.ts'
import { openShare, sealShare, shareKeys } from './share-link.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const { owner, salt } = makePeople(crypto)
const secret = new Uint8Array(32).fill(5)
const { id, key } = shareKeys(crypto, secret)
const readcap = (label: string, expires: number | null = 5000) =>
  issueReadcap(
    crypto,
    {
      label,
      owner: owner.publicKey,
      salt,
      target: { t: 'entry', name: 'a', entry: { t: 'd', m: 0o755, mt: [1, 0], k: [new Uint8Array(32)], r: null } },
      expires,
    },
    owner.seed,
  )
const now = { nowSeconds: 1000 }

test('what the secret derives opens it, and its name does not', async () => {
  const sealed = await sealShare(crypto, key, readcap('photos'))
  assert.deepEqual(await openShare(crypto, key, sealed, now), readcap('photos'))
  const named = new Uint8Array(32)
  named.set(id)
  await assert.rejects(openShare(crypto, named, sealed, now), { code: 'DECRYPTION_FAILED' })
  await assert.rejects(openShare(crypto, shareKeys(crypto, named).key, sealed, now), { code: 'DECRYPTION_FAILED' })
})

test('expires by the clock of who opens it', async () => {
  const sealed = await sealShare(crypto, key, readcap('photos'))
  await assert.rejects(openShare(crypto, key, sealed, { nowSeconds: 5001 }), { code: 'CAP_EXPIRED' })
})

test('its size does not tell its label', async () => {
  const sizes = await Promise.all(['', 'twelve chars'].map(async (label) => (await sealShare(crypto, key, readcap(label))).length))
  assert.equal(sizes[0], sizes[1])
})

test('nothing hostile opens', async () => {
  const sealed = await sealShare(crypto, key, readcap('photos'))
  await fuzzDecoder((bytes) => openShare(crypto, key, bytes, now), [sealed], { runs: 100 })
})
