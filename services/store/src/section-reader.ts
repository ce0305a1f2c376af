import { cidCodec, type Cid, cidOf } from '@holt/core/cid.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { isCidAt, MAX_SECTION_HEAD_BYTES, parseSectionHead } from '@holt/core/car.ts'

/** Reads a range of a pack; fewer bytes only at its end. */
export type ReadRange = (offset: number, lengthBytes: number) => Promise<Uint8Array>

/** One section of a pack; the bytes are views that must not be kept. */
export interface Section {
  start: number
  end: number
  cid: Cid
  body: Uint8Array
  bodyOffset: number
  /** The body has the CID it is said to have. */
  intact: boolean
}

const WINDOW_BYTES = 1 << 20

/** Walks through the sections of a pack with large reads, whatever the size of the sections. */
export class SectionReader {
  readonly #read: ReadRange
  readonly #sizeBytes: number
  #window: Uint8Array = new Uint8Array()
  #windowOffset = 0

  constructor(read: ReadRange, sizeBytes: number) {
    this.#read = read
    this.#sizeBytes = sizeBytes
  }

  /** @returns null when no section begins at `at`, or none that ends within the pack. */
  async at(at: number): Promise<Section | null> {
    const head = parseSectionHead(await this.#bytes(at, MAX_SECTION_HEAD_BYTES), 0)
    if (typeof head === 'string' || at + head.end > this.#sizeBytes) return null
    const bytes = await this.#bytes(at, head.end)
    if (bytes.length < head.end) return null
    const cid = bytes.subarray(head.cidOffset, head.bodyOffset)
    const body = bytes.subarray(head.bodyOffset, head.end)
    return {
      start: at,
      end: at + head.end,
      cid,
      body,
      bodyOffset: at + head.bodyOffset,
      intact: equalBytes(cidOf(body, cidCodec(cid)), cid),
    }
  }

  /** The first intact section that begins at `from` or later, found by what CIDs begin with; null when there is none. */
  async findIntact(from: number): Promise<Section | null> {
    for (let at = from; at < this.#sizeBytes; ) {
      const bytes = (await this.#bytes(at, Math.min(WINDOW_BYTES, this.#sizeBytes - at))).slice()
      for (let i = 0; i < bytes.length; i++) {
        const section = bytes[i] === 1 && isCidAt(bytes, i) ? await this.#withCidAt(at + i, from) : null
        if (section) return section
      }
      at += Math.max(1, bytes.length - MAX_SECTION_HEAD_BYTES)
    }
    return null
  }

  async #withCidAt(cidOffset: number, from: number): Promise<Section | null> {
    for (let start = cidOffset - 1; start >= Math.max(from, cidOffset - 4); start--) {
      const section = await this.at(start)
      if (section?.intact && section.bodyOffset === cidOffset + section.cid.length) return section
    }
    return null
  }

  async #bytes(at: number, length: number): Promise<Uint8Array> {
    const from = at - this.#windowOffset
    if (from < 0 || from + length > this.#window.length) {
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), this.#sizeBytes - at)
      this.#window = wanted > 0 ? await this.#read(at, wanted) : new Uint8Array()
      this.#windowOffset = at
    }
    const start = at - this.#windowOffset
    return this.#window.subarray(start, start + length)
  }
}
