import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'

/** One message: its first bytes in one piece, and the rest as it came. */
export interface Frame {
  head: Uint8Array
  rest: readonly Uint8Array[]
  sizeBytes: number
}

/** A message's length is its first four bytes. */
const LENGTH_BYTES = 4

/**
 * Cuts a stream of bytes into messages that begin with their length. Nothing is copied but the first `headBytes` of a message
 * that came in several pieces.
 */
export class FrameSplitter {
  readonly #headBytes: number
  readonly #maxBytes: number
  #parts: Uint8Array[] = []
  #gatheredBytes = 0

  constructor({ headBytes, maxBytes }: { headBytes: number; maxBytes: number }) {
    this.#headBytes = headBytes
    this.#maxBytes = maxBytes
  }

  /** @throws HoltError MALFORMED; the stream cannot be read on then. */
  *feed(bytes: Uint8Array): Generator<Frame> {
    let left = bytes
    while (left.length > 0) {
      const lengthBytes = this.#length(left)
      const missing = (lengthBytes ?? LENGTH_BYTES) - this.#gatheredBytes
      const taken = left.subarray(0, missing)
      this.#parts.push(taken)
      this.#gatheredBytes += taken.length
      left = left.subarray(taken.length)
      if (lengthBytes !== null && this.#gatheredBytes === lengthBytes) yield this.#finish()
    }
  }

  /** null while it is not known. */
  #length(next: Uint8Array): number | null {
    let length = 0
    let known = 0
    for (const part of [...this.#parts, next]) {
      for (let i = 0; i < part.length && known < LENGTH_BYTES; i++) length += (part[i] as number) * 2 ** (8 * known++)
      if (known === LENGTH_BYTES) break
    }
    if (known < LENGTH_BYTES) return null
    if (length < LENGTH_BYTES || length > this.#maxBytes) throw new HoltError('MALFORMED', `a message of ${length} bytes`)
    return length
  }

  #finish(): Frame {
    const sizeBytes = this.#gatheredBytes
    const wanted = Math.min(this.#headBytes, sizeBytes)
    let parts = this.#parts
    this.#parts = []
    this.#gatheredBytes = 0
    if ((parts[0] as Uint8Array).length < wanted) {
      const whole = concatBytes(parts.length > 8 ? [concatBytes(parts)] : parts)
      parts = [whole]
    }
    const [first = new Uint8Array(0), ...rest] = parts
    if (rest.length === 0) return { head: first, rest: [], sizeBytes }
    return { head: first.subarray(0, wanted), rest: [first.subarray(wanted), ...rest], sizeBytes }
  }
}
