import { logarithm, powerOfTwo } from './field.ts'

/** Fragment numbers are field elements, so no more can be told apart; 255 keeps a count in one byte. */
export const MAX_FRAGMENTS = 255

/** One coding step: which k fragments go in, in which order, and which come out. */
export interface CodingPlan {
  readonly sources: readonly number[]
  readonly wanted: readonly number[]
}

/**
 * The coefficients that make wanted fragments from sources: row r, of `sources.length` bytes, makes `wanted[r]`.
 *
 * The systematic Vandermonde matrix V · V[0..k]⁻¹ with V[r][c] = r^c says: fragment r is f(r), f the one polynomial of
 * degree < k with f(i) = data fragment i. So any fragment is the Lagrange interpolation of any k others:
 * the coefficient of source s in fragment w is ∏ (w − t) / (s − t) over the other sources t. No matrix is inverted.
 *
 * @throws RangeError when fragments repeat, are both source and wanted, or are not below MAX_FRAGMENTS.
 */
export function interpolationRows({ sources, wanted }: CodingPlan): Uint8Array {
  checkPlan({ sources, wanted })
  const weights = sources.map((source) => sumOfLogarithms(source, sources))
  const rows = new Uint8Array(wanted.length * sources.length)
  let at = 0
  for (const target of wanted) {
    const whole = sumOfLogarithms(target, sources)
    for (const [i, source] of sources.entries()) rows[at++] = powerOfTwo(whole - logarithm(target ^ source) - (weights[i] as number))
  }
  return rows
}

/** log of ∏ (point − t) over all sources t but the point itself. */
function sumOfLogarithms(point: number, sources: readonly number[]): number {
  let sum = 0
  for (const source of sources) if (source !== point) sum += logarithm(point ^ source)
  return sum
}

function checkPlan({ sources, wanted }: CodingPlan): void {
  const all = [...sources, ...wanted]
  if (sources.length === 0) throw new RangeError('at least one fragment must go in')
  if (new Set(all).size !== all.length) throw new RangeError('each fragment may be named once')
  for (const index of all) {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_FRAGMENTS) throw new RangeError(`${index} is no fragment number`)
  }
}

/** @throws RangeError unless k >= 1, m >= 0 and k + m <= 255. */
export function checkShape(dataCount: number, parityCount: number): void {
  if (!Number.isInteger(dataCount) || dataCount < 1) throw new RangeError(`${dataCount} data fragments: at least 1 is needed`)
  if (!Number.isInteger(parityCount) || parityCount < 0) throw new RangeError(`${parityCount} parity fragments`)
  if (dataCount + parityCount > MAX_FRAGMENTS) throw new RangeError(`${dataCount} + ${parityCount} fragments are over ${MAX_FRAGMENTS}`)
}
