import type { Cid } from '@holt/core/cid.ts'

const WORDS = 4
const FIRST_SLOTS = 1024

/**
 * CIDs seen, by 16 bytes of their digests, in one flat table: 24 to 48 bytes each. That two of them agree in 16 bytes
 * is as unlikely as guessing a key.
 */
export class CidSet {
  #table = new Uint32Array(FIRST_SLOTS * WORDS)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @returns false when it was there. */
  add(cid: Cid): boolean {
    if (this.#size * 3 > (this.#table.length / WORDS) * 2) this.#grow()
    const words = wordsOf(cid)
    const slot = this.#slotFor(words)
    if (this.#isUsed(slot)) return false
    this.#table.set(words, slot)
    this.#size++
    return true
  }

  has(cid: Cid): boolean {
    return this.#isUsed(this.#slotFor(wordsOf(cid)))
  }

  /** Where these words are, or the free slot where they belong. */
  #slotFor(words: readonly [number, number, number, number]): number {
    const mask = this.#table.length - 1
    let slot = (words[0] * WORDS) & mask
    while (this.#isUsed(slot) && !this.#holds(slot, words)) slot = (slot + WORDS) & mask
    return slot
  }

  #isUsed(slot: number): boolean {
    return this.#table[slot] !== 0
  }

  #holds(slot: number, words: readonly number[]): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#table[slot + i] !== words[i]) return false
    return true
  }

  #grow(): void {
    const old = this.#table
    this.#table = new Uint32Array(old.length * 2)
    for (let slot = 0; slot < old.length; slot += WORDS) {
      if (old[slot] === 0) continue
      const words = [...old.subarray(slot, slot + WORDS)] as [number, number, number, number]
      this.#table.set(words, this.#slotFor(words))
    }
  }
}

/** The first word is never 0: that marks a free slot. */
function wordsOf(cid: Cid): [number, number, number, number] {
  return [wordAt(cid, 4) || 1, wordAt(cid, 8), wordAt(cid, 12), wordAt(cid, 16)]
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number]
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}
