import { blake3 } from '@holt/core/blake3.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { ENTRY_WORDS } from './block-table.ts'

/**
 * A run: entries in the order of their keys, in pages of 4 KiB that each have a checksum, then the first word of each page (to find
 * the one page a key can be in) and a Bloom filter (to leave runs alone that do not have it). All numbers are big-endian.
 */
export const PAGE_BYTES = 4096
const ENTRY_BYTES = 4 * ENTRY_WORDS
export const PAGE_ENTRIES = 144
const COUNT_AT = PAGE_ENTRIES * ENTRY_BYTES
const CHECKSUM_AT = PAGE_BYTES - 16

/** What the manifest says of a run. */
export interface RunDescriptor {
  name: string
  entries: number
  pages: number
  /** BLAKE3 of what follows the pages. */
  tailDigest: Uint8Array
  /** The packs its entries are of: these are read again when it is damaged. */
  firstPack: number
  lastPack: number
}

export function writePage(page: Uint8Array, entries: Uint32Array, from: number, count: number): void {
  const view = new DataView(page.buffer, page.byteOffset, PAGE_BYTES)
  const start = from * ENTRY_WORDS
  for (let word = 0; word < count * ENTRY_WORDS; word++) view.setUint32(4 * word, entries[start + word] as number)
  page.fill(0, count * ENTRY_BYTES, CHECKSUM_AT)
  view.setUint16(COUNT_AT, count)
  page.set(checksumOf(page), CHECKSUM_AT)
}

/** @returns how many entries are in the page, which `PageView` reads; null when it is damaged. */
export function checkPage(page: Uint8Array): number | null {
  if (page.length !== PAGE_BYTES || !equalBytes(page.subarray(CHECKSUM_AT), checksumOf(page))) return null
  const count = ((page[COUNT_AT] as number) << 8) | (page[COUNT_AT + 1] as number)
  return count > 0 && count <= PAGE_ENTRIES ? count : null
}

function checksumOf(page: Uint8Array): Uint8Array {
  return blake3(page.subarray(0, CHECKSUM_AT)).subarray(0, PAGE_BYTES - CHECKSUM_AT)
}

/** The words of a page's entries. */
export function readPage(page: Uint8Array, count: number, into: Uint32Array, at: number): void {
  const view = new DataView(page.buffer, page.byteOffset, PAGE_BYTES)
  for (let word = 0; word < count * ENTRY_WORDS; word++) into[at * ENTRY_WORDS + word] = view.getUint32(4 * word)
}

const BITS_PER_ENTRY = 10
const PROBES = 6

/** Says "not here" for 99 of 100 keys that are not in a run. Source: Kirsch & Mitzenmacher 2006, two hashes make all probes. */
export class BloomFilter {
  readonly bytes: Uint8Array
  readonly #bits: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#bits = 8 * bytes.length
  }

  static forEntries(count: number): BloomFilter {
    return new BloomFilter(new Uint8Array(Math.ceil((count * BITS_PER_ENTRY) / 8) + 8))
  }

  /** @param keys words of which four from `at` on are the key. */
  add(keys: Uint32Array, at: number): void {
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = this.#bit(keys, at, probe)
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7))
    }
  }

  mayHave(key: Uint32Array): boolean {
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = this.#bit(key, 0, probe)
      if (((this.bytes[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false
    }
    return true
  }

  /** The words beyond those that order the run: all of a digest's are evenly spread. */
  #bit(keys: Uint32Array, at: number, probe: number): number {
    return (((keys[at + 2] as number) + Math.imul(probe, (keys[at + 3] as number) | 1)) >>> 0) % this.#bits
  }
}
