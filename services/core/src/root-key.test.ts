import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { blake3 } from './blake3.ts'
import { concatBytes, toHex, utf8 } from './bytes.ts'
import { type HoltError, isHoltError } from './errors.ts'
import { deriveRootKeys, rootKeyFromWords, rootKeyToWords, volumeId } from './root-key.ts'
import { createWebCrypto } from './web-crypto.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const rootKeys = fc.uint8Array({ minLength: 32, maxLength: 32 })

function refusal(text: string): HoltError {
  try {
    rootKeyFromWords(text)
  } catch (error) {
    assert.ok(isHoltError(error, 'WORDS_INVALID'))
    return error
  }
  assert.fail('was accepted')
}

/** Source: the test vectors of BIP-39, those of 256 bits. */
const vectors: Record<string, string> = {
  '0000000000000000000000000000000000000000000000000000000000000000': `${'abandon '.repeat(23)}art`,
  '7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f': `${'legal winner thank year wave sausage worth useful '.repeat(2)}legal winner thank year wave sausage worth title`,
  '8080808080808080808080808080808080808080808080808080808080808080': `${'letter advice cage absurd amount doctor acoustic avoid '.repeat(2)}letter advice cage absurd amount doctor acoustic bless`,
  ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff: `${'zoo '.repeat(23)}vote`,
}

test('words are those of BIP-39', () => {
  for (const [hex, words] of Object.entries(vectors)) {
    assert.equal(rootKeyToWords(Uint8Array.from(Buffer.from(hex, 'hex'))), words)
    assert.equal(toHex(rootKeyFromWords(words)), hex)
  }
})

test('words give the key back however they are typed', () => {
  const there = fc.property(rootKeys, fc.infiniteStream(fc.constantFrom(' ', '  ', '\n', '\t', '\r\n', '\u00a0')), (rootKey, spaces) => {
    const words = rootKeyToWords(rootKey).split(' ')
    const typed = words.map((word, i) => (i % 3 === 0 ? word.toUpperCase() : word) + spaces.next().value).join('')
    assert.deepEqual(rootKeyFromWords(`\n ${typed}`), rootKey)
  })
  fc.assert(there, { numRuns: 100 })
})

test('says what is wrong with words, without repeating them', () => {
  const words = rootKeyToWords(new Uint8Array(32).fill(9)).split(' ')
  const swapped = [words[1], words[0], ...words.slice(2)].join(' ')
  assert.deepEqual(refusal('').data, { reason: 'count', count: 0 })
  assert.deepEqual(refusal(words.slice(1).join(' ')).data, { reason: 'count', count: 23 })
  assert.deepEqual(refusal([...words, 'zoo'].join(' ')).data, { reason: 'count', count: 25 })
  assert.deepEqual(refusal(swapped).data, { reason: 'checksum' })
  const unknown = refusal([...words.slice(0, 4), 'hollt', ...words.slice(5)].join(' '))
  assert.deepEqual(unknown.data, { reason: 'word', position: 5 })
  for (const error of [unknown, refusal(swapped)])
    for (const word of [...words, 'hollt']) assert.ok(!error.message.split(' ').includes(word))
})

test('derives each key by its own name, as docs/formats.md says', () => {
  const rootKey = new Uint8Array(32).fill(3)
  const keys = deriveRootKeys(crypto, rootKey)
  const derive = (info: Uint8Array) => crypto.hkdf(rootKey, { salt: utf8('holt'), info, lengthBytes: 32 })
  assert.deepEqual(keys.principal.seed, derive(utf8('holt/principal/1')))
  assert.deepEqual(keys.storage.seed, derive(utf8('holt/storage/1')))
  assert.deepEqual(keys.principal.publicKey, crypto.ed25519PublicKey(keys.principal.seed))
  assert.deepEqual(
    keys.volume.id,
    blake3(concatBytes([utf8('holt/volume/1'), keys.principal.publicKey, new Uint8Array(16)])).subarray(0, 16),
  )
  assert.deepEqual(keys.volumeKey(258), derive(concatBytes([utf8('holt/volume-key/1'), keys.volume.id, Uint8Array.of(0, 0, 1, 2)])))
  const all = [keys.principal.seed, keys.storage.seed, keys.volumeKey(0), keys.volumeKey(1)].map(toHex)
  assert.equal(new Set(all).size, all.length)
  assert.deepEqual(deriveRootKeys(crypto, rootKey).volumeKey(0), keys.volumeKey(0))
})

test('a volume’s id follows from its owner and salt', () => {
  const [owner, salt] = [new Uint8Array(32).fill(1), new Uint8Array(16).fill(2)]
  assert.equal(volumeId(owner, salt).length, 16)
  assert.notDeepEqual(volumeId(owner, salt), volumeId(owner, new Uint8Array(16)))
  assert.notDeepEqual(volumeId(owner, salt), volumeId(new Uint8Array(32), salt))
})
