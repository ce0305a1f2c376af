import { concatBytes } from '@holt/core/bytes.ts'
import { createBlake3 } from '@holt/core/blake3.ts'
import { createEncoder } from '@holt/core/erasure/erasure.ts'
import { packWindowBytes } from './pack-columns.ts'

/** Coded and hashed at once while it is in the processor's cache. */
const STEP_BYTES = 64 * 1024

/** Makes parity and hashes of the shards of one pack, window by window. */
export class ShardCoder {
  readonly #coder
  readonly #hashers
  readonly #parity: readonly Uint8Array[]

  constructor(dataFragments: number, totalFragments: number) {
    const parityCount = totalFragments - dataFragments
    this.#coder = createEncoder({ dataCount: dataFragments, parityCount, windowBytes: STEP_BYTES })
    this.#hashers = Array.from({ length: totalFragments }, () => createBlake3())
    this.#parity = Array.from({ length: parityCount }, () => new Uint8Array(packWindowBytes(dataFragments)))
  }

  /**
   * @param data a window of each data shard.
   * @returns the same window of all shards: `data` and then the parity, which is valid until the next call.
   */
  code(data: readonly Uint8Array[]): Uint8Array[] {
    const length = (data[0] as Uint8Array).length
    for (let at = 0; at < length; at += STEP_BYTES) this.#step(data, at, Math.min(STEP_BYTES, length - at))
    return [...data, ...this.#parity.map((parity) => parity.subarray(0, length))]
  }

  #step(data: readonly Uint8Array[], at: number, length: number): void {
    const coder = this.#coder
    for (const [i, shard] of data.entries()) coder.input(i).set(shard.subarray(at, at + length))
    coder.code(length)
    for (const i of data.keys()) this.#hashers[i]?.update(coder.input(i).subarray(0, length))
    for (const [j, parity] of this.#parity.entries()) {
      const output = coder.output(j).subarray(0, length)
      this.#hashers[data.length + j]?.update(output)
      parity.set(output, at)
    }
  }

  /** The hashes of all that was coded, one after the other. */
  roots(): Uint8Array {
    return concatBytes(this.#hashers.map((hasher) => hasher.digest()))
  }

  close(): void {
    this.#coder.close()
  }
}
