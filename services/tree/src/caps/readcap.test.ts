import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { decode, encode } from '@holt/core/codec.ts'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import type { TreeEntry } from '../types.ts'
import { makePeople } from './cap-people.ts'
import { MemorySnapshot } from './memory-snapshot.ts'
import { attenuateReadcap, decodeReadcap, encodeReadcap, issueReadcap, type Readcap, verifyReadcap } from './readcap.ts'
import { openReadcap, sealReadcap } from './sealed-readcap.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const { owner, alice, bob, eve, salt } = makePeople(crypto)
const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const now = { nowSeconds: 1000 }

const key = (number: number) => new Uint8Array(32).fill(number)
const photos: TreeEntry = { t: 'd', m: 0o755, mt: [1, 0], k: [key(1)], r: null }
const snapshot = new MemorySnapshot({
  '/': { ...photos, k: [key(9)] },
  '/photos': photos,
  '/photos/ä.jpg': { t: 'f', m: 0o644, mt: [1, 0], k: [key(2), key(3)], r: null, z: 0, c: 20, h: 0 },
  '/photos/link': { t: 'l', m: 0o777, mt: [1, 0], to: 'x' },
})

const whole = issueReadcap(
  crypto,
  { label: 'all', owner: owner.publicKey, salt, target: { t: 'volume', k: [key(7), key(8)] }, expires: 5000 },
  owner.seed,
)
const part = await attenuateReadcap(crypto, whole, { snapshot, path: '/photos', label: 'our photos', seed: alice.seed })

test('holds as it was made', () => {
  for (const readcap of [whole, part]) {
    verifyReadcap(crypto, readcap, now)
    assert.deepEqual(decodeReadcap(encodeReadcap(readcap)), readcap)
  }
})

test('a part opens its entry, says who gave it, and does not outlive the whole', async () => {
  assert.deepEqual(part.target, { t: 'entry', entry: photos, name: 'photos' })
  assert.deepEqual(part.issuer, alice.publicKey)
  assert.equal(part.expires, 5000)
  const file = await attenuateReadcap(crypto, part, { snapshot, path: '/photos/ä.jpg', label: '', expires: 4000, seed: bob.seed })
  assert.deepEqual(file.target.t === 'entry' && file.target.name, 'ä.jpg')
  assert.equal(file.expires, 4000)
  for (const expires of [5001, null]) {
    await assert.rejects(
      attenuateReadcap(crypto, whole, { snapshot, path: '/photos', label: '', expires, seed: bob.seed }),
      refuses('NOT_AUTHORIZED'),
    )
  }
})

test('a part holds no key of what is above or beside it', () => {
  const bytes = Buffer.from(encodeReadcap(part))
  for (const other of [7, 8, 9, 2, 3]) assert.equal(bytes.includes(Buffer.from(key(other))), false)
  assert.equal(bytes.includes(Buffer.from(key(1))), true)
})

test('there is no part for what is not there, the top, or a symlink', async () => {
  const attenuate = (path: string) => attenuateReadcap(crypto, whole, { snapshot, path, label: '', seed: alice.seed })
  await assert.rejects(attenuate('/nowhere'), refuses('NOT_FOUND'))
  await assert.rejects(attenuate('/'), refuses('INPUT_INVALID'))
  await assert.rejects(attenuate('/photos/link'), refuses('INPUT_INVALID'))
})

test('refuses every altered field', () => {
  const changes: [Partial<Readcap>, HoltErrorCode][] = [
    [{ label: 'other' }, 'SIGNATURE_INVALID'],
    [{ target: { t: 'volume', k: [key(7)] } }, 'SIGNATURE_INVALID'],
    [{ target: part.target }, 'SIGNATURE_INVALID'],
    [{ expires: 6000 }, 'SIGNATURE_INVALID'],
    [{ expires: null }, 'SIGNATURE_INVALID'],
    [{ issuer: eve.publicKey }, 'SIGNATURE_INVALID'],
    [{ sig: part.sig }, 'SIGNATURE_INVALID'],
    [{ volume: new Uint8Array(16) }, 'NOT_AUTHORIZED'],
    [{ owner: eve.publicKey }, 'NOT_AUTHORIZED'],
    [{ salt: new Uint8Array(16) }, 'NOT_AUTHORIZED'],
  ]
  for (const [change, code] of changes)
    assert.throws(() => verifyReadcap(crypto, { ...whole, ...change }, now), refuses(code), Object.keys(change)[0])
})

test('expires by the clock of who uses it', () => {
  verifyReadcap(crypto, whole, { nowSeconds: 5000.9 })
  assert.throws(() => verifyReadcap(crypto, whole, { nowSeconds: 5001 }), refuses('CAP_EXPIRED'))
  const forever = issueReadcap(crypto, { label: '', owner: owner.publicKey, salt, target: whole.target }, owner.seed)
  verifyReadcap(crypto, forever, { nowSeconds: 2 ** 50 })
})

test('only the receiver opens a sealed one, and sees who gave it', async () => {
  const sealed = await sealReadcap(crypto, part, bob.publicKey)
  assert.deepEqual(await openReadcap(crypto, sealed, { seed: bob.seed, ...now }), part)
  await assert.rejects(openReadcap(crypto, sealed, { seed: eve.seed, ...now }), refuses('NOT_AUTHORIZED'))
  const readdressed = encode({ ...(decode(sealed) as object), to: eve.publicKey })
  await assert.rejects(openReadcap(crypto, readdressed, { seed: eve.seed, ...now }), refuses('DECRYPTION_FAILED'))
  await assert.rejects(openReadcap(crypto, sealed, { seed: bob.seed, nowSeconds: 5001 }), refuses('CAP_EXPIRED'))
  assert.equal(Buffer.from(sealed).includes('our photos'), false)
})

test('the size of a sealed one does not tell its label', async () => {
  const sizes = await Promise.all(
    ['', 'a label of forty characters, more or less'].map(async (label) => {
      const readcap = issueReadcap(crypto, { label, owner: owner.publicKey, salt, target: whole.target }, owner.seed)
      return (await sealReadcap(crypto, readcap, bob.publicKey)).length
    }),
  )
  assert.equal(sizes[0], sizes[1])
})

test('a forged readcap that is sealed well is refused', async () => {
  const forged = await sealReadcap(crypto, { ...whole, label: 'other' }, bob.publicKey)
  await assert.rejects(openReadcap(crypto, forged, { seed: bob.seed, ...now }), refuses('SIGNATURE_INVALID'))
})

test('takes structures of the known form only', async () => {
  await fuzzDecoder((bytes) => decodeReadcap(bytes), [encodeReadcap(whole), encodeReadcap(part)])
  assert.throws(() => decodeReadcap(encode({ ...whole, v: 2 })), refuses('UNSUPPORTED_VERSION'))
  const targets = [
    { t: 'volume', k: [] },
    { t: 'volume', k: [new Uint8Array(31)] },
    { t: 'other' },
    { t: 'entry', entry: photos },
    { t: 'entry', entry: photos, name: 'a/b' },
  ]
  for (const target of targets) assert.throws(() => decodeReadcap(encode({ ...whole, target })), refuses('MALFORMED'))
})

test('nothing hostile opens as a sealed readcap', async () => {
  const sealed = await sealReadcap(crypto, part, bob.publicKey)
  await fuzzDecoder((bytes) => openReadcap(crypto, bytes, { seed: bob.seed, ...now }), [sealed], { runs: 100, stride: 7 })
})
