import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes } from '@holt/core/bytes.ts'
import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { ENTRY_WORDS } from './block-table.ts'
import { BloomFilter, PAGE_BYTES, PAGE_ENTRIES, type RunDescriptor, writePage } from './run-format.ts'

const PAGES_PER_WRITE = 64

/** Writes one run; entries come in the order of their keys. */
export class RunWriter {
  readonly #disk: Disk
  readonly #path: string
  readonly #file: DiskFile
  readonly #bloom: BloomFilter
  readonly #entries: Uint32Array
  readonly #bytes: Uint8Array
  readonly #fences: number[] = []
  #gathered = 0
  #written = 0
  #firstPack = Number.MAX_SAFE_INTEGER
  #lastPack = 0

  private constructor(disk: Disk, path: string, file: DiskFile, expectedEntries: number) {
    this.#disk = disk
    this.#path = path
    this.#file = file
    this.#bloom = BloomFilter.forEntries(expectedEntries)
    const pages = Math.min(PAGES_PER_WRITE, Math.ceil(expectedEntries / PAGE_ENTRIES))
    this.#entries = new Uint32Array(pages * PAGE_ENTRIES * ENTRY_WORDS)
    this.#bytes = new Uint8Array(pages * PAGE_BYTES)
  }

  /** @param expectedEntries how many there will be at most. */
  static async create(disk: Disk, path: string, expectedEntries: number): Promise<RunWriter> {
    const file = (await disk.open(path, { create: 'always' })) as DiskFile
    await file.truncate(0)
    return new RunWriter(disk, path, file, expectedEntries)
  }

  get isFull(): boolean {
    return this.#gathered * ENTRY_WORDS === this.#entries.length
  }

  /** Takes the entry that begins at word `at`. When `isFull`, `flush` comes first. */
  add(words: Uint32Array, at: number): void {
    this.#entries.set(words.subarray(at, at + ENTRY_WORDS), this.#gathered * ENTRY_WORDS)
    this.#bloom.add(words, at)
    const pack = words[at + 4] as number
    this.#firstPack = Math.min(this.#firstPack, pack)
    this.#lastPack = Math.max(this.#lastPack, pack)
    this.#gathered++
  }

  async flush(): Promise<void> {
    let pages = 0
    for (let from = 0; from < this.#gathered; from += PAGE_ENTRIES) {
      const count = Math.min(PAGE_ENTRIES, this.#gathered - from)
      writePage(this.#bytes.subarray(pages * PAGE_BYTES, (pages + 1) * PAGE_BYTES), this.#entries, from, count)
      this.#fences.push(this.#entries[from * ENTRY_WORDS] as number)
      pages++
    }
    await this.#file.write((this.#fences.length - pages) * PAGE_BYTES, this.#bytes.subarray(0, pages * PAGE_BYTES))
    this.#written += this.#gathered
    this.#gathered = 0
  }

  /** The run is durable, but for its name, when this resolves. */
  async finish(): Promise<Omit<RunDescriptor, 'name'>> {
    await this.flush()
    const fences = new DataView(new ArrayBuffer(4 * this.#fences.length))
    for (const [i, fence] of this.#fences.entries()) fences.setUint32(4 * i, fence)
    const tail = concatBytes([new Uint8Array(fences.buffer), this.#bloom.bytes])
    await this.#file.write(this.#fences.length * PAGE_BYTES, tail)
    await this.#file.sync()
    await this.#file.close()
    const [pages, firstPack, lastPack] = [this.#fences.length, this.#firstPack, this.#lastPack]
    return { entries: this.#written, pages, tailDigest: blake3(tail), firstPack, lastPack }
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {})
    await this.#disk.remove(this.#path).catch(() => {})
  }
}
