/** Free chunks are kept up to this. */
const MOST_FREE_BYTES = 32 << 20

/** Memory for chunks that are being changed; new memory for each would cost more than filling it. */
export class ChunkMemory {
  readonly #free = new Map<number, Uint8Array[]>()
  #freeBytes = 0

  /** All zeros. */
  take(sizeBytes: number): Uint8Array {
    const bytes = this.#free.get(sizeBytes)?.pop()
    if (bytes === undefined) return new Uint8Array(sizeBytes)
    this.#freeBytes -= sizeBytes
    return bytes.fill(0)
  }

  /** Nobody else may have it. */
  give(bytes: Uint8Array): void {
    if (this.#freeBytes + bytes.length > MOST_FREE_BYTES) return
    this.#freeBytes += bytes.length
    const free = this.#free.get(bytes.length)
    if (free === undefined) this.#free.set(bytes.length, [bytes])
    else free.push(bytes)
  }
}
