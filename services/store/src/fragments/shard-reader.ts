import { equalBytes } from '@holt/core/bytes.ts'
import { type Blake3Hasher, createBlake3 } from '@holt/core/blake3.ts'
import type { DiskFile } from '@holt/core/disk.ts'
import { readInto } from '@holt/core/read-into.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { rootOf, type SpreadPack } from './fragment-file.ts'
import type { FragmentPlace } from './fragment-writer.ts'
import { WINDOW_BYTES } from './pack-columns.ts'

/** Reads one fragment from the beginning to the end of its shard, and says at the end whether it was what it should be. */
export class ShardReader {
  readonly index: number
  readonly #spread: SpreadPack
  readonly #file: DiskFile
  readonly #hasher: Blake3Hasher = createBlake3()
  readonly #buffer: Uint8Array

  private constructor(spread: SpreadPack, index: number, file: DiskFile) {
    this.#spread = spread
    this.index = index
    this.#file = file
    this.#buffer = new Uint8Array(Math.min(WINDOW_BYTES, spread.shardBytes))
  }

  /** @returns null when it is not there or cannot be opened. */
  static async open(environment: WorkEnvironment, spread: SpreadPack, place: FragmentPlace): Promise<ShardReader | null> {
    const file = await environment
      .disk(place.disk)
      .open(place.path, { readOnly: true, bulk: true })
      .catch(() => null)
    return file && new ShardReader(spread, place.index, file)
  }

  /** @returns a window that is valid until the next is read; null when the file is too short or cannot be read. */
  async read(column: number, lengthBytes: number): Promise<Uint8Array | null> {
    const bytes = this.#buffer.subarray(0, lengthBytes)
    const got = await readInto(this.#file, column, bytes).catch(() => null)
    if (got !== lengthBytes) return null
    this.#hasher.update(bytes)
    return bytes
  }

  /** What follows the shard, and one byte more if there is one. */
  async readTail(expectedBytes: number): Promise<Uint8Array | null> {
    return await this.#file.read(this.#spread.shardBytes, expectedBytes + 1).catch(() => null)
  }

  /** True when all columns were read and have the hash that the owner signed. */
  isRight(): boolean {
    return equalBytes(this.#hasher.digest(), rootOf(this.#spread, this.index))
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => {})
  }
}
