/** GF(2^8) with the polynomial 0x11d, in which 2 generates all 255 non-zero elements. */
const POLYNOMIAL = 0x11d
export const GROUP_ORDER = 255

/** powers[i] = 2^i, twice over so that sums of two logarithms need no reduction; logarithms[powers[i]] = i. */
const powers = new Uint8Array(2 * GROUP_ORDER)
const logarithms = new Uint8Array(256)
for (let i = 0, power = 1; i < GROUP_ORDER; i++) {
  powers[i] = power
  powers[i + GROUP_ORDER] = power
  logarithms[power] = i
  power = power & 0x80 ? (power << 1) ^ POLYNOMIAL : power << 1
}

/** Sums and differences of elements are `a ^ b`. */
export function multiply(a: number, b: number): number {
  if (a === 0 || b === 0) return 0
  return powers[logarithm(a) + logarithm(b)] as number
}

/** @throws RangeError for zero, which has no inverse. */
export function invert(a: number): number {
  return powers[GROUP_ORDER - logarithm(a)] as number
}

/** 2 to the power of any integer. */
export function powerOfTwo(exponent: number): number {
  const reduced = exponent % GROUP_ORDER
  return powers[reduced < 0 ? reduced + GROUP_ORDER : reduced] as number
}

/** @throws RangeError for zero. */
export function logarithm(a: number): number {
  if (a === 0) throw new RangeError('zero has no logarithm')
  return logarithms[a] as number
}
