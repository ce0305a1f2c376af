/** Random numbers that a seed brings back; every test that uses them prints its seed. */
export interface Random {
  /** 0 ≤ x < 1. */
  fraction(): number
  /** Of low … high, both included. */
  integer(low: number, high: number): number
  pick<T>(from: readonly T[]): T
  bytes(length: number): Buffer
}

/** mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const integer = (low: number, high: number): number => low + (next() % (high - low + 1))
  return {
    fraction: () => next() / 2 ** 32,
    integer,
    pick: (from) => from[integer(0, from.length - 1)] as (typeof from)[number],
    bytes: (length) => {
      const words = new Uint32Array(Math.ceil(length / 4))
      for (let i = 0; i < words.length; i++) words[i] = next()
      return Buffer.from(words.buffer, 0, length)
    },
  }
}
