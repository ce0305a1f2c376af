import type { DiskFile } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { readInto } from '@holt/core/read-into.ts'
import type { SealedPack } from '../pack-keeper.ts'

/** How much of each fragment is in memory at once: enough for long writes, and n of them are still a few MiB. */
export const WINDOW_BYTES = 256 * 1024

/** Where there are few data fragments, more of each: transfers should be long, and about 1 MiB at once is. */
export function packWindowBytes(dataFragments: number): number {
  return Math.max(1, Math.floor(4 / dataFragments)) * WINDOW_BYTES
}

interface PackShape {
  pack: SealedPack
  dataFragments: number
  shardBytes: number
}

/**
 * Reads a pack window by window: the same columns of each data shard, zeros past the end of the pack. Always one window ahead, in two
 * sets of buffers: a window is valid until the next but one is asked for.
 */
export class PackColumns {
  readonly #source: DiskFile
  readonly #shape: PackShape
  readonly #windowBytes: number
  readonly #buffers: readonly (readonly Uint8Array[])[]
  #column = 0
  #turn = 0
  #ahead: Promise<Uint8Array[]>

  constructor(source: DiskFile, shape: PackShape) {
    this.#source = source
    this.#shape = shape
    this.#windowBytes = packWindowBytes(shape.dataFragments)
    const size = Math.min(this.#windowBytes, shape.shardBytes)
    this.#buffers = [0, 1].map(() => Array.from({ length: shape.dataFragments }, () => new Uint8Array(size)))
    this.#ahead = this.#readAhead()
  }

  /** @throws HoltError IO_FAILED, also when the file is shorter than the pack. */
  async next(): Promise<Uint8Array[]> {
    const window = await this.#ahead
    this.#column += this.#windowBytes
    if (this.#column < this.#shape.shardBytes) this.#ahead = this.#readAhead()
    return window
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    await this.#ahead.catch(() => {})
  }

  #readAhead(): Promise<Uint8Array[]> {
    const window = this.#read()
    window.catch(() => {}) // thrown by the next call of `next`, if there is one
    return window
  }

  #read(): Promise<Uint8Array[]> {
    const buffers = this.#buffers[this.#turn++ % 2] as readonly Uint8Array[]
    const length = Math.min(this.#windowBytes, this.#shape.shardBytes - this.#column)
    return Promise.all(buffers.map((buffer, shard) => this.#fill(buffer.subarray(0, length), shard)))
  }

  async #fill(target: Uint8Array, shard: number): Promise<Uint8Array> {
    const { pack, shardBytes } = this.#shape
    const offset = shard * shardBytes + this.#column
    const wanted = Math.max(0, Math.min(target.length, pack.sizeBytes - offset))
    const got = wanted > 0 ? await readInto(this.#source, offset, target.subarray(0, wanted)) : 0
    if (got !== wanted) throw new HoltError('IO_FAILED', 'the pack to be spread ends early', { pack: pack.id, offset: offset + got })
    target.fill(0, wanted)
    return target
  }
}
