/** Positions, lengths and addresses of direct transfers are multiples of this: enough for every drive's block size. */
export const ALIGNMENT = 4096

/**
 * Memory for direct transfers, cut into slots. WebAssembly's is the only memory of JavaScript that is known to begin at a page.
 * What was never used takes no room.
 */
export class AlignedMemory {
  readonly #slotBytes: number
  readonly #count: number
  #free: Uint8Array<ArrayBuffer>[] | null = null
  readonly #waiting: ((slot: Uint8Array<ArrayBuffer>) => void)[] = []

  /** @param slotBytes a multiple of 64 KiB, WebAssembly's page. */
  constructor(slotBytes: number, count: number) {
    this.#slotBytes = slotBytes
    this.#count = count
  }

  /** Lends a slot, as soon as one is free. */
  async using<T>(work: (slot: Uint8Array<ArrayBuffer>) => Promise<T>): Promise<T> {
    const slot = await this.#take()
    try {
      return await work(slot)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free?.push(slot)
      else next(slot)
    }
  }

  #take(): Promise<Uint8Array<ArrayBuffer>> {
    this.#free ??= alignedSlots(this.#slotBytes, this.#count)
    const slot = this.#free.pop()
    return slot === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(slot)
  }
}

const PAGE_BYTES = 65536

/** Stretches of memory that begin at a page. @param slotBytes a multiple of 64 KiB. */
export function alignedSlots(slotBytes: number, count: number): Uint8Array<ArrayBuffer>[] {
  const pages = (slotBytes * count) / PAGE_BYTES
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages })
  return Array.from({ length: count }, (_, i) => new Uint8Array(buffer as ArrayBuffer, i * slotBytes, slotBytes))
}

/** The aligned part of a range, from its beginning; null when it is too short for a direct transfer to pay. */
export function alignedPart(offset: number, lengthBytes: number): { from: number; to: number } | null {
  const from = (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT
  const to = lengthBytes - ((offset + lengthBytes) % ALIGNMENT)
  return to - from < LEAST_DIRECT_BYTES ? null : { from, to }
}

/** Shorter transfers are left to the page cache, which gathers them. */
export const LEAST_DIRECT_BYTES = 128 * 1024

export function roundUp(lengthBytes: number): number {
  return Math.ceil(lengthBytes / ALIGNMENT) * ALIGNMENT
}
