import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CodingNode, neededNodes } from './coding-graph.ts'
import { encodingProgram } from './encoding-program.ts'
import { multiply } from './field.ts'
import { interpolationRows } from './matrix.ts'

/** What a program's outputs are in terms of its inputs: a row of coefficients each. */
function rowsOf(dataCount: number, outputs: readonly CodingNode[]): number[][] {
  const rows = new Map<CodingNode, number[]>()
  const row = (node: CodingNode): number[] => rows.get(node) as number[]
  for (const node of neededNodes(outputs)) rows.set(node, expand(node))
  return outputs.map(row)

  function expand(node: CodingNode): number[] {
    if (node.kind === 'input') return Array.from({ length: dataCount }, (_, i) => (i === node.index ? 1 : 0))
    if (node.kind === 'product') return row(node.a).map((value) => multiply(node.coefficient, value))
    const other = row(node.b)
    return row(node.a).map((value, i) => value ^ (other[i] as number))
  }
}

function parityNumbers(dataCount: number, total: number): number[] {
  return Array.from({ length: total - dataCount }, (_, j) => dataCount + j)
}

function matrixRows(dataCount: number, wanted: number[]): number[][] {
  const coefficients = [...interpolationRows({ sources: Array.from({ length: dataCount }, (_, i) => i), wanted })]
  return wanted.map((_, r) => coefficients.slice(r * dataCount, (r + 1) * dataCount))
}

test('programs are the matrix, for every shape to 64 fragments', () => {
  for (let total = 2; total <= 64; total++) {
    for (let dataCount = 1; dataCount < total; dataCount++) {
      const wanted = parityNumbers(dataCount, total)
      assert.deepEqual(rowsOf(dataCount, encodingProgram(dataCount, wanted)), matrixRows(dataCount, wanted), `${dataCount} of ${total}`)
    }
  }
})

test('a program for some of the parity, in any order, gives just that', () => {
  for (const [dataCount, wanted] of [
    [10, [13, 11]],
    [5, [40]],
    [1, [7, 2]],
    [33, [50, 34, 63]],
  ] as const) {
    assert.deepEqual(rowsOf(dataCount, encodingProgram(dataCount, wanted)), matrixRows(dataCount, [...wanted]))
  }
})

test('programs multiply far less often than the matrix has entries', () => {
  for (const [dataCount, total, products] of [
    [4, 6, 8],
    [10, 14, 40],
    [20, 30, 200],
    [48, 64, 768],
  ] as const) {
    const nodes = neededNodes(encodingProgram(dataCount, parityNumbers(dataCount, total)))
    const used = nodes.filter((node) => node.kind === 'product').length
    assert.ok(2 * used <= products, `${dataCount} of ${total}: ${used} products`)
  }
})
