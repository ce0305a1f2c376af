import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invert, multiply, powerOfTwo } from './field.ts'
import { interpolationRows } from './matrix.ts'

/** Multiplication as on paper: shift, add, reduce by 0x11d. */
function multiplyOnPaper(a: number, b: number): number {
  let product = 0
  for (let bit = 0; bit < 8; bit++) if (b & (1 << bit)) product ^= a << bit
  for (let bit = 14; bit >= 8; bit--) if (product & (1 << bit)) product ^= 0x11d << (bit - 8)
  return product
}

type Matrix = number[][]

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    (b[0] as number[]).map((_, c) => row.reduce((sum, value, i) => sum ^ multiplyOnPaper(value, b[i]?.[c] as number), 0)),
  )
}

/** Gauss–Jordan elimination. */
function inverse(matrix: Matrix): Matrix {
  const size = matrix.length
  const rows = matrix.map((row, r) => [...row, ...row.map((_, c) => (c === r ? 1 : 0))])
  for (let column = 0; column < size; column++) {
    const pivot = rows.findIndex((row, r) => r >= column && row[column] !== 0)
    const row = rows[pivot] as number[]
    rows[pivot] = rows[column] as number[]
    const scale = invert(row[column] as number)
    rows[column] = row.map((value) => multiplyOnPaper(value, scale))
    for (let r = 0; r < size; r++) {
      const factor = rows[r]?.[column] as number
      if (r !== column) rows[r] = (rows[r] as number[]).map((value, c) => value ^ multiplyOnPaper(factor, rows[column]?.[c] as number))
    }
  }
  return rows.map((row) => row.slice(size))
}

/** V · V[0..k]⁻¹ with V[r][c] = r^c, as the formats page states it. */
function systematicVandermonde(dataCount: number, total: number): Matrix {
  const power = (base: number, exponent: number): number => (exponent === 0 ? 1 : multiplyOnPaper(base, power(base, exponent - 1)))
  const vandermonde = Array.from({ length: total }, (_, r) => Array.from({ length: dataCount }, (__, c) => power(r, c)))
  return product(vandermonde, inverse(vandermonde.slice(0, dataCount)))
}

test('the field multiplies as on paper and every element but zero has an inverse', () => {
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) assert.equal(multiply(a, b), multiplyOnPaper(a, b))
  for (let a = 1; a < 256; a++) assert.equal(multiply(a, invert(a)), 1)
  assert.throws(() => invert(0), RangeError)
  assert.equal(powerOfTwo(-1), invert(2))
})

test('encoding rows are those of the systematic Vandermonde matrix', () => {
  for (const [dataCount, total] of [
    [1, 4],
    [2, 3],
    [4, 6],
    [10, 14],
    [17, 30],
    [40, 50],
  ] as const) {
    const sources = Array.from({ length: dataCount }, (_, i) => i)
    const wanted = Array.from({ length: total - dataCount }, (_, j) => dataCount + j)
    assert.deepEqual([...interpolationRows({ sources, wanted })], systematicVandermonde(dataCount, total).slice(dataCount).flat())
  }
})

test('rebuilding rows are those of the inverted matrix of the sources', () => {
  const matrix = systematicVandermonde(5, 9)
  const sources = [8, 1, 6, 3, 5]
  const decoding = inverse(sources.map((index) => matrix[index] as number[]))
  const rebuilt = product(
    [0, 2, 4, 7].map((index) => matrix[index] as number[]),
    decoding,
  )
  assert.deepEqual([...interpolationRows({ sources, wanted: [0, 2, 4, 7] })], rebuilt.flat())
})
