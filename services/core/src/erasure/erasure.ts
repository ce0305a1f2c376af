import type { ErasureCode } from './erasure-code.ts'
import { checkShape } from './matrix.ts'
import { referenceErasureCode } from './reference-erasure-code.ts'
import { makeReferenceCoder } from './reference-window-coder.ts'
import { makeSimdCoder, simdErasureCode } from './simd-erasure-code.ts'
import type { WindowCoder } from './window-coder.ts'
import { unrecoverable } from './windowed-erasure-code.ts'

const makeCoder = makeSimdCoder ?? makeReferenceCoder

/** The fastest erasure code that runs here. */
export const erasureCode: ErasureCode = simdErasureCode ?? referenceErasureCode

/**
 * A coder that makes the parity fragments: input window i is data fragment i, output window j parity fragment j
 * (fragment `dataCount + j`).
 *
 * @throws RangeError unless k >= 1, m >= 0 and k + m <= 255.
 */
export function createEncoder(options: { dataCount: number; parityCount: number; windowBytes: number }): WindowCoder {
  const { dataCount, parityCount, windowBytes } = options
  checkShape(dataCount, parityCount)
  const sources = Array.from({ length: dataCount }, (_, i) => i)
  const wanted = Array.from({ length: parityCount }, (_, j) => dataCount + j)
  return makeCoder({ sources, wanted }, windowBytes)
}

/**
 * A coder that makes missing fragments, data or parity: input window i is fragment `sources[i]`, output window j
 * fragment `wanted[j]`.
 *
 * @param options `sources`: k fragments that are present; data fragments cost least.
 * @throws HoltError PACK_UNRECOVERABLE for fewer than k sources; RangeError for more, or when fragments repeat or are both.
 */
export function createRebuilder(options: {
  dataCount: number
  sources: readonly number[]
  wanted: readonly number[]
  windowBytes: number
}): WindowCoder {
  const { dataCount, sources, wanted, windowBytes } = options
  checkShape(dataCount, 0)
  if (sources.length < dataCount) throw unrecoverable(sources.length, sources.length + wanted.length, dataCount)
  if (sources.length > dataCount) throw new RangeError(`${sources.length} sources, ${dataCount} are enough`)
  return makeCoder({ sources: [...sources], wanted: [...wanted] }, windowBytes)
}
