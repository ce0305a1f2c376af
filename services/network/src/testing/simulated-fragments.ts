import { encodeFragmentTail, shardBytesOf, signSpread, type SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { erasureCode } from '@holt/core/erasure/erasure.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { FragmentSource } from '../fragments/fragment-source.ts'

/** A pack of random bytes and its shards. */
export interface MadePack {
  spread: SpreadPack
  bytes: Uint8Array
  shards: Uint8Array[]
  tails: Uint8Array[]
}

export function makePack(
  crypto: Crypto,
  storageSeed: Uint8Array,
  { sizeBytes, dataFragments, totalFragments }: { sizeBytes: number; dataFragments: number; totalFragments: number },
): MadePack {
  const bytes = concatBytes(Array.from({ length: Math.ceil(sizeBytes / 4096) }, () => crypto.randomBytes(4096))).slice(0, sizeBytes)
  const shardBytes = shardBytesOf(sizeBytes, dataFragments)
  const data = Array.from({ length: dataFragments }, (_, i) => {
    const shard = new Uint8Array(shardBytes)
    shard.set(bytes.subarray(i * shardBytes, (i + 1) * shardBytes))
    return shard
  })
  const parity = totalFragments > dataFragments ? erasureCode.encode(data, totalFragments - dataFragments) : []
  const shards = [...data, ...parity]
  const spread = signSpread(crypto, storageSeed, {
    id: toHex(crypto.randomBytes(16)),
    redundancyClass: 'standard',
    sizeBytes,
    toc: { offset: 0, length: Math.min(40, sizeBytes) },
    createdSeconds: 1_700_000_000,
    dataFragments,
    totalFragments,
    shardBytes,
    roots: concatBytes(shards.map(blake3)),
  })
  return { spread, bytes, shards, tails: shards.map((_, index) => encodeFragmentTail(spread, index)) }
}

/** Packs in memory, as friends are given them. */
export class MemorySource implements FragmentSource {
  readonly packs: MadePack[] = []
  readonly owner: Principal

  constructor(owner: Principal) {
    this.owner = owner
  }

  spreads(): SpreadPack[] {
    return this.packs.map(({ spread }) => spread)
  }

  isFetching(): boolean {
    return false
  }

  available(spread: SpreadPack): number[] {
    return (this.#find(spread)?.shards ?? []).map((_, index) => index)
  }

  async readShard(spread: SpreadPack, index: number, column: number, length: number): Promise<Uint8Array | null> {
    return this.#find(spread)?.shards[index]?.slice(column, column + length) ?? null
  }

  #find({ id }: SpreadPack): MadePack | undefined {
    return this.packs.find(({ spread }) => spread.id === id)
  }
}
