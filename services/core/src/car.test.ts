import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { cidOf, DAG_CBOR_CODEC } from './cid.ts'
import { decode } from './codec.ts'
import { isHoltError } from './errors.ts'
import { CAR_HEADER, frameSection, MAX_BODY_BYTES, parseSectionHead, sectionLength, splitSections } from './car.ts'
import { concatBytes } from './bytes.ts'

const bodies = [30, 0, 200].map((length, i) => new Uint8Array(length).fill(i + 1))
const run = concatBytes(bodies.map((body) => frameSection(cidOf(body), body)))

test('the header is that of a CARv1 file without roots', () => {
  assert.equal(CAR_HEADER[0], CAR_HEADER.length - 1)
  assert.deepEqual(decode(CAR_HEADER.subarray(1)), { roots: [], version: 1 })
})

test('a section is varint(length) || CID || body, also where the varint grows', () => {
  for (const length of [0, 1, 91, 92, 16_347, 16_348, 2_097_115, 2_097_116]) {
    const body = new Uint8Array(length).fill(7)
    const section = frameSection(cidOf(body), body)
    assert.equal(section.length, sectionLength(length))
    const place = parseSectionHead(section, 0)
    assert.ok(typeof place === 'object')
    assert.deepEqual(section.subarray(place.cidOffset, place.bodyOffset), cidOf(body))
    assert.equal(place.bodyLength, length)
    assert.equal(place.end, section.length)
  }
})

test('refuses a varint that is longer than need be, one of five bytes, a length beyond the bound, and another hash', () => {
  const section = frameSection(cidOf(new Uint8Array(10)), new Uint8Array(10))
  const changed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const copy = section.slice()
    change(copy)
    return copy
  }
  assert.equal(parseSectionHead(new Uint8Array([0xae, 0x00, ...section.subarray(1)]), 0), 'bad')
  assert.equal(parseSectionHead(new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x01, ...section]), 0), 'bad')
  assert.equal(parseSectionHead(new Uint8Array([0xff, 0xff, 0xff, 0x7f, ...section.subarray(1)]), 0), 'bad')
  assert.ok(MAX_BODY_BYTES < 2 ** 28 - 1)
  for (const at of [1, 2, 3, 4])
    assert.equal(
      parseSectionHead(
        changed((bytes) => bytes.fill(0xee, at, at + 1)),
        0,
      ),
      'bad',
    )
  assert.equal(typeof parseSectionHead(frameSection(cidOf(section, DAG_CBOR_CODEC), section), 0), 'object')
})

test('every cut of a run of sections is refused, the whole run is not', () => {
  assert.deepEqual(
    splitSections(run).map(({ bodyOffset, end }) => run.subarray(bodyOffset, end)),
    bodies,
  )
  const ends = new Set([0, ...splitSections(run).map(({ end }) => end)])
  for (let length = 0; length < run.length; length++) {
    if (ends.has(length)) splitSections(run.subarray(0, length))
    else assert.throws(() => splitSections(run.subarray(0, length)), { code: 'MALFORMED' })
  }
})

test('any bytes are taken apart or refused, never anything else', () => {
  const flipped = fc.array(fc.tuple(fc.nat(run.length - 1), fc.nat(255)), { maxLength: 4 }).map((changes) => {
    const bytes = run.slice()
    for (const [at, value] of changes) bytes[at] = value
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), flipped), (bytes) => {
      try {
        const places = splitSections(bytes)
        assert.equal(places.at(-1)?.end ?? 0, bytes.length)
      } catch (error) {
        assert.ok(isHoltError(error, 'MALFORMED'))
      }
    }),
    { numRuns: 2000 },
  )
})
