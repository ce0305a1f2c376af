import { type Cid, cidDigest } from '@holt/core/cid.ts'

const FIRST_SLOTS = 1 << 12
const MOST_CLASSES = 255

/**
 * The blocks that something needs, by the first 8 bytes of their digests: about 14 bytes for each. Two digests that begin alike are taken
 * for one, which keeps a dead block and never loses a live one.
 */
export class LiveSet {
  readonly #isSafer: (one: string, other: string) => boolean
  #slots = new Uint32Array(2 * FIRST_SLOTS)
  /** Of each slot the class that the block belongs in, as its place in `#classes`. */
  #wanted = new Uint8Array(FIRST_SLOTS)
  /** The first stands for none. */
  readonly #classes: (string | null)[] = [null]
  #mask = FIRST_SLOTS - 1
  #count = 0

  /** @param isSafer decides when one block is wanted in two classes. */
  constructor(isSafer: (one: string, other: string) => boolean) {
    this.#isSafer = isSafer
  }

  get count(): number {
    return this.#count
  }

  /** @param redundancyClass null: wherever it is. */
  add(cid: Cid, redundancyClass: string | null): void {
    const digest = cidDigest(cid)
    const [high, low] = [wordAt(digest, 0), wordAt(digest, 4) || 1] // two zeros mark a slot as free
    const slot = this.#slotOf(high, low)
    this.#want(slot, redundancyClass)
    if (this.#slots[2 * slot + 1] !== 0) return
    this.#slots[2 * slot] = high
    this.#slots[2 * slot + 1] = low
    if (10 * ++this.#count > 7 * (this.#mask + 1)) this.#grow()
  }

  /** @returns a number for the block, the same until the next `add`; null when it is not in the set. */
  placeOf(digest: Uint8Array): number | null {
    const slot = this.#slotOf(wordAt(digest, 0), wordAt(digest, 4) || 1)
    return this.#slots[2 * slot + 1] === 0 ? null : slot
  }

  /** The class that a block belongs in, by its number; null: wherever it is. */
  classAt(place: number): string | null {
    return this.#classes[this.#wanted[place] as number] as string | null
  }

  /** Numbers of `placeOf` are below this. */
  get places(): number {
    return this.#mask + 1
  }

  #want(slot: number, redundancyClass: string | null): void {
    if (redundancyClass === null) return
    const before = this.classAt(slot)
    if (before === redundancyClass || (before !== null && !this.#isSafer(redundancyClass, before))) return
    let number = this.#classes.indexOf(redundancyClass)
    if (number < 0) {
      if (this.#classes.length > MOST_CLASSES) return // it stays where it is
      number = this.#classes.push(redundancyClass) - 1
    }
    this.#wanted[slot] = number
  }

  #slotOf(high: number, low: number): number {
    let slot = (high ^ low) & this.#mask
    while (this.#slots[2 * slot + 1] !== 0 && (this.#slots[2 * slot] !== high || this.#slots[2 * slot + 1] !== low))
      slot = (slot + 1) & this.#mask
    return slot
  }

  #grow(): void {
    const [old, oldWanted] = [this.#slots, this.#wanted]
    this.#mask = 2 * this.#mask + 1
    this.#slots = new Uint32Array(2 * (this.#mask + 1))
    this.#wanted = new Uint8Array(this.#mask + 1)
    for (let at = 0; at < old.length; at += 2) {
      const [high, low] = [old[at] as number, old[at + 1] as number]
      if (low === 0) continue
      const slot = this.#slotOf(high, low)
      this.#slots[2 * slot] = high
      this.#slots[2 * slot + 1] = low
      this.#wanted[slot] = oldWanted[at / 2] as number
    }
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number]
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}
