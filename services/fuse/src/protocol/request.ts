import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Frame } from './frame-splitter.ts'
import { IN_HEADER_BYTES } from './numbers.ts'

/** One message of the kernel; its fields are read in order. Numbers are little-endian, as on every machine this runs on. */
export class Request {
  readonly opcode: number
  readonly unique: bigint
  readonly node: number
  readonly uid: number
  readonly gid: number
  readonly #frame: Frame
  #view: DataView
  #at = IN_HEADER_BYTES

  /** @throws HoltError MALFORMED */
  constructor(frame: Frame) {
    if (frame.head.length < IN_HEADER_BYTES) throw new HoltError('MALFORMED', 'a request without its header')
    this.#frame = frame
    this.#view = viewOf(frame.head)
    this.opcode = this.#view.getUint32(4, true)
    this.unique = this.#view.getBigUint64(8, true)
    this.node = Number(this.#view.getBigUint64(16, true))
    this.uid = this.#view.getUint32(24, true)
    this.gid = this.#view.getUint32(28, true)
  }

  u32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  u64(): number {
    return Number(this.big())
  }

  big(): bigint {
    this.#at += 8
    return this.#view.getBigUint64(this.#at - 8, true)
  }

  /** Seconds may lie before 1970. */
  i64(): number {
    this.#at += 8
    return Number(this.#view.getBigInt64(this.#at - 8, true))
  }

  skip(bytes: number): void {
    this.#at += bytes
  }

  /** A text that ends with NUL. @throws HoltError NAME_INVALID when it is no UTF-8. */
  text(): string {
    const bytes = this.#whole()
    const end = bytes.indexOf(0, this.#at)
    if (end < 0) throw new HoltError('MALFORMED', 'a name without an end')
    const text = decoder.decode(bytes.subarray(this.#at, end))
    if (text.includes('\ufffd')) throw new HoltError('NAME_INVALID', 'the name is not valid Unicode')
    this.#at = end + 1
    return text
  }

  /** So many bytes that follow. @throws HoltError MALFORMED when there are fewer. */
  bytes(count: number): Uint8Array {
    const bytes = this.#whole().subarray(this.#at, this.#at + count)
    if (bytes.length < count) throw new HoltError('MALFORMED', `${count} bytes are announced, and ${bytes.length} came`)
    this.#at += count
    return bytes
  }

  /** What follows, as it came. */
  rest(): Uint8Array[] {
    const { head, rest } = this.#frame
    const first = head.subarray(this.#at)
    return first.length === 0 ? [...rest] : [first, ...rest]
  }

  #whole(): Uint8Array {
    const { head, rest } = this.#frame
    if (rest.length === 0) return head
    const whole = concatBytes([head, ...rest])
    this.#frame.head = whole
    this.#frame.rest = []
    this.#view = viewOf(whole)
    return whole
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
