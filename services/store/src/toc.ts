import { cidDigest, type Cid } from '@holt/core/cid.ts'
import { encode } from '@holt/core/codec.ts'
import { bytes, literal, parse, record, version } from '@holt/core/shape.ts'

/** `digest(32) || body offset u32 BE || body length u32 BE`. */
export const TOC_ENTRY_BYTES = 40

/** A pack of the smallest blocks has a table of about 20 MiB. */
const MAX_TOC_BYTES = 32 << 20

const tocShape = record({
  v: version(1),
  kind: literal('toc'),
  blocks: bytes({ max: MAX_TOC_BYTES, multipleOf: TOC_ENTRY_BYTES }),
  commits: bytes({ max: MAX_TOC_BYTES, multipleOf: TOC_ENTRY_BYTES }),
})

/** Where the blocks and commit records of one pack lie, as runs of entries in pack order. */
export interface Toc {
  blocks: TocEntries
  commits: TocEntries
}

/** Entries in the bytes they are stored in: half a million blocks are no objects. */
export class TocEntries {
  #bytes: Uint8Array
  #view: DataView
  #count: number

  constructor(encoded: Uint8Array = new Uint8Array()) {
    this.#bytes = encoded
    this.#view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length)
    this.#count = encoded.length / TOC_ENTRY_BYTES
  }

  get count(): number {
    return this.#count
  }

  get encoded(): Uint8Array {
    return this.#bytes.subarray(0, this.#count * TOC_ENTRY_BYTES)
  }

  digest(i: number): Uint8Array {
    return this.#bytes.subarray(i * TOC_ENTRY_BYTES, i * TOC_ENTRY_BYTES + 32)
  }

  offset(i: number): number {
    return this.#view.getUint32(i * TOC_ENTRY_BYTES + 32)
  }

  length(i: number): number {
    return this.#view.getUint32(i * TOC_ENTRY_BYTES + 36)
  }

  add(cid: Cid, offset: number, length: number): void {
    const at = this.#count * TOC_ENTRY_BYTES
    if (at === this.#bytes.length) this.#grow()
    this.#bytes.set(cidDigest(cid), at)
    this.#view.setUint32(at + 32, offset)
    this.#view.setUint32(at + 36, length)
    this.#count++
  }

  /** Forgets the entries at `offset` and beyond. */
  cutAt(offset: number): void {
    while (this.#count > 0 && this.offset(this.#count - 1) >= offset) this.#count--
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(64 * TOC_ENTRY_BYTES, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

export function encodeToc(toc: Toc): Uint8Array {
  return encode({ v: 1, kind: 'toc', blocks: toc.blocks.encoded, commits: toc.commits.encoded })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function parseToc(body: Uint8Array): Toc {
  const { blocks, commits } = parse(tocShape, body, { maxBytes: MAX_TOC_BYTES + 128, maxDepth: 1 })
  return { blocks: new TocEntries(blocks), commits: new TocEntries(commits) }
}
