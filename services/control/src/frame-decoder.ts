import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'

/** `Content-Length` and perhaps `Content-Type`; nobody needs more. */
const MAX_HEADER_BYTES = 512

export interface Frame {
  value: unknown
  sizeBytes: number
}

/**
 * Cuts a byte stream into the JSON values of the base protocol: `Content-Length: N`, CRLF, CRLF, N bytes of UTF-8 JSON.
 * Holds at most one message and what came with its last bytes.
 */
export class FrameDecoder {
  readonly #maxMessageBytes: number
  readonly #utf8 = new TextDecoder('utf-8')
  #header = ''
  /** Chunks of a body that is under way; null while a header is read. */
  #body: { chunks: Uint8Array[]; missing: number; sizeBytes: number } | null = null

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** @throws HoltError TOO_LARGE, MALFORMED; the stream cannot be read further then. */
  *feed(bytes: Uint8Array): Generator<Frame> {
    let rest = bytes
    while (rest.length > 0) {
      if (this.#body === null) rest = this.#readHeader(rest)
      else {
        const taken = rest.subarray(0, this.#body.missing)
        this.#body.chunks.push(taken)
        this.#body.missing -= taken.length
        rest = rest.subarray(taken.length)
      }
      if (this.#body?.missing === 0) yield this.#finish(this.#body)
    }
  }

  #readHeader(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) {
      this.#header += String.fromCharCode(bytes[i] as number)
      if (this.#header.endsWith('\r\n\r\n')) {
        const sizeBytes = this.#contentLength(this.#header)
        this.#header = ''
        this.#body = { chunks: [], missing: sizeBytes, sizeBytes }
        return bytes.subarray(i + 1)
      }
      if (this.#header.length >= MAX_HEADER_BYTES) throw malformed('its header does not end')
    }
    return bytes.subarray(bytes.length)
  }

  #contentLength(header: string): number {
    const lengths = [...header.matchAll(/^content-length: *([0-9]{1,15})\r$/gim)]
    const sizeBytes = Number(lengths[0]?.[1])
    if (lengths.length !== 1 || !(sizeBytes > 0)) throw malformed('its header has no proper Content-Length')
    if (sizeBytes > this.#maxMessageBytes) {
      throw new HoltError('TOO_LARGE', `a message of ${sizeBytes} bytes is over the limit of ${this.#maxMessageBytes}`, {
        sizeBytes,
        maxBytes: this.#maxMessageBytes,
      })
    }
    return sizeBytes
  }

  #finish(body: { chunks: Uint8Array[]; sizeBytes: number }): Frame {
    this.#body = null
    try {
      return { value: JSON.parse(this.#utf8.decode(concatBytes(body.chunks))), sizeBytes: body.sizeBytes }
    } catch {
      throw malformed('it is not JSON')
    }
  }
}

function malformed(fault: string): HoltError {
  return new HoltError('MALFORMED', `a message on the control connection is malformed: ${fault}`)
}
