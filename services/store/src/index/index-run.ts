import { blake3 } from '@holt/core/blake3.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { BlockLocation } from './block-location.ts'
import { ENTRY_WORDS } from './block-table.ts'
import { BloomFilter, checkPage, PAGE_BYTES, PAGE_ENTRIES, readPage, type RunDescriptor } from './run-format.ts'

const PAGES_PER_READ = 64

/** A sorted run on disk; immutable. Only the first word of each page and a Bloom filter are in memory. */
export class IndexRun {
  readonly descriptor: RunDescriptor
  readonly #file: DiskFile
  readonly #fences: Uint32Array
  readonly #bloom: BloomFilter
  #users = 0
  #closing = false

  private constructor(descriptor: RunDescriptor, file: DiskFile, fences: Uint32Array, bloom: BloomFilter) {
    this.descriptor = descriptor
    this.#file = file
    this.#fences = fences
    this.#bloom = bloom
  }

  /** @returns null when the file is missing or its tail is damaged. */
  static async open(disk: Disk, path: string, descriptor: RunDescriptor): Promise<IndexRun | null> {
    const file = await disk.open(path, { readOnly: true })
    if (!file) return null
    const tailOffset = descriptor.pages * PAGE_BYTES
    const tail = await file.read(tailOffset, Math.max(0, (await file.size()) - tailOffset))
    if (!equalBytes(blake3(tail), descriptor.tailDigest)) {
      await file.close()
      return null
    }
    const view = new DataView(tail.buffer, tail.byteOffset, tail.length)
    const fences = Uint32Array.from({ length: descriptor.pages }, (_, page) => view.getUint32(4 * page))
    return new IndexRun(descriptor, file, fences, new BloomFilter(tail.slice(4 * descriptor.pages)))
  }

  mayHave(key: Uint32Array): boolean {
    return this.#bloom.mayHave(key)
  }

  /**
   * Adds to `found` each place listed for the block, mostly by one read of 4 KiB.
   *
   * @returns false when the run is damaged there: what it says, and does not say, cannot be believed.
   */
  async find(key: Uint32Array, found: BlockLocation[]): Promise<boolean> {
    const [first, last] = this.#pagesOf(key[0] as number)
    const bytes = await this.#read(first, last + 1 - first)
    if (!bytes) return false
    for (let page = 0; page <= last - first; page++) {
      const one = bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
      const count = checkPage(one)
      if (count === null) return false
      findInPage(one, count, key, found)
    }
    return true
  }

  /** All entries in order, some thousands at a time; null comes, as the last, when the run is damaged. */
  async *entries(): AsyncGenerator<Uint32Array | null> {
    for (let page = 0; page < this.descriptor.pages; page += PAGES_PER_READ) {
      const pages = Math.min(PAGES_PER_READ, this.descriptor.pages - page)
      const bytes = await this.#read(page, pages)
      const entries = bytes && entriesOf(bytes, pages)
      yield entries
      if (!entries) return
    }
  }

  /** Closes the file once no read is under way. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#users === 0) await this.#file.close()
  }

  /** The pages that may hold keys which begin with this word. */
  #pagesOf(word: number): [first: number, last: number] {
    const last = this.#countBelow(word + 1) - 1
    return [Math.max(0, this.#countBelow(word) - 1), Math.max(0, last)]
  }

  /** How many pages begin with a word below this one. */
  #countBelow(word: number): number {
    let [low, high] = [0, this.#fences.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#fences[middle] as number) < word) low = middle + 1
      else high = middle
    }
    return low
  }

  async #read(page: number, pages: number): Promise<Uint8Array | null> {
    if (this.#closing) return null
    this.#users++
    try {
      const bytes = await this.#file.read(page * PAGE_BYTES, pages * PAGE_BYTES)
      return bytes.length === pages * PAGE_BYTES ? bytes : null
    } catch (error) {
      if (isHoltError(error, 'IO_FAILED')) return null
      throw error
    } finally {
      if (--this.#users === 0 && this.#closing) await this.#file.close()
    }
  }
}

function entriesOf(bytes: Uint8Array, pages: number): Uint32Array | null {
  const entries = new Uint32Array(pages * PAGE_ENTRIES * ENTRY_WORDS)
  let count = 0
  for (let page = 0; page < pages; page++) {
    const one = bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
    const inPage = checkPage(one)
    if (inPage === null) return null
    readPage(one, inPage, entries, count)
    count += inPage
  }
  return entries.subarray(0, count * ENTRY_WORDS)
}

function findInPage(page: Uint8Array, count: number, key: Uint32Array, found: BlockLocation[]): void {
  const view = new DataView(page.buffer, page.byteOffset, PAGE_BYTES)
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareKey(view, middle, key) < 0) low = middle + 1
    else high = middle
  }
  for (; low < count && compareKey(view, low, key) === 0; low++) {
    const at = 4 * (low * ENTRY_WORDS + 4)
    found.push({ pack: view.getUint32(at), offset: view.getUint32(at + 4), length: view.getUint32(at + 8) })
  }
}

function compareKey(view: DataView, entry: number, key: Uint32Array): number {
  for (let word = 0; word < 4; word++) {
    const difference = view.getUint32(4 * (entry * ENTRY_WORDS + word)) - (key[word] as number)
    if (difference !== 0) return difference
  }
  return 0
}
