import { HoltError } from './errors.ts'
import { readUtf8 } from './utf8-text.ts'

export interface DecodeLimits {
  /** How long the input may be. */
  maxBytes: number
  /** How many arrays and maps may lie in each other. */
  maxDepth: number
  /** How many values and keys there may be in all: bounds the memory that small input can ask for. */
  maxItems: number
}

/**
 * Reads one DAG-CBOR item, checking everything on the way: nothing is allocated for a length that the input only claims.
 * Byte strings are views of the input.
 */
export class CborReader {
  position = 0
  readonly #bytes: Uint8Array
  readonly #limits: DecodeLimits
  #items = 0

  constructor(bytes: Uint8Array, limits: DecodeLimits) {
    if (bytes.length > limits.maxBytes)
      throw new HoltError('MALFORMED', `${bytes.length} bytes, at most ${limits.maxBytes} are allowed here`)
    // A Buffer would hand out Buffers.
    this.#bytes = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#limits = limits
  }

  readValue(depth = 0): unknown {
    const initial = this.#next()
    const info = initial & 0x1f
    switch (initial >> 5) {
      case 0:
        return this.#argument(info)
      case 1:
        return this.#negative(info)
      case 2:
        return this.#byteString(info)
      case 3:
        return this.#text(info)
      case 4:
        return this.#array(info, depth + 1)
      case 5:
        return this.#map(info, depth + 1)
      case 6:
        return this.#fail('a tag')
      default:
        return this.#simple(info)
    }
  }

  #next(): number {
    const byte = this.#bytes[this.position]
    if (byte === undefined) return this.#fail('the input ends early')
    if (++this.#items > this.#limits.maxItems) return this.#fail(`more than ${this.#limits.maxItems} items`)
    this.position++
    return byte
  }

  /** The number in a head, which must be in its shortest form. */
  #argument(info: number): number {
    if (info < 24) return info
    if (info === 24) return this.#shortest(this.#unsigned(1), 24)
    if (info === 25) return this.#shortest(this.#unsigned(2), 0x100)
    if (info === 26) return this.#shortest(this.#unsigned(4), 0x10000)
    if (info !== 27) return this.#fail('an indefinite or reserved length')
    const high = this.#unsigned(4)
    const low = this.#unsigned(4)
    if (high > 0x1fffff) return this.#fail('an integer beyond 2^53')
    return this.#shortest(high * 0x1_0000_0000 + low, 0x1_0000_0000)
  }

  #shortest(value: number, least: number): number {
    return value < least ? this.#fail('a number that is not in its shortest form') : value
  }

  #unsigned(width: number): number {
    const start = this.#take(width)
    let value = 0
    for (let i = start; i < start + width; i++) value = value * 256 + (this.#bytes[i] as number)
    return value
  }

  #negative(info: number): number {
    const value = -1 - this.#argument(info)
    return Number.isSafeInteger(value) ? value : this.#fail('an integer beyond 2^53')
  }

  /** Moves over `length` bytes. @returns where they begin. */
  #take(length: number): number {
    const start = this.position
    if (length > this.#bytes.length - start) return this.#fail('the input ends early')
    this.position = start + length
    return start
  }

  #byteString(info: number): Uint8Array {
    const start = this.#take(this.#argument(info))
    return this.#bytes.subarray(start, this.position)
  }

  #text(info: number): string {
    const start = this.#take(this.#argument(info))
    return readUtf8(this.#bytes, start, this.position) ?? this.#fail('text that is not UTF-8')
  }

  #array(info: number, depth: number): unknown[] {
    const length = this.#children(info, depth)
    const array: unknown[] = []
    for (let i = 0; i < length; i++) array.push(this.readValue(depth))
    return array
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const length = this.#children(info, depth)
    const map: Record<string, unknown> = {}
    let previousStart = 0
    let previousEnd = 0
    for (let i = 0; i < length; i++) {
      const start = this.position
      const initial = this.#next()
      if (initial >> 5 !== 3) this.#fail('a map key that is not text')
      const key = this.#text(initial & 0x1f)
      if (i > 0 && !this.#isAfter(start, this.position, previousStart, previousEnd)) this.#fail('map keys out of order or twice')
      previousStart = start
      previousEnd = this.position
      setField(map, key, this.readValue(depth))
    }
    return map
  }

  #children(info: number, depth: number): number {
    const length = this.#argument(info)
    if (depth > this.#limits.maxDepth) this.#fail(`nested more than ${this.#limits.maxDepth} deep`)
    if (length > this.#bytes.length - this.position) this.#fail('the input ends early')
    return length
  }

  /** Encoded keys sort as bytes: the length comes first in them. */
  #isAfter(start: number, end: number, previousStart: number, previousEnd: number): boolean {
    const shared = Math.min(end - start, previousEnd - previousStart)
    for (let i = 0; i < shared; i++) {
      const difference = (this.#bytes[start + i] as number) - (this.#bytes[previousStart + i] as number)
      if (difference !== 0) return difference > 0
    }
    return false
  }

  #simple(info: number): unknown {
    if (info === 20) return false
    if (info === 21) return true
    if (info === 22) return null
    if (info !== 27) return this.#fail('a simple value or short float')
    const start = this.#take(8)
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 8).getFloat64(0)
    // A whole number written as a float would be a second spelling of the integer.
    return Number.isFinite(value) && !Number.isInteger(value) ? value : this.#fail('a float that is whole, infinite or NaN')
  }

  #fail(what: string): never {
    throw new HoltError('MALFORMED', `bad CBOR at byte ${this.position}: ${what}`, { offset: this.position })
  }
}

/** Plain assignment, but `__proto__` is a name like any other. */
function setField(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  else map[key] = value
}
