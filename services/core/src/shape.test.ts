import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from './codec.ts'
import { type HoltError, isHoltError } from './errors.ts'
import * as shape from './shape.ts'

const sample = shape.record({
  v: shape.version(1),
  kind: shape.literal('sample'),
  id: shape.bytesOf(4),
  seq: shape.uint({ min: 1 }),
  note: shape.optional(shape.text({ maxBytes: 8 })),
  prev: shape.nullable(shape.cid),
  at: shape.time,
  tags: shape.arrayOf(shape.bytes({ max: 6, multipleOf: 3 }), { max: 2 }),
  x: shape.mapOf(shape.uint(), { max: 2, maxNameBytes: 3 }),
  part: shape.oneOf('t', {
    a: shape.record({ t: shape.literal('a'), n: shape.integer({ min: -1, max: 1 }) }),
    b: shape.record({ t: shape.literal('b') }),
  }),
})
type Sample = shape.ShapeOf<typeof sample>

const cid = new Uint8Array(36)
cid.set([1, 0x55, 0x1e, 0x20])
const good: Sample = {
  v: 1,
  kind: 'sample',
  id: Uint8Array.of(1, 2, 3, 4),
  seq: 1,
  prev: cid,
  at: [-5, 999_999_999],
  tags: [new Uint8Array(3)],
  x: { é: 1 },
  part: { t: 'a', n: -1 },
}

function refusal(value: unknown): HoltError {
  try {
    shape.parse(sample, encode(value))
  } catch (error) {
    assert.ok(isHoltError(error))
    return error
  }
  assert.fail('was accepted')
}

test('takes what fits', () => {
  assert.deepEqual(shape.parse(sample, encode(good)), good)
  const other: Sample = { ...good, note: '12345678', prev: null, part: { t: 'b' } }
  assert.deepEqual(shape.parse(sample, encode(other)), other)
})

const wrong: Record<string, unknown> = {
  kind: 'other',
  id: new Uint8Array(3),
  seq: 0,
  note: '123456789',
  prev: new Uint8Array(35),
  at: [1, 1_000_000_000],
  tags: [new Uint8Array(4)],
  x: { abcd: 1 },
  part: { t: 'c' },
}
for (const [field, value] of Object.entries(wrong)) {
  test(`names the field ${field} when it is wrong, missing or of another type`, () => {
    const named = new RegExp(`^${field}`)
    const altered: unknown[] = [value, false].map((other) => ({ ...good, [field]: other }))
    if (field !== 'note') altered.push({ ...good, [field]: undefined })
    for (const structure of altered) {
      const error = refusal(structure)
      assert.equal(error.code, 'MALFORMED')
      assert.match(String(error.data.field), named)
    }
  })
}

test('refuses fields it does not know, at the top and below', () => {
  assert.equal(refusal({ ...good, more: 1 }).data.field, 'more')
  assert.equal(refusal({ ...good, part: { t: 'b', n: 1 } }).data.field, 'part.n')
})

test('tells another version from a bad one, before it looks at other fields', () => {
  assert.equal(refusal({ v: 2, anything: true }).code, 'UNSUPPORTED_VERSION')
  assert.equal(refusal({ ...good, v: '1' }).code, 'MALFORMED')
  assert.equal(refusal({ ...good, v: undefined }).code, 'MALFORMED')
})

test('tells a CID of an unknown hash', () => {
  const other = cid.slice()
  other[2] = 0x12
  const error = refusal({ ...good, prev: other })
  assert.equal(error.code, 'UNSUPPORTED_VERSION')
  assert.equal(error.data.field, 'prev')
})

test('refuses maps and arrays in place of each other', () => {
  for (const value of [[], null, new Uint8Array(3), 'text', 1]) assert.equal(refusal(value).code, 'MALFORMED')
  assert.equal(refusal({ ...good, x: [] }).data.field, 'x')
  assert.equal(refusal({ ...good, tags: {} }).data.field, 'tags')
  assert.equal(refusal({ ...good, at: [1] }).data.field, 'at')
})
