import { CID_BYTES, type Cid, cidOf } from '@holt/core/cid.ts'
import type { BlockBatch } from '@holt/store/types.ts'

/** Gathers sealed blocks as CAR sections (`varint(length) || CID || body`), as the store appends them. */
export class SectionBuffer {
  #parts: Uint8Array[] = []
  #blocks: { cid: Cid; offset: number; length: number }[] = []
  #sizeBytes = 0

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** @param sealed is not copied until `take`. */
  add(sealed: Uint8Array): Cid {
    const cid = cidOf(sealed)
    const head = sectionHead(cid, sealed.length)
    this.#parts.push(head, sealed)
    this.#blocks.push({ cid, offset: this.#sizeBytes + head.length, length: sealed.length })
    this.#sizeBytes += head.length + sealed.length
    return cid
  }

  /** Everything gathered, and begins anew. */
  take(): BlockBatch {
    const sections = new Uint8Array(this.#sizeBytes)
    let offset = 0
    for (const part of this.#parts) {
      sections.set(part, offset)
      offset += part.length
    }
    const blocks = this.#blocks
    this.#parts = []
    this.#blocks = []
    this.#sizeBytes = 0
    return { sections, blocks }
  }
}

export function sectionHead(cid: Cid, bodyBytes: number): Uint8Array {
  const head: number[] = []
  let rest = CID_BYTES + bodyBytes
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) head.push((rest % 128) | 0x80)
  head.push(rest)
  const bytes = new Uint8Array(head.length + CID_BYTES)
  bytes.set(head)
  bytes.set(cid, head.length)
  return bytes
}
