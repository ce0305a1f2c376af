import { HoltError } from '@holt/core/errors.ts'

export function invalid(what: string): HoltError {
  return new HoltError('PROGRAM_INVALID', what)
}

/** Reads the binary format of WebAssembly. Whatever does not fit is PROGRAM_INVALID. */
export class WasmReader {
  readonly bytes: Uint8Array
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  byte(): number {
    if (this.at >= this.end) throw invalid('the module ends in the middle')
    return this.bytes[this.at++] as number
  }

  u32(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0xffffffff) break
        return value
      }
    }
    throw invalid('a number of the module is too large')
  }

  /** Goes over a LEB128 number of any kind. */
  skipNumber(): void {
    for (let length = 0; length < 10; length++) if (this.byte() < 0x80) return
    throw invalid('a number of the module is too long')
  }

  skip(length: number): void {
    if (length > this.end - this.at) throw invalid('the module ends in the middle')
    this.at += length
  }

  /** A part of `length` bytes, to be read by itself. */
  part(length: number): WasmReader {
    const from = this.at
    this.skip(length)
    return new WasmReader(this.bytes, from, this.at)
  }

  name(): string {
    const length = this.u32()
    const from = this.at
    this.skip(length)
    return new TextDecoder().decode(this.bytes.subarray(from, this.at))
  }
}

/** Bytes that grow. */
export class WasmWriter {
  bytes: Uint8Array
  length = 0

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity)
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  byte(value: number): this {
    this.#reserve(1)
    this.bytes[this.length++] = value
    return this
  }

  all(values: Uint8Array | readonly number[]): this {
    this.#reserve(values.length)
    this.bytes.set(values, this.length)
    this.length += values.length
    return this
  }

  slice(from: Uint8Array, start: number, end: number): this {
    return this.all(from.subarray(start, end))
  }

  u32(value: number): this {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    return this.byte(rest)
  }

  /** A non-negative number where the format wants a signed one. */
  signed(value: number): this {
    let rest = value
    while (rest >= 0x40) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    return this.byte(rest)
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text)
    return this.u32(bytes.length).all(bytes)
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }
}
