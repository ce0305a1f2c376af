/** Numbers from 0 to 1, always the same for a seed (a linear congruential generator of 48 bits, that of POSIX's drand48). */
export function seededRandom(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = (state * 0x5deece66dn + 0xbn) & 0xffffffffffffn
    return Number(state >> 16n) / 2 ** 32
  }
}
