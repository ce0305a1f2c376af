import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import fc from 'fast-check'
import { fromHex, toHex, utf8 } from './bytes.ts'
import { isHoltError } from './errors.ts'
import { decapsulate, encapsulate, hpkeOpen, hpkeSeal } from './hpke.ts'
import { createWebCrypto } from './web-crypto.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const hex = (digits: string) => fromHex(digits) as Uint8Array
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyBytes = fc.uint8Array({ maxLength: 100 })
const arrayBuffer = (view: Uint8Array) => new Uint8Array(view).buffer as ArrayBuffer

/** The RFC has no vector for AES-256-GCM with X25519; its KEM is the one of A.1, the rest is checked against @hpke/core. */
test('encapsulates as in RFC 9180, A.1.1', () => {
  const recipient = hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d')
  const { enc, sharedSecret } = encapsulate(crypto, recipient, hex('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736'))
  assert.equal(toHex(enc), '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431')
  assert.equal(toHex(sharedSecret), 'fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc')
  assert.deepEqual(decapsulate(crypto, hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'), enc), sharedSecret)
})

test('opens what @hpke/core sealed, and the other way round', async () => {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const bothWays = fc.asyncProperty(bytes(32), anyBytes, anyBytes, anyBytes, async (secret, info, associated, plaintext) => {
    const publicKey = crypto.x25519PublicKey(secret)
    const recipientPublicKey = await suite.kem.deserializePublicKey(arrayBuffer(publicKey))
    const recipientKey = await suite.kem.deserializePrivateKey(arrayBuffer(secret))

    const sender = await suite.createSenderContext({ recipientPublicKey, info: arrayBuffer(info) })
    const ct = new Uint8Array(await sender.seal(arrayBuffer(plaintext), arrayBuffer(associated)))
    const opened = await hpkeOpen(crypto, secret, { enc: new Uint8Array(sender.enc), ct }, { info, associated })
    assert.deepEqual(opened, plaintext)

    const message = await hpkeSeal(crypto, publicKey, plaintext, { info, associated })
    const recipient = await suite.createRecipientContext({ recipientKey, enc: arrayBuffer(message.enc), info: arrayBuffer(info) })
    assert.deepEqual(new Uint8Array(await recipient.open(arrayBuffer(message.ct), arrayBuffer(associated))), plaintext)
  })
  await fc.assert(bothWays, { numRuns: 15 })
})

test('opens nothing for another key, info or associated data, or altered', async () => {
  const secret = new Uint8Array(32).fill(7)
  const context = { info: utf8('info'), associated: utf8('more') }
  const message = await hpkeSeal(crypto, crypto.x25519PublicKey(secret), utf8('secret'), context)
  assert.deepEqual(await hpkeOpen(crypto, secret, message, context), utf8('secret'))
  const altered = (part: Uint8Array) => part.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
  const wrong = [
    () => hpkeOpen(crypto, altered(secret).fill(9), message, context),
    () => hpkeOpen(crypto, secret, { ...message, enc: altered(message.enc) }, context),
    () => hpkeOpen(crypto, secret, { ...message, enc: new Uint8Array(32) }, context),
    () => hpkeOpen(crypto, secret, { ...message, enc: new Uint8Array(5) }, context),
    () => hpkeOpen(crypto, secret, { ...message, ct: altered(message.ct) }, context),
    () => hpkeOpen(crypto, secret, { ...message, ct: new Uint8Array(3) }, context),
    () => hpkeOpen(crypto, secret, message, { ...context, info: utf8('other') }),
    () => hpkeOpen(crypto, secret, message, { info: context.info }),
  ]
  for (const open of wrong) await assert.rejects(open, (error) => isHoltError(error, 'DECRYPTION_FAILED'))
  await assert.rejects(
    () => hpkeSeal(crypto, new Uint8Array(32), utf8('x'), context),
    (error) => isHoltError(error, 'MALFORMED'),
  )
})
