import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concatBytes, fromHex, toHex } from './bytes.ts'
import { decode, decodePadded, decodePrefix, encode, encodeInParts } from './codec.ts'
import { isHoltError } from './errors.ts'

/** It does not load on Node 18: one reason that the codec is our own. */
const loads = Number(process.versions.node.split('.')[0]) >= 20
const reference = loads ? await import('@atcute/cbor') : (undefined as never)
const options = loads ? {} : { skip: '@atcute/cbor needs Node 20' }

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.integer({ min: -70000, max: 70000 }),
    fc.double({ noDefaultInfinity: true, noNaN: true }).filter((number) => !Number.isInteger(number)),
    text,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '$bytes', '$link', '1', 'b', 'aa')), tie('value'), {
      noNullPrototype: true,
    }),
  ),
}))

function hex(digits: string): Uint8Array {
  return fromHex(digits.replaceAll(' ', '')) as Uint8Array
}

function refused(bytes: Uint8Array, limits = {}): void {
  assert.throws(
    () => decode(bytes, limits),
    (error) => isHoltError(error, 'MALFORMED'),
    toHex(bytes.subarray(0, 40)),
  )
}

test('gives back every value, in the one encoding that there is', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const bytes = encode(value)
      const decoded = decode(bytes)
      assert.deepEqual(decoded, value)
      assert.deepEqual(encode(decoded), bytes)
    }),
    { numRuns: 1000 },
  )
})

test('agrees with @atcute/cbor on values both can carry', options, () => {
  const wrapBytes = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return reference.toBytes(value)
    if (Array.isArray(value)) return value.map(wrapBytes)
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, wrapBytes(v)]))
    return value
  }
  const foreign = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
    const special = Object.keys(value).some((key) => ['__proto__', 'constructor', '$bytes', '$link'].includes(key))
    return special || Object.values(value).some(foreign)
  }
  const sameBytes = fc.property(
    anyValue.filter((value) => !foreign(value)),
    (value) => assert.equal(toHex(encode(value)), toHex(reference.encode(wrapBytes(value)))),
  )
  fc.assert(sameBytes, { numRuns: 500 })
})

test('is never laxer than @atcute/cbor on altered bytes', options, () => {
  const neverLaxer = fc.property(anyValue, fc.nat(), fc.nat(255), (value, place, byte) => {
    const bytes = encode(value)
    bytes[place % bytes.length] = byte
    try {
      decode(bytes)
    } catch {
      return
    }
    reference.decode(bytes)
  })
  fc.assert(neverLaxer, { numRuns: 2000 })
})

test('reads text and bytes as plain values', () => {
  const decoded = decode(hex('a2 6162 43010203 626162 62c3a9')) as Record<string, unknown>
  assert.deepEqual(decoded, { b: Uint8Array.of(1, 2, 3), ab: 'é' })
  assert.equal((decode(Buffer.from('4101', 'hex')) as Uint8Array).constructor, Uint8Array)
  assert.equal(decode(encode('\ufeffa')), '\ufeffa')
  assert.equal(decode(encode('\ufffd'.repeat(20))), '\ufffd'.repeat(20))
})

const malformed: Record<string, string> = {
  'nothing at all': '',
  'an integer not in its shortest form': '1817',
  'a 16-bit integer not in its shortest form': '1900ff',
  'a 32-bit integer not in its shortest form': '1a0000ffff',
  'a 64-bit integer not in its shortest form': '1b00000000ffffffff',
  'an integer beyond 2^53': '1b0020000000000000',
  'a negative integer beyond 2^53': '3b001fffffffffffff',
  'a length not in its shortest form': '580161',
  'map keys out of order': 'a2 6162 01 6161 02',
  'a longer key first': 'a2 626161 01 6162 02',
  'the same key twice': 'a2 6161 01 6161 02',
  'a key that is no text': 'a1 01 01',
  'a map that ends after a key': 'a1 6161',
  'an indefinite array': '9f01ff',
  'an indefinite map': 'bf616101ff',
  'indefinite bytes': '5f4101ff',
  'indefinite text': '7f6161ff',
  'a lone break': 'ff',
  'reserved lengths': '1c',
  'a date tag': 'c000',
  'a link': 'd82a 45 0001550000',
  'a bignum': 'c24101',
  undefined: 'f7',
  'a simple value': 'f0',
  'a long simple value': 'f8ff',
  'a 16-bit float': 'f93e00',
  'a 32-bit float': 'fa3fc00000',
  'a whole float': 'fb3ff0000000000000',
  'minus zero': 'fb8000000000000000',
  NaN: 'fb7ff8000000000000',
  infinity: 'fb7ff0000000000000',
  'a huge float, which is whole': 'fb7fe0000000000000',
  'an overlong sequence': '62c0af',
  'an overlong sequence of three': '63e08080',
  'half a surrogate pair': '63eda080',
  'a character beyond Unicode': '64f4908080',
  'a sequence cut short': '61c3',
  'a long text with one bad byte': `7828${'61'.repeat(39)}ff`,
  'a lone tail byte': '6180',
  'a bad key': 'a1 61ff 01',
  'bytes behind the item': '0000',
  'bytes that end early': '4301',
  'a length bomb of bytes': '5bffffffffffffffff',
  'a length bomb of text': '7b001fffffffffffff',
  'a length bomb of an array': '9b001fffffffffffff',
  'a length bomb of a map': 'bb001fffffffffffff',
  'an array longer than the input': '9a0000ffff00',
}
for (const [what, digits] of Object.entries(malformed)) test(`refuses ${what}`, () => refused(hex(digits)))

test('refuses what crosses its limits', () => {
  refused(new Uint8Array(5_000_000).fill(0x81), { maxBytes: 1e7 })
  refused(encode([[[[1]]]]), { maxDepth: 3 })
  refused(encode({ a: { a: { a: {} } } }), { maxDepth: 3 })
  refused(encode(new Array(100).fill(0)), { maxItems: 100 })
  refused(encode({ a: 1, b: 2 }), { maxItems: 4 })
  refused(encode(new Uint8Array(99)), { maxBytes: 100 })
  assert.deepEqual(decode(encode([[[1]]]), { maxDepth: 3, maxItems: 4, maxBytes: 4 }), [[[1]]])
})

test('decodes an item in front of others, and one before zeros', () => {
  const padded = new Uint8Array(64)
  const item = encode({ v: 1, name: 'x' })
  padded.set(item)
  assert.deepEqual(decodePrefix(padded), { value: { v: 1, name: 'x' }, length: item.length })
  assert.deepEqual(decodePadded(padded), { v: 1, name: 'x' })
  padded[63] = 1
  assert.throws(
    () => decodePadded(padded),
    (error) => isHoltError(error, 'MALFORMED'),
  )
})

test('leaves out undefined fields and refuses what has no one encoding', () => {
  assert.deepEqual(encode({ a: undefined, b: 1 }), encode({ b: 1 }))
  for (const value of [
    undefined,
    [undefined],
    1n,
    Number.NaN,
    Infinity,
    2 ** 53,
    -(2 ** 53),
    () => 1,
    Symbol('x'),
    '\ud800',
    { '\udc00': 1 },
  ]) {
    assert.throws(
      () => encode(value),
      (error) => error instanceof TypeError || error instanceof RangeError,
    )
  }
  assert.deepEqual(encode({ v: 1 }), hex('a1617601'), 'a failed call leaves nothing behind')
})

test('does not let a key reach the prototype', () => {
  const decoded = decode(encode(JSON.parse('{"__proto__": {"polluted": true}}'))) as Record<string, unknown>
  assert.equal(decoded.polluted, undefined)
  assert.deepEqual(Object.keys(decoded), ['__proto__'])
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})

test('in parts it is the same bytes, and long byte strings are not copied', () => {
  const [long, longer] = [new Uint8Array(20_000).fill(1), new Uint8Array(3_000_000).fill(2)]
  for (const value of [{ a: 1, long, b: [longer, 'x', long] }, long, [long, longer], new Uint8Array(16_383), 'short', {}]) {
    const parts = encodeInParts(value, { before: 4 })
    assert.equal(toHex(concatBytes(parts).subarray(4)), toHex(encode(value)))
    assert.ok((parts[0]?.length ?? 0) >= 4)
  }
  assert.deepEqual(encodeInParts({ long, longer }).filter((part) => part === long || part === longer).length, 2)
  assert.throws(() => encodeInParts({ long, wrong: () => {} }), TypeError)
  assert.equal(toHex(encode([1])), '8101')
})
