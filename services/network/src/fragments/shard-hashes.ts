import { digestOfGroups, GROUP_BYTES, groupCount, hashGroup, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { rootOf, type SpreadPack } from '@holt/store/fragments/fragment-file.ts'

/** A fragment that is to be given: its shard is read in pieces. */
export interface FragmentToGive {
  spread: SpreadPack
  index: number
  /** @returns null when it cannot be read (any more). */
  read(column: number, length: number): Promise<Uint8Array | null>
}

/** Read and hashed in one go, which takes a few milliseconds. */
export const HASHED_BYTES = 16 * GROUP_BYTES
const MOST_KNOWN = 4

/** Hashes of the groups of shards. Those used last are remembered: the same shard often goes to several friends, and where each fragment is the whole pack all have one. */
export class ShardHashes {
  readonly #clock: Clock
  readonly #known = new Map<string, Uint8Array>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws HoltError IO_FAILED when the fragment here is not the one that is signed: a friend is not given what is broken. */
  async of(fragment: FragmentToGive): Promise<Uint8Array> {
    const name = toHex(rootOf(fragment.spread, fragment.index))
    const hashes = this.#known.get(name) ?? (await this.#hash(fragment))
    this.#known.delete(name)
    this.#known.set(name, hashes)
    for (const oldest of [...this.#known.keys()].slice(0, -MOST_KNOWN)) this.#known.delete(oldest)
    return hashes
  }

  async #hash({ spread, index, read }: FragmentToGive): Promise<Uint8Array> {
    const count = groupCount(spread.shardBytes)
    const hashes = new Uint8Array(count * HASH_BYTES)
    for (let column = 0; column < spread.shardBytes; column += HASHED_BYTES) {
      const bytes = await read(column, Math.min(HASHED_BYTES, spread.shardBytes - column))
      if (bytes === null) throw unreadable()
      for (let at = 0; at < bytes.length; at += GROUP_BYTES) {
        const group = (column + at) / GROUP_BYTES
        hashes.set(hashGroup(bytes.subarray(at, at + GROUP_BYTES), group, count), group * HASH_BYTES)
      }
      await new Promise<void>((resolve) => void this.#clock.after(0, resolve))
    }
    if (equalBytes(digestOfGroups(hashes), rootOf(spread, index))) return hashes
    throw unreadable()
  }
}

/** Of a code that no fault of a friend has. */
export function unreadable(): HoltError {
  return new HoltError('IO_FAILED', 'the fragment that is to be given cannot be read, or is not right')
}
