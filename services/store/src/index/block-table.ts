import type { BlockLocation } from './block-location.ts'

/** Words of an entry: four of the digest, pack number, body offset, body length. */
export const ENTRY_WORDS = 7

const FIRST_SLOTS = 1024

/** The first 16 bytes of a digest as big-endian words. */
export function keyWords(digest: Uint8Array, into = new Uint32Array(4)): Uint32Array {
  for (let i = 0; i < 4; i++) {
    const at = 4 * i
    into[i] =
      ((digest[at] as number) << 24) | ((digest[at + 1] as number) << 16) | ((digest[at + 2] as number) << 8) | (digest[at + 3] as number)
  }
  return into
}

/**
 * Where recent blocks lie, in one typed array (open addressing): a million entries are no objects. The same block may be
 * listed at several places; an entry is never removed.
 */
export class BlockTable {
  #slots = new Uint32Array(FIRST_SLOTS * ENTRY_WORDS)
  #mask = FIRST_SLOTS - 1
  #count = 0
  readonly #key = new Uint32Array(4)

  get count(): number {
    return this.#count
  }

  add(digest: Uint8Array, { pack, offset, length }: BlockLocation): void {
    if (4 * this.#count >= 3 * (this.#mask + 1)) this.#grow()
    const key = keyWords(digest, this.#key)
    let slot = (key[1] as number) & this.#mask
    for (; this.#isUsed(slot); slot = (slot + 1) & this.#mask) {
      if (this.#hasKey(slot, key) && this.#packOf(slot) === pack && this.#slots[slot * ENTRY_WORDS + 5] === offset) return
    }
    const at = slot * ENTRY_WORDS
    this.#slots.set(key, at)
    this.#slots[at + 4] = pack + 1 // 0 marks a slot as free
    this.#slots[at + 5] = offset
    this.#slots[at + 6] = length
    this.#count++
  }

  /** Adds to `found` each place listed for the block. */
  find(key: Uint32Array, found: BlockLocation[]): void {
    for (let slot = (key[1] as number) & this.#mask; this.#isUsed(slot); slot = (slot + 1) & this.#mask) {
      if (!this.#hasKey(slot, key)) continue
      const at = slot * ENTRY_WORDS
      found.push({ pack: this.#packOf(slot), offset: this.#slots[at + 5] as number, length: this.#slots[at + 6] as number })
    }
  }

  /** All entries in the order of their keys, `ENTRY_WORDS` each. */
  sorted(): Uint32Array {
    const order = this.#slotsInOrder()
    const entries = new Uint32Array(order.length * ENTRY_WORDS)
    for (let i = 0; i < order.length; i++) {
      const at = (order[i] as number) * ENTRY_WORDS
      entries.set(this.#slots.subarray(at, at + ENTRY_WORDS), i * ENTRY_WORDS)
      entries[i * ENTRY_WORDS + 4] = (this.#slots[at + 4] as number) - 1
    }
    return entries
  }

  /** By the first bits in one pass, then by insertion: digests are evenly spread, so the groups are tiny. */
  #slotsInOrder(): Uint32Array {
    const shift = Math.max(16, 32 - Math.ceil(Math.log2(this.#count + 1)))
    const starts = this.#groupStarts(shift)
    const order = new Uint32Array(this.#count)
    for (let slot = 0; slot <= this.#mask; slot++) {
      if (!this.#isUsed(slot)) continue
      const group = this.#groupOf(slot, shift)
      const at = starts[group] as number
      order[at] = slot
      starts[group] = at + 1
    }
    for (let i = 1; i < order.length; i++) {
      const slot = order[i] as number
      let at = i
      for (; at > 0 && this.#compare(order[at - 1] as number, slot) > 0; at--) order[at] = order[at - 1] as number
      order[at] = slot
    }
    return order
  }

  /** Where each group begins in the order. */
  #groupStarts(shift: number): Uint32Array {
    const starts = new Uint32Array(2 ** (32 - shift))
    for (let slot = 0; slot <= this.#mask; slot++) {
      if (!this.#isUsed(slot)) continue
      const group = this.#groupOf(slot, shift)
      starts[group] = (starts[group] as number) + 1
    }
    let start = 0
    for (let group = 0; group < starts.length; group++) {
      const count = starts[group] as number
      starts[group] = start
      start += count
    }
    return starts
  }

  #groupOf(slot: number, shift: number): number {
    return (this.#slots[slot * ENTRY_WORDS] as number) >>> shift
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < 6; word++) {
      const difference = (this.#slots[a * ENTRY_WORDS + word] as number) - (this.#slots[b * ENTRY_WORDS + word] as number)
      if (difference !== 0) return difference
    }
    return 0
  }

  #isUsed(slot: number): boolean {
    return this.#slots[slot * ENTRY_WORDS + 4] !== 0
  }

  #packOf(slot: number): number {
    return (this.#slots[slot * ENTRY_WORDS + 4] as number) - 1
  }

  #hasKey(slot: number, key: Uint32Array): boolean {
    const at = slot * ENTRY_WORDS
    const slots = this.#slots
    return slots[at + 1] === key[1] && slots[at] === key[0] && slots[at + 2] === key[2] && slots[at + 3] === key[3]
  }

  #grow(): void {
    const old = this.#slots
    this.#mask = 2 * this.#mask + 1
    this.#slots = new Uint32Array((this.#mask + 1) * ENTRY_WORDS)
    for (let at = 0; at < old.length; at += ENTRY_WORDS) {
      if (old[at + 4] === 0) continue
      let slot = (old[at + 1] as number) & this.#mask
      while (this.#isUsed(slot)) slot = (slot + 1) & this.#mask
      this.#slots.set(old.subarray(at, at + ENTRY_WORDS), slot * ENTRY_WORDS)
    }
  }
}
