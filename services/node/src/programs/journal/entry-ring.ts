/** The last entries that fit in so many bytes, oldest first: old ones make room. */
export class EntryRing<T extends { number: number }> {
  readonly #mostBytes: number
  readonly #sizeOf: (entry: T) => number
  #entries: T[] = []
  /** Those before it made room already; they are cut off together, now and then. */
  #first = 0
  #bytes = 0

  constructor(mostBytes: number, sizeOf: (entry: T) => number) {
    this.#mostBytes = mostBytes
    this.#sizeOf = sizeOf
  }

  get bytes(): number {
    return this.#bytes
  }

  add(entry: T): void {
    this.#entries.push(entry)
    this.#bytes += this.#sizeOf(entry)
    while (this.#bytes > this.#mostBytes && this.#first < this.#entries.length - 1) {
      this.#bytes -= this.#sizeOf(this.#entries[this.#first] as T)
      this.#first++
    }
    if (this.#first <= this.#entries.length / 2) return
    this.#entries = this.#entries.slice(this.#first)
    this.#first = 0
  }

  has({ number }: T): boolean {
    const oldest = this.#entries[this.#first]
    return oldest !== undefined && oldest.number <= number
  }

  get all(): readonly T[] {
    return this.#first === 0 ? this.#entries : this.#entries.slice(this.#first)
  }
}
