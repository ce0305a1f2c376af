import { CodingGraph, type CodingNode, type CodingValue } from './coding-graph.ts'
import { invert, multiply } from './field.ts'

/**
 * Encoding with far fewer multiplications than the matrix has entries, in the same bytes.
 *
 * Fragment i is f(i), f the polynomial of degree < k through the data; the points 0, 1, 2, … are the linear subspaces
 * W_r = {0 … 2^r − 1} of GF(2^8) and their cosets. With s_r(x) = ∏ (x − w) over w in W_r, which is linear in x and
 * constant on every coset of W_r, any polynomial of degree < 2^(r+1) is
 *
 *     f = q0 + s_r(x) / s_r(2^r) · q1      with q0, q1 of degree < 2^r, written likewise down to constants.
 *
 * The 2^r such coefficients stand for f on one coset ("block") of W_r. At a block of twice the size they become those of
 * its halves, and back, by one multiplication a pair (an additive FFT): `left = q0 + w q1`, `right = left + q1`. All
 * coefficients from k on are zero, so the known and the unknown half of the numbers meet in the middle: `complete`.
 *
 * Source: Lin, Chung, Han 2014, "Novel Polynomial Basis and Its Application to Reed–Solomon Erasure Codes"; truncated
 * as in van der Hoeven 2004, "The Truncated Fourier Transform and Applications".
 *
 * @param wanted numbers of parity fragments, all >= `dataCount`.
 * @returns a value for each of `wanted`, made of inputs 0 to `dataCount` − 1.
 */
export function encodingProgram(dataCount: number, wanted: readonly number[]): CodingNode[] {
  const encoder = new EncodingGraph(dataCount, wanted)
  return encoder.outputs()
}

/** A coset of W_`log`; begins at a multiple of its size. */
interface Block {
  readonly begin: number
  readonly log: number
}

class EncodingGraph {
  readonly #graph = new CodingGraph()
  readonly #dataCount: number
  readonly #wanted: readonly number[]
  readonly #values = new Map<number, CodingValue>()

  constructor(dataCount: number, wanted: readonly number[]) {
    this.#dataCount = dataCount
    this.#wanted = wanted
  }

  outputs(): CodingNode[] {
    const log = Math.ceil(Math.log2(Math.max(...this.#wanted) + 1))
    this.#complete(
      { begin: 0, log },
      Array.from({ length: 1 << log }, () => null),
    )
    return this.#wanted.map((index) => this.#values.get(index) as CodingNode) // no parity is zero whatever the data
  }

  /**
   * From the values of the data in a block and those of its coefficients that come after as many as there are values.
   * Notes the wanted values of the block. @returns all its coefficients.
   */
  #complete(block: Block, coefficients: readonly CodingValue[]): CodingValue[] {
    const size = 1 << block.log
    const known = Math.min(Math.max(this.#dataCount - block.begin, 0), size)
    if (known === size) return this.#interpolate(block)
    if (known === 0) {
      this.#evaluate(block, coefficients)
      return [...coefficients]
    }
    const { left, right, weight, half } = halves(block)
    const late = coefficients.slice(half)
    if (known < half) {
      const q1 = late
      const leftCoefficients = this.#complete(left, this.#addProducts(coefficients.slice(0, half), weight, q1))
      this.#evaluate(right, this.#add(leftCoefficients, q1))
      return [...this.#addProducts(leftCoefficients, weight, q1), ...q1]
    }
    const leftCoefficients = this.#interpolate(left)
    const rightCoefficients = this.#complete(right, this.#add(leftCoefficients, late))
    const q1 = this.#add(leftCoefficients, rightCoefficients)
    return [...this.#addProducts(leftCoefficients, weight, q1), ...q1]
  }

  /** The coefficients of a block all of whose values are data. */
  #interpolate(block: Block): CodingValue[] {
    if (block.log === 0) return [this.#graph.input(block.begin)]
    const { left, right, weight } = halves(block)
    const leftCoefficients = this.#interpolate(left)
    const q1 = this.#add(leftCoefficients, this.#interpolate(right))
    return [...this.#addProducts(leftCoefficients, weight, q1), ...q1]
  }

  /** Notes the wanted values of a block from its coefficients. */
  #evaluate(block: Block, coefficients: readonly CodingValue[]): void {
    if (!this.#wanted.some((index) => index >= block.begin && index < block.begin + (1 << block.log))) return
    if (block.log === 0) {
      this.#values.set(block.begin, coefficients[0] as CodingValue)
      return
    }
    const { left, right, weight, half } = halves(block)
    const q1 = coefficients.slice(half)
    const leftCoefficients = this.#addProducts(coefficients.slice(0, half), weight, q1)
    this.#evaluate(left, leftCoefficients)
    this.#evaluate(right, this.#add(leftCoefficients, q1))
  }

  #add(a: readonly CodingValue[], b: readonly CodingValue[]): CodingValue[] {
    return a.map((value, i) => this.#graph.sum(value, b[i] as CodingValue))
  }

  #addProducts(a: readonly CodingValue[], weight: number, b: readonly CodingValue[]): CodingValue[] {
    return a.map((value, i) => this.#graph.sum(value, this.#graph.product(weight, b[i] as CodingValue)))
  }
}

function halves({ begin, log }: Block): { left: Block; right: Block; weight: number; half: number } {
  const half = 1 << (log - 1)
  const weight = multiply(vanishing(log - 1, begin), invert(vanishing(log - 1, half)))
  return { left: { begin, log: log - 1 }, right: { begin: begin + half, log: log - 1 }, weight, half }
}

/** s_r(x), by s_0 = x and s_(j+1)(x) = s_j(x) · s_j(x + 2^j). */
function vanishing(r: number, x: number): number {
  if (r === 0) return x
  return multiply(vanishing(r - 1, x), vanishing(r - 1, x ^ (1 << (r - 1))))
}
