import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { cidOf, DAG_CBOR_CODEC } from '@holt/core/cid.ts'
import { decode } from '@holt/core/codec.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { CAR_HEADER, frameSection, MAX_BODY_BYTES, parseSectionHead, sectionLength, splitSections } from './car.ts'
import { batchOf, bytesFrom } from './test-world.ts'

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
  const { sections, blocks } = batchOf([bytesFrom(1, 30), bytesFrom(2, 0), bytesFrom(3, 200)])
  assert.deepEqual(
    splitSections(sections).map(({ bodyOffset, bodyLength }) => [bodyOffset, bodyLength]),
    blocks.map(({ offset, length }) => [offset, length]),
  )
  const ends = new Set([0, ...splitSections(sections).map(({ end }) => end)])
  for (let length = 0; length < sections.length; length++) {
    if (ends.has(length)) splitSections(sections.subarray(0, length))
    else assert.throws(() => splitSections(sections.subarray(0, length)), { code: 'MALFORMED' })
  }
})

test('any bytes are taken apart or refused, never anything else', () => {
  const { sections } = batchOf([bytesFrom(1, 30), bytesFrom(2, 300)])
  const flipped = fc.array(fc.tuple(fc.nat(sections.length - 1), fc.nat(255)), { maxLength: 4 }).map((changes) => {
    const bytes = sections.slice()
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
