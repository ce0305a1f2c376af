import { blake3 } from '@holt/core/blake3.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import { encodeNewestContent, type NewestContent, sealNewestContent } from './newest-content.ts'
import { MOST_COPIES, type NewestRecord, type PackCopy, signNewest } from './newest-record.ts'
import type { NewestSource } from './newest-source.ts'
import { PrefixDigests } from './prefix-digests.ts'

export interface NewestRecordsOptions {
  clock: Clock
  crypto: Crypto
  keys: { owner: KeyPair; node: KeyPair }
  /** Seals what friends need not know. */
  sealKey: Uint8Array
  source: NewestSource
  /** Friends have fragments enough of the pack. */
  isGiven: (pack: PackId) => boolean
  /** What else a node that has lost everything needs to know. */
  others: () => Omit<NewestContent, 'heads'>
}

/** Friends forget what nobody renewed for more than a year. */
const RENEWED_AFTER_MS = 30 * 24 * 3_600_000
/** More than this since the last look means that the pack will be full, and given as fragments, soon. */
const BULK_BYTES = 8 << 20

/** Makes the records of this node's newest state. */
export class NewestRecords {
  /** Something waits until its pack is full. */
  isDeferred = false
  readonly #options: NewestRecordsOptions
  readonly #digests = new PrefixDigests()
  readonly #seen = new Map<PackId, number>()
  #record: NewestRecord | null = null
  /** Of what the record was made from. */
  #madeOf: Uint8Array | null = null
  #seq = 0

  constructor(options: NewestRecordsOptions) {
    this.#options = options
  }

  /** Some friend has a record of this number: the next one is higher. */
  atLeast(seq: number): void {
    this.#seq = Math.max(this.#seq, seq)
  }

  /**
   * Of the state now; the record of before when nothing is new.
   *
   * @param copied how far friends have copies.
   * @returns null when something cannot be read.
   */
  async next(copied: ReadonlyMap<PackId, number>): Promise<NewestRecord | null> {
    const { clock, source, others } = this.#options
    const content = { heads: source.heads(), ...others() }
    const copies: PackCopy[] = []
    for (const { id, sizeBytes } of this.#choose(copied)) {
      const digest = await this.#digests.digest(source, id, sizeBytes)
      if (digest === null && source.has(id)) return null
      if (digest !== null) copies.push({ pack: id, sizeBytes, digest })
    }
    this.#digests.keepOnly(new Set(copies.map(({ pack }) => pack)))
    const madeOf = blake3(encodeNewestContent(content))
    const isYoung = this.#record !== null && Math.abs(clock.nowMs() - this.#record.seq) < RENEWED_AFTER_MS
    const isSame = this.#madeOf !== null && equalBytes(madeOf, this.#madeOf) && this.#isSame(copies)
    if (this.#record !== null && isSame && isYoung && this.#record.seq >= this.#seq) return this.#record
    this.#madeOf = madeOf
    this.#record = await this.#sign(copies, content)
    return this.#record
  }

  /** Of no more than these copies. */
  async of(sizes: ReadonlyMap<PackId, number>): Promise<NewestRecord> {
    const { source, others } = this.#options
    const copies: PackCopy[] = []
    for (const [pack, sizeBytes] of [...sizes].slice(0, MOST_COPIES)) {
      const digest = sizeBytes === 0 ? null : await this.#digests.digest(source, pack, sizeBytes)
      if (digest !== null) copies.push({ pack, sizeBytes, digest })
    }
    return this.#sign(copies, { heads: source.heads(), ...others() })
  }

  async #sign(copies: PackCopy[], content: NewestContent): Promise<NewestRecord> {
    const { clock, crypto, keys, sealKey } = this.#options
    const sealed = await sealNewestContent(crypto, sealKey, content)
    this.#seq = Math.max(this.#seq + 1, Math.floor(clock.nowMs()))
    return signNewest(crypto, { node: keys.node.publicKey, seq: this.#seq, copies, sealed }, keys.owner)
  }

  #isSame(copies: readonly PackCopy[]): boolean {
    const before = this.#record?.copies ?? []
    return (
      before.length === copies.length &&
      copies.every(({ pack, sizeBytes }, i) => before[i]?.pack === pack && before[i]?.sizeBytes === sizeBytes)
    )
  }

  /**
   * What is to be copied: of packs that are open all that is committed, unless so much comes that they will soon be full; of packs that were sealed
   * what was copied, until friends have them as fragments.
   */
  #choose(copied: ReadonlyMap<PackId, number>): { id: PackId; sizeBytes: number }[] {
    const { source, isGiven } = this.#options
    const before = new Map(copied)
    for (const { pack, sizeBytes } of this.#record?.copies ?? []) before.set(pack, sizeBytes)
    const open = source.openPacks().filter(({ committedBytes }) => committedBytes > 0)
    this.isDeferred = false
    const chosen = open.map(({ id, committedBytes, hasNames }) => {
      const isBulk = committedBytes - (this.#seen.get(id) ?? 0) > BULK_BYTES && !hasNames
      this.#seen.set(id, committedBytes)
      this.isDeferred ||= isBulk
      return { id, hasNames, sizeBytes: isBulk ? (before.get(id) ?? 0) : committedBytes }
    })
    for (const id of this.#seen.keys()) if (!open.some((pack) => pack.id === id)) this.#seen.delete(id)
    const sealed = [...before].filter(([id]) => !open.some((pack) => pack.id === id) && source.has(id) && !isGiven(id))
    const all = [...chosen, ...sealed.map(([id, sizeBytes]) => ({ id, sizeBytes, hasNames: false }))]
    const wanted = all.filter(({ sizeBytes }) => sizeBytes > 0).sort((a, b) => Number(b.hasNames) - Number(a.hasNames))
    return wanted.slice(0, MOST_COPIES)
  }
}
