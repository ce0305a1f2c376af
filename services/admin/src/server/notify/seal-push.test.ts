import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { openPush } from '../../testing/push-service.ts'
import { isPushPoint, newSenderKeys, sealPush, senderHeader } from './seal-push.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

/** RFC 8291, section 5 and appendix A. */
const example = {
  text: 'When I grow up, I want to be a watermelon',
  senderPrivate: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  browserPrivate: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  browserPublic: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  body: 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
}
const keys = { p256dh: bytes(example.browserPublic), auth: bytes(example.auth) }

test('seals the example of the RFC into the bytes of the RFC', () => {
  const sealed = sealPush(Buffer.from(example.text), keys, {
    privateKey: bytes(example.senderPrivate),
    salt: bytes(example.salt),
    paddedBytes: 0,
  })
  assert.equal(Buffer.from(sealed).toString('base64url'), example.body)
})

test('what the tests open messages with opens the example of the RFC', () => {
  const opened = openPush(bytes(example.body), { privateKey: bytes(example.browserPrivate), auth: bytes(example.auth) })
  assert.equal(opened, example.text)
})

test('messages of any kind are of one length, sealed anew each time, and open for their browser alone', () => {
  const [one, two, again] = ['a', 'a much longer message', 'a'].map((text) => Buffer.from(sealPush(Buffer.from(text), keys)))
  assert.equal(one?.length, two?.length)
  assert.notDeepEqual(one, again)
  const mine = { privateKey: bytes(example.browserPrivate), auth: bytes(example.auth) }
  assert.equal(openPush(one as Buffer, mine), 'a')
  assert.throws(() => openPush(one as Buffer, { ...mine, auth: new Uint8Array(16) }))
  const changed = Buffer.from(one as Buffer)
  changed[120] = (changed[120] as number) ^ 1
  assert.throws(() => openPush(changed, mine))
})

test('says who sends in a token that the key verifies, for half a day', () => {
  const sender = newSenderKeys()
  const nowMs = 1_700_000_000_000
  const header = senderHeader(sender, { origin: 'https://push.example.com', contact: 'mailto:me@example.com', nowMs })
  const [, head = '', claims = '', signature = '', key = ''] = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(header) ?? []
  assert.equal(key, sender.publicKey)
  assert.deepEqual(JSON.parse(bytes(head).toString()), { typ: 'JWT', alg: 'ES256' })
  assert.deepEqual(JSON.parse(bytes(claims).toString()), {
    aud: 'https://push.example.com',
    exp: 1_700_043_200,
    sub: 'mailto:me@example.com',
  })
  const point = bytes(key)
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const isRight = (text: string): boolean =>
    verify('sha256', Buffer.from(text), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes(signature))
  assert.equal(isRight(`${head}.${claims}`), true)
  assert.equal(isRight(`${head}.${claims}x`), false)
})

test('what is no point of the curve is no key of a browser', () => {
  assert.equal(isPushPoint(keys.p256dh), true)
  const off = Buffer.from(keys.p256dh)
  off[64] = (off[64] as number) ^ 1
  for (const wrong of [off, off.subarray(1), new Uint8Array(65), new Uint8Array(0)]) assert.equal(isPushPoint(wrong), false)
})
