import { createCipheriv, randomFillSync } from 'node:crypto'
import { blake3 } from '@holt/core/blake3.ts'
import { CID_BYTES, cidFromDigest } from '@holt/core/cid.ts'
import { CIPHER_STEP_BYTES } from './cipher-step.ts'
import { paddedLength } from '@holt/tree/padding.ts'
import type { SealingKey } from '@holt/tree/sealed-block.ts'

/** Bytes of one packed entry that tells the main thread of a block: CID, offset u32, length u32 (little-endian). */
export const PACKED_BLOCK_BYTES = CID_BYTES + 8

const SEALED_HEADER_BYTES = 15
const TAG_BYTES = 16
const nonces = new Uint8Array(12 * 512)
let nextNonce = nonces.length

/** Random 96-bit nonces, drawn many at a time: one call to the system costs more than a small block. */
function takeNonce(): Uint8Array {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces)
    nextNonce = 0
  }
  nextNonce += 12
  return nonces.slice(nextNonce - 12, nextNonce)
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4
}

/** How many bytes the CAR section of a chunk with this much content takes. */
export function sectionLength(contentBytes: number): number {
  const body = SEALED_HEADER_BYTES + paddedLength(contentBytes) + TAG_BYTES
  return varintLength(CID_BYTES + body) + CID_BYTES + body
}

/**
 * Writes CAR sections of sealed chunks one after the other into memory that travels between threads, so that no byte of
 * a chunk is copied on the way.
 */
export class SlotSealer {
  readonly #slot: Uint8Array
  readonly #packed: Uint8Array
  readonly #packedView: DataView
  #used = 0
  #count = 0

  constructor(slot: Uint8Array, maxBlocks: number) {
    this.#slot = slot
    this.#packed = new Uint8Array(maxBlocks * PACKED_BLOCK_BYTES)
    this.#packedView = new DataView(this.#packed.buffer)
  }

  get usedBytes(): number {
    return this.#used
  }

  get blockCount(): number {
    return this.#count
  }

  /** Seals one chunk; `content` is padded here. */
  add(key: Uint8Array, content: Uint8Array, keyNumber = 0): void {
    const padded = paddedLength(content.length)
    const bodyLength = SEALED_HEADER_BYTES + padded + TAG_BYTES
    const cidStart = this.#writeVarint(CID_BYTES + bodyLength)
    const bodyStart = cidStart + CID_BYTES
    this.#seal({ key, number: keyNumber }, content, padded, bodyStart)
    const cid = cidFromDigest(blake3(this.#slot.subarray(bodyStart, bodyStart + bodyLength)))
    this.#slot.set(cid, cidStart)
    this.#remember(cid, bodyStart, bodyLength)
    this.#used = bodyStart + bodyLength
  }

  /** What was added, as `PACKED_BLOCK_BYTES` each. */
  packedBlocks(): Uint8Array {
    return this.#packed.slice(0, this.#count * PACKED_BLOCK_BYTES)
  }

  #writeVarint(value: number): number {
    let offset = this.#used
    let rest = value
    while (rest >= 0x80) {
      this.#slot[offset++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#slot[offset++] = rest
    return offset
  }

  #seal({ key, number }: SealingKey, content: Uint8Array, padded: number, start: number): void {
    const slot = this.#slot
    const nonce = takeNonce()
    slot[start] = 1
    slot[start + 1] = number >> 8
    slot[start + 2] = number
    slot.set(nonce, start + 3)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(slot.subarray(start, start + 3))
    let offset = start + SEALED_HEADER_BYTES
    for (let from = 0; from < content.length; from += CIPHER_STEP_BYTES) {
      const sealed = cipher.update(content.subarray(from, from + CIPHER_STEP_BYTES))
      slot.set(sealed, offset)
      offset += sealed.length
    }
    if (padded > content.length) {
      slot.set(cipher.update(new Uint8Array(padded - content.length)), offset)
      offset += padded - content.length
    }
    cipher.final()
    slot.set(cipher.getAuthTag(), offset)
  }

  #remember(cid: Uint8Array, offset: number, length: number): void {
    const at = this.#count * PACKED_BLOCK_BYTES
    this.#packed.set(cid, at)
    this.#packedView.setUint32(at + CID_BYTES, offset, true)
    this.#packedView.setUint32(at + CID_BYTES + 4, length, true)
    this.#count++
  }
}

/** The packed entries as the store takes them; CIDs are views, since twenty thousand buffers of their own would weigh ten times as much. */
export function unpackBlocks(packed: Uint8Array): { cid: Uint8Array; offset: number; length: number }[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const blocks = []
  for (let at = 0; at < packed.length; at += PACKED_BLOCK_BYTES) {
    blocks.push({
      cid: packed.subarray(at, at + CID_BYTES),
      offset: view.getUint32(at + CID_BYTES, true),
      length: view.getUint32(at + CID_BYTES + 4, true),
    })
  }
  return blocks
}
