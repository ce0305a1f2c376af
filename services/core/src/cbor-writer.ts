import { compareBytes, utf8 } from './bytes.ts'
import { isWellFormedText } from './utf8-text.ts'

const MAX_HEAD_BYTES = 9
const KEPT_BUFFER_BYTES = 1 << 20
const CACHED_KEYS = 512
/** Shorter ones cost less to copy than to send by themselves. */
const LEAST_APART_BYTES = 16 << 10
const LONGEST_CACHED_KEY = 32

const textEncoder = new TextEncoder()

/** Writes DAG-CBOR into a buffer that grows; one writer serves one call at a time. */
export class CborWriter {
  #buffer = new Uint8Array(4096)
  #length = 0
  /** Encoded map keys (head and text): they sort as bytes, and the same few come again and again. */
  readonly #keys = new Map<string, Uint8Array>()
  /** What is complete already, when long byte strings stay where they are. */
  #parts: Uint8Array[] | null = null

  /** @returns a fresh array. */
  encode(value: unknown): Uint8Array {
    this.#length = 0
    this.#write(value)
    return this.#taken()
  }

  /** @returns arrays of which each long byte string in `value` is one, as it is, and the others fresh; the first has `before` unused bytes in front. */
  encodeInParts(value: unknown, before: number): Uint8Array[] {
    const parts: Uint8Array[] = (this.#parts = [])
    try {
      this.#length = 0
      this.#reserve(before)
      this.#length = before
      this.#write(value)
      if (this.#length > 0) parts.push(this.#taken())
      return parts
    } finally {
      this.#parts = null
    }
  }

  #taken(): Uint8Array {
    const taken = this.#buffer.slice(0, this.#length)
    if (this.#buffer.length > KEPT_BUFFER_BYTES) this.#buffer = new Uint8Array(4096)
    this.#length = 0
    return taken
  }

  #write(value: unknown): void {
    if (typeof value === 'string') this.#writeText(value)
    else if (typeof value === 'number') this.#writeNumber(value)
    else if (value === null) this.#writeByte(0xf6)
    else if (typeof value === 'boolean') this.#writeByte(value ? 0xf5 : 0xf4)
    else if (value instanceof Uint8Array) this.#writeBytes(value)
    else if (Array.isArray(value)) this.#writeArray(value)
    else if (typeof value === 'object') this.#writeMap(value as Record<string, unknown>)
    else throw new TypeError(`CBOR here has no ${typeof value}`)
  }

  #writeByte(byte: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = byte
  }

  #writeNumber(value: number): void {
    if (Number.isSafeInteger(value)) {
      if (value < 0) this.#writeHead(1, -1 - value)
      else this.#writeHead(0, value)
      return
    }
    if (!Number.isFinite(value) || Number.isInteger(value)) throw new RangeError(`CBOR here has no number ${value}`)
    this.#reserve(9)
    this.#buffer[this.#length] = 0xfb
    new DataView(this.#buffer.buffer).setFloat64(this.#length + 1, value)
    this.#length += 9
  }

  #writeHead(major: number, argument: number): void {
    this.#reserve(MAX_HEAD_BYTES)
    this.#length = putHead(this.#buffer, this.#length, major, argument)
  }

  #writeText(text: string): void {
    this.#reserve(MAX_HEAD_BYTES + 3 * text.length)
    if (this.#writeShortAscii(text)) return
    if (!isWellFormedText(text)) throw new TypeError('text with half a surrogate pair')
    const start = this.#length + MAX_HEAD_BYTES
    const { written } = textEncoder.encodeInto(text, this.#buffer.subarray(start))
    this.#writeHead(3, written)
    this.#buffer.copyWithin(this.#length, start, start + written)
    this.#length += written
  }

  #writeShortAscii(text: string): boolean {
    if (text.length > 64) return false
    const start = this.#length + (text.length < 24 ? 1 : 2)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return false
      this.#buffer[start + i] = code
    }
    this.#length = putHead(this.#buffer, this.#length, 3, text.length) + text.length
    return true
  }

  #writeBytes(bytes: Uint8Array): void {
    if (this.#parts !== null && bytes.length >= LEAST_APART_BYTES) {
      this.#writeHead(2, bytes.length)
      this.#parts.push(this.#taken(), bytes)
      return
    }
    this.#reserve(MAX_HEAD_BYTES + bytes.length)
    this.#writeHead(2, bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #writeArray(array: readonly unknown[]): void {
    this.#writeHead(4, array.length)
    for (const item of array) this.#write(item)
  }

  /** A field that is undefined is left out. */
  #writeMap(map: Record<string, unknown>): void {
    const names = this.#sorted(Object.keys(map))
    let count = 0
    for (const name of names) if (map[name] !== undefined) count++
    this.#writeHead(5, count)
    for (const name of names) {
      const value = map[name]
      if (value === undefined) continue
      this.#writeKey(this.#encodedKey(name))
      this.#write(value)
    }
  }

  /** As their encodings sort. */
  #sorted(names: string[]): string[] {
    let before: Uint8Array | null = null
    for (const name of names) {
      const key = this.#encodedKey(name)
      if (before !== null && compareBytes(before, key) > 0)
        return names.sort((a, b) => compareBytes(this.#encodedKey(a), this.#encodedKey(b)))
      before = key
    }
    return names
  }

  /** Most are too short for a call to be worth it. */
  #writeKey(key: Uint8Array): void {
    this.#reserve(key.length)
    for (let i = 0; i < key.length; i++) this.#buffer[this.#length + i] = key[i] as number
    this.#length += key.length
  }

  #encodedKey(name: string): Uint8Array {
    const cached = this.#keys.get(name)
    if (cached !== undefined) return cached
    if (!isWellFormedText(name)) throw new TypeError('a map key with half a surrogate pair')
    const text = utf8(name)
    const key = new Uint8Array(MAX_HEAD_BYTES + text.length)
    const headBytes = putHead(key, 0, 3, text.length)
    key.set(text, headBytes)
    const encoded = key.subarray(0, headBytes + text.length)
    if (name.length <= LONGEST_CACHED_KEY && this.#keys.size < CACHED_KEYS) this.#keys.set(name, encoded)
    return encoded
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + bytes))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}

/** Writes major type and argument in the shortest form. @returns the offset after them. */
function putHead(into: Uint8Array, offset: number, major: number, argument: number): number {
  const type = major << 5
  if (argument < 24) {
    into[offset] = type | argument
    return offset + 1
  }
  const widthLog2 = argument < 0x100 ? 0 : argument < 0x10000 ? 1 : argument < 0x1_0000_0000 ? 2 : 3
  const width = 1 << widthLog2
  into[offset] = type | (24 + widthLog2)
  let rest = argument
  for (let i = offset + width; i > offset; i--) {
    into[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return offset + 1 + width
}
