import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isHoltError } from '../errors.ts'
import { allocateKernelMemory } from '../kernel-memory.ts'
import { createEncoder, createRebuilder, erasureCode } from './erasure.ts'
import type { ErasureCode } from './erasure-code.ts'
import { referenceErasureCode } from './reference-erasure-code.ts'
import { simdErasureCode } from './simd-erasure-code.ts'

function someBytes(length: number, seed: number): Uint8Array {
  let state = seed * 2654435761 + 1
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    return state >>> 24
  })
}

function someFragments(count: number, length: number, seed = 1): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => someBytes(length, seed + index))
}

function withParity(code: ErasureCode, data: Uint8Array[], parityCount: number): Uint8Array[] {
  return [...data, ...code.encode(data, parityCount)]
}

/** A shape, a length and which fragments are lost (as many as parity can replace). */
const lossyShape = fc
  .integer({ min: 1, max: 255 })
  .chain((total) =>
    fc.record({ total: fc.constant(total), dataCount: fc.integer({ min: 1, max: total }), length: fc.integer({ min: 1, max: 300 }) }),
  )
  .chain((shape) => {
    const indices = Array.from({ length: shape.total }, (_, index) => index)
    return fc.record({
      shape: fc.constant(shape),
      lost: fc.shuffledSubarray(indices, { minLength: 0, maxLength: shape.total - shape.dataCount }),
      seed: fc.nat(1000),
    })
  })

test('the SIMD code runs here and is the one that is chosen', () => {
  assert.notEqual(simdErasureCode, null)
  assert.equal(erasureCode, simdErasureCode)
})

const simd = simdErasureCode as ErasureCode

for (const [name, code] of Object.entries({ simd, reference: referenceErasureCode })) {
  test(`${name}: replicates with one data fragment`, () => {
    const [data] = someFragments(1, 1000) as [Uint8Array]
    assert.deepEqual(code.encode([data], 3), [data, data, data])
    assert.deepEqual(code.reconstruct([null, null, data, null], { dataCount: 1 }), [data, data, data, data])
  })

  test(`${name}: no parity is fine as long as nothing is lost`, () => {
    const data = someFragments(4, 10)
    assert.deepEqual(code.encode(data, 0), [])
    assert.deepEqual(code.reconstruct(data, { dataCount: 4 }), data)
    assert.throws(
      () => code.reconstruct([...data.slice(0, 3), null], { dataCount: 4 }),
      (error) => isHoltError(error, 'PACK_UNRECOVERABLE'),
    )
  })

  test(`${name}: empty fragments have empty parity`, () => {
    const all = withParity(code, someFragments(3, 0), 2)
    assert.deepEqual(
      code.reconstruct([null, all[1] as Uint8Array, null, all[3] as Uint8Array, all[4] as Uint8Array], { dataCount: 3 }),
      all,
    )
  })

  test(`${name}: rebuilds only what is wanted and returns what is there as it is`, () => {
    const all = withParity(code, someFragments(3, 50), 3)
    const [, second, , fourth, , sixth] = all
    const rebuilt = code.reconstruct(
      [null, second, null, fourth, null, sixth].map((fragment) => fragment ?? null),
      { dataCount: 3, wanted: [2, 4, 1] },
    )
    assert.deepEqual(rebuilt, [null, second, all[2], fourth, all[4], sixth])
    assert.equal(rebuilt[1], second)
  })

  test(`${name}: refuses shapes and fragments that cannot be`, () => {
    assert.throws(() => code.encode([], 1), RangeError)
    assert.throws(() => code.encode(someFragments(200, 1), 56), RangeError)
    assert.throws(() => code.encode(someFragments(2, 1), -1), RangeError)
    assert.throws(() => code.encode(someFragments(2, 1), 1.5), RangeError)
    assert.throws(() => code.encode([new Uint8Array(2), new Uint8Array(3)], 1), RangeError)
    assert.throws(() => code.reconstruct([null], { dataCount: 2 }), RangeError)
    assert.throws(() => code.reconstruct([new Uint8Array(1), null], { dataCount: 1, wanted: [2] }), RangeError)
    assert.doesNotThrow(() => code.encode(someFragments(200, 1), 55))
  })
}

test('any k of n fragments rebuild the others, one fewer is refused: every loss of every shape to 12 fragments', () => {
  for (let total = 1; total <= 12; total++) {
    for (let dataCount = 1; dataCount <= total; dataCount++) {
      const all = withParity(simd, someFragments(dataCount, 3, total * 100), total - dataCount)
      for (let mask = 0; mask < 1 << total; mask++) {
        const left = all.map((fragment, index) => (mask & (1 << index) ? null : fragment))
        const present = left.filter((fragment) => fragment !== null).length
        if (present >= dataCount) assert.deepEqual(simd.reconstruct(left, { dataCount }), all)
        else if (present === dataCount - 1) {
          assert.throws(
            () => simd.reconstruct(left, { dataCount }),
            (error) => isHoltError(error, 'PACK_UNRECOVERABLE') && error.data.present === present && error.data.needed === dataCount,
          )
        }
      }
    }
  }
})

test('gives the bytes of the reference, for every shape to 12 fragments', () => {
  for (let total = 1; total <= 12; total++) {
    for (let dataCount = 1; dataCount <= total; dataCount++) {
      const data = someFragments(dataCount, 100, total)
      assert.deepEqual(simd.encode(data, total - dataCount), referenceErasureCode.encode(data, total - dataCount))
    }
  }
})

test('gives the bytes of the reference and rebuilds every loss, for random shapes to 255 fragments', () => {
  fc.assert(
    fc.property(lossyShape, ({ shape: { total, dataCount, length }, lost, seed }) => {
      const data = someFragments(dataCount, length, seed)
      const all = withParity(simd, data, total - dataCount)
      assert.deepEqual(all, withParity(referenceErasureCode, data, total - dataCount))
      const left = all.map((fragment, index) => (lost.includes(index) ? null : fragment))
      assert.deepEqual(simd.reconstruct(left, { dataCount }), all)
    }),
    { numRuns: 60 },
  )
})

test('the reference, too, rebuilds every loss', () => {
  fc.assert(
    fc.property(lossyShape, ({ shape: { total, dataCount, length }, lost, seed }) => {
      const all = withParity(simd, someFragments(dataCount, length, seed), total - dataCount)
      const left = all.map((fragment, index) => (lost.includes(index) ? null : fragment))
      assert.deepEqual(referenceErasureCode.reconstruct(left, { dataCount }), all)
    }),
    { numRuns: 30 },
  )
})

test('a range of the columns coded alone equals that range of the whole', () => {
  const size = 200_000
  const data = someFragments(10, size)
  const whole = simd.encode(data, 4)
  fc.assert(
    fc.property(fc.nat(size), fc.nat(size), (a, b) => {
      const [begin, end] = a < b ? [a, b] : [b, a]
      const part = simd.encode(
        data.map((fragment) => fragment.subarray(begin, end)),
        4,
      )
      assert.deepEqual(
        part,
        whole.map((fragment) => fragment.subarray(begin, end)),
      )
    }),
    { numRuns: 25 },
  )
})

test('an encoder codes piece by piece in its windows what whole fragments give', () => {
  const sizeBytes = 10_000
  const data = someFragments(6, sizeBytes)
  const coder = createEncoder({ dataCount: 6, parityCount: 3, windowBytes: 1234 })
  const parity = Array.from({ length: 3 }, () => new Uint8Array(sizeBytes))
  for (let offset = 0; offset < sizeBytes; offset += coder.windowBytes) {
    const length = Math.min(coder.windowBytes, sizeBytes - offset)
    for (const [i, fragment] of data.entries()) coder.input(i).set(fragment.subarray(offset, offset + length))
    coder.code(length)
    for (const [j, fragment] of parity.entries()) fragment.set(coder.output(j).subarray(0, length), offset)
    for (const [i, fragment] of data.entries())
      assert.deepEqual(coder.input(i).subarray(0, length), fragment.subarray(offset, offset + length))
  }
  coder.close()
  assert.deepEqual(parity, referenceErasureCode.encode(data, 3))
})

test('a rebuilder takes its sources and gives what is wanted in the order that was asked for', () => {
  const all = withParity(simd, someFragments(4, 500), 4)
  const sources = [7, 2, 4, 1]
  const wanted = [5, 0, 6]
  const coder = createRebuilder({ dataCount: 4, sources, wanted, windowBytes: 500 })
  for (const [i, index] of sources.entries()) coder.input(i).set(all[index] as Uint8Array)
  coder.code(500)
  for (const [j, index] of wanted.entries()) assert.deepEqual(coder.output(j), all[index])
  coder.close()
})

test('coders refuse what they cannot do', () => {
  const tooFew = { dataCount: 3, sources: [0, 4], wanted: [1], windowBytes: 10 }
  assert.throws(
    () => createRebuilder(tooFew),
    (error) => isHoltError(error, 'PACK_UNRECOVERABLE'),
  )
  assert.throws(() => createRebuilder({ ...tooFew, sources: [0, 4, 5, 6] }), RangeError)
  assert.throws(() => createRebuilder({ ...tooFew, sources: [0, 4, 4] }), RangeError)
  assert.throws(() => createRebuilder({ ...tooFew, sources: [0, 4, 1] }), RangeError)
  assert.throws(() => createRebuilder({ ...tooFew, sources: [0, 4, 255] }), RangeError)
  assert.throws(() => createEncoder({ dataCount: 3, parityCount: 2, windowBytes: 0 }), RangeError)
  const coder = createEncoder({ dataCount: 3, parityCount: 2, windowBytes: 10 })
  assert.throws(() => coder.code(11), RangeError)
  assert.throws(() => coder.input(3), RangeError)
  assert.throws(() => coder.output(2), RangeError)
  coder.close()
})

test('coding touches nothing beside its windows, whatever the lengths', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 9000 }),
      (dataCount, parityCount, windowBytes) => {
        const before = allocateKernelMemory(100)
        const coder = createEncoder({ dataCount, parityCount, windowBytes })
        const after = allocateKernelMemory(100)
        for (const region of [before, after]) region.bytes.fill(0xa5)
        for (let i = 0; i < dataCount; i++) coder.input(i).fill(i + 1)
        coder.code(windowBytes)
        for (const region of [before, after]) assert.ok(region.bytes.every((byte) => byte === 0xa5))
        for (let i = 0; i < dataCount; i++) assert.ok(coder.input(i).every((byte) => byte === i + 1))
        for (const closed of [before, after]) closed.free()
        coder.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('coders of many shapes at once keep their programs and windows apart', () => {
  const shapes = Array.from({ length: 24 }, (_, i) => ({ dataCount: (i % 7) + 1, parityCount: (i % 5) + 1 + Math.floor(i / 12) }))
  for (let round = 0; round < 3; round++) {
    const coders = shapes.map((shape) => createEncoder({ ...shape, windowBytes: 300 }))
    const inputs = shapes.map(({ dataCount }, c) => someFragments(dataCount, 300, 50 * round + c))
    for (const [c, coder] of coders.entries())
      for (const [i, fragment] of (inputs[c] as Uint8Array[]).entries()) coder.input(i).set(fragment)
    for (const coder of coders) coder.code(300)
    for (const [c, coder] of coders.entries()) {
      const parity = Array.from({ length: coder.plan.wanted.length }, (_, j) => coder.output(j))
      assert.deepEqual(parity, referenceErasureCode.encode(inputs[c] as Uint8Array[], parity.length))
      coder.close()
    }
  }
})
