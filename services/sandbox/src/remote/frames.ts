import { HoltError } from '@holt/core/errors.ts'

/** A duplex stream of bytes between a node and what runs its programs. */
export interface ByteChannel {
  write(parts: readonly Uint8Array[]): void
  /** @param take gets whatever arrived; it is the taker's. */
  onBytes(take: (bytes: Uint8Array) => void): void
  onClose(gone: (why: string) => void): void
  close(): void
}

/** A message: what it says as JSON, and bytes apart from it. */
export interface Frame<Head> {
  head: Head
  blobs: readonly Uint8Array[]
}

const LONGEST_HEAD = 8 * 1024 * 1024
const MOST_BLOBS = 200_000

/** `u32 length of the rest, u32 length of the head, u32 number of blobs, u32 length of each blob, head, blobs`; numbers with the least byte first. */
export function encodeFrame({ head, blobs }: Frame<unknown>): Uint8Array[] {
  const json = new TextEncoder().encode(JSON.stringify(head))
  const start = new Uint8Array(12 + blobs.length * 4 + json.length)
  const view = new DataView(start.buffer)
  let length = start.length - 4
  for (const [index, blob] of blobs.entries()) {
    view.setUint32(12 + index * 4, blob.length, true)
    length += blob.length
  }
  view.setUint32(0, length, true)
  view.setUint32(4, json.length, true)
  view.setUint32(8, blobs.length, true)
  start.set(json, 12 + blobs.length * 4)
  return [start, ...blobs.filter((blob) => blob.length > 0)]
}

/** Puts frames together again. Each blob of a large frame is memory of its own. */
export class FrameReader {
  readonly #longest: number
  #start = new Uint8Array(4)
  #startHas = 0
  #frame: Uint8Array | null = null
  #has = 0

  /** @param longest bytes that a frame may have. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** @throws HoltError MALFORMED: nothing that comes later can be understood. */
  *read(bytes: Uint8Array): Generator<Frame<unknown>> {
    let rest = bytes
    while (rest.length > 0) {
      rest = this.#frame === null ? this.#readLength(rest) : this.#readContent(rest, this.#frame)
      const frame = this.#frame
      if (frame === null || this.#has < frame.length) continue
      this.#frame = null
      yield decodeFrame(frame)
    }
  }

  #readLength(bytes: Uint8Array): Uint8Array {
    const part = bytes.subarray(0, 4 - this.#startHas)
    this.#start.set(part, this.#startHas)
    this.#startHas += part.length
    if (this.#startHas === 4) {
      const length = new DataView(this.#start.buffer).getUint32(0, true)
      if (length < 8 || length > this.#longest) throw malformed(`a frame of ${length} bytes`)
      this.#frame = new Uint8Array(length)
      this.#has = 0
      this.#startHas = 0
    }
    return bytes.subarray(part.length)
  }

  #readContent(bytes: Uint8Array, frame: Uint8Array): Uint8Array {
    const part = bytes.subarray(0, frame.length - this.#has)
    frame.set(part, this.#has)
    this.#has += part.length
    return bytes.subarray(part.length)
  }
}

function decodeFrame(frame: Uint8Array): Frame<unknown> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  const headLength = view.getUint32(0, true)
  const count = view.getUint32(4, true)
  if (headLength > LONGEST_HEAD || count > MOST_BLOBS || 8 + count * 4 + headLength > frame.length)
    throw malformed('a frame with wrong lengths')
  let at = 8 + count * 4
  const json = new TextDecoder().decode(frame.subarray(at, at + headLength))
  at += headLength
  const blobs: Uint8Array[] = []
  for (let index = 0; index < count; index++) {
    const length = view.getUint32(8 + index * 4, true)
    if (at + length > frame.length) throw malformed('a frame with wrong lengths')
    blobs.push(frame.subarray(at, at + length))
    at += length
  }
  if (at !== frame.length) throw malformed('a frame with wrong lengths')
  return { head: parseJson(json), blobs }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw malformed('a frame without a head')
  }
}

export function malformed(what: string): HoltError {
  return new HoltError('MALFORMED', `between node and programs: ${what}`)
}
