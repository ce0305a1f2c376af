import type { ErasureCode } from '@holt/core/erasure/erasure-code.ts'
import type { SpreadPack } from './fragment-file.ts'

/** The same columns of one fragment. */
export interface ShardColumns {
  index: number
  bytes: Uint8Array
}

/**
 * @param present columns of at least k fragments, or of all that are wanted.
 * @returns the same columns of the `wanted` fragments, in that order.
 */
export function decodeShards(
  erasure: ErasureCode,
  spread: SpreadPack,
  { present, wanted }: { present: readonly ShardColumns[]; wanted: readonly number[] },
): Uint8Array[] {
  const [any] = present
  // then each is the whole of it
  if (spread.dataFragments === 1 && any !== undefined) return wanted.map(() => any.bytes)
  const shards: (Uint8Array | null)[] = Array.from({ length: spread.totalFragments }, () => null)
  for (const { index, bytes } of present) shards[index] = bytes
  const absent = wanted.filter((index) => shards[index] === null)
  const rebuilt = absent.length === 0 ? shards : erasure.reconstruct(shards, { dataCount: spread.dataFragments, wanted: absent })
  return wanted.map((index) => rebuilt[index] as Uint8Array)
}
