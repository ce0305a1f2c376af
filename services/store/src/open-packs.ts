import { toHex } from '@holt/core/bytes.ts'
import { cidDigest } from '@holt/core/cid.ts'
import { NAMES_CLASS } from './class-names.ts'
import { nowSeconds } from './fragments/clock.ts'
import { packPath } from './local-packs.ts'
import { PackLog } from './pack-log.ts'
import { encodeCommitRecords, recordSection } from './pack-records.ts'
import { type OpenPack, PackWriter } from './pack-writer.ts'
import type { StoreContext } from './store-context.ts'
import type { BlockBatch } from './types.ts'

/** The packs that are written to, one for each redundancy class, and what makes them durable. */
export class OpenPacks {
  readonly #context: StoreContext
  readonly #handOver: (pack: OpenPack) => void
  readonly #writers = new Map<string, PackWriter>()
  /** With blocks that may not be on the drive yet. */
  readonly #unsynced = new Set<PackLog>()

  /** @param handOver takes packs that are full. */
  constructor(context: StoreContext, handOver: (pack: OpenPack) => void) {
    this.#context = context
    this.#handOver = handOver
  }

  /** Whether there is room in the pack and it begins as an open one must: with the newest heads, if it is for commits. */
  fitsOn({ redundancyClass, log }: OpenPack): boolean {
    if (log.sealedBytes >= this.#context.packBytes) return false
    const needsHeads = redundancyClass === NAMES_CLASS && this.#context.heads.all().length > 0
    return !needsHeads || (log.toc?.commits.count ?? 0) > 0
  }

  /** Goes on with a pack from before the start; the one of its class that was written to until now is handed over. */
  goOnWith(pack: OpenPack): void {
    const before = this.#writers.get(pack.redundancyClass)?.pack
    if (before) this.#handOver(before)
    this.#writers.set(pack.redundancyClass, this.#makeWriter(pack.redundancyClass, pack))
  }

  async append(batch: BlockBatch, redundancyClass: string): Promise<void> {
    await this.#writer(redundancyClass).append(batch)
  }

  /**
   * Makes all that was appended before durable, with these heads. What lies in other packs is synced before the commit record is
   * written: a head must not be seen before all that it needs.
   */
  async commit(heads: readonly Uint8Array[]): Promise<void> {
    this.#context.guard.check()
    const needed = [...this.#unsynced].map((log) => ({ log, sizeBytes: log.sizeBytes }))
    const writer = this.#writer(NAMES_CLASS)
    const current = writer.pack?.log
    await syncAll(needed.filter(({ log }) => heads.length === 0 || log !== current))
    if (heads.length > 0) {
      const log = await writer.exclusively(async (pack) => {
        await syncAll(needed.filter((other) => other.log !== pack.log))
        await pack.log.writeCommits(encodeCommitRecords(heads, pack.log.syncedBytes).map(recordSection))
        return pack.log
      })
      await log.sync()
      for (const head of heads) this.#context.heads.add(head)
    }
    for (const { log } of needed) if (log.syncedBytes === log.sizeBytes) this.#unsynced.delete(log)
    for (const log of this.logs()) log.committedBytes = log.syncedBytes
  }

  /** Those with commit records last: what these refer to comes first. */
  logs(): PackLog[] {
    const open = [...this.#writers.values()].flatMap(({ pack }) => pack?.log ?? [])
    const rank = (log: PackLog): number => Number(log.header.redundancyClass === NAMES_CLASS)
    return open.sort((a, b) => rank(a) - rank(b))
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.idle()))
  }

  /** A writer into packs of their own, which hold nothing but blocks that lie elsewhere too: no commit waits for them. */
  copyingWriter(redundancyClass: string, onFull: (pack: OpenPack) => void): PackWriter {
    const open = (): Promise<OpenPack> => this.#open(redundancyClass, [])
    const onWritten: typeof this.noteWritten = (...written) => this.noteWritten(...written)
    return new PackWriter({ open, onWritten, onFull, packBytes: this.#context.packBytes })
  }

  #writer(redundancyClass: string): PackWriter {
    const writer = this.#writers.get(redundancyClass) ?? this.#makeWriter(redundancyClass)
    this.#writers.set(redundancyClass, writer)
    return writer
  }

  /** Each pack for commits begins with the newest heads, so that older packs are never needed for theirs. */
  #makeWriter(redundancyClass: string, pack: OpenPack | null = null): PackWriter {
    const open = (): Promise<OpenPack> => this.#open(redundancyClass, redundancyClass === NAMES_CLASS ? this.#context.heads.all() : [])
    const onWritten: typeof this.noteWritten = (written, blocks, baseOffset) => {
      this.#unsynced.add(written.log)
      this.noteWritten(written, blocks, baseOffset)
    }
    return new PackWriter({ open, onWritten, onFull: this.#handOver, packBytes: this.#context.packBytes }, pack)
  }

  async #open(redundancyClass: string, carriedHeads: readonly Uint8Array[]): Promise<OpenPack> {
    const { disk, crypto, clock, registry, guard } = this.#context
    const header = { id: toHex(crypto.randomBytes(16)), redundancyClass, createdSeconds: registry.createdNow(nowSeconds(clock)) }
    const commits = carriedHeads.length > 0 ? encodeCommitRecords(carriedHeads, 0).map(recordSection) : []
    const log = await PackLog.create(disk, packPath(header.id), { header, guard, commits })
    return Object.assign(registry.add(header), { log })
  }

  noteWritten(pack: OpenPack, blocks: BlockBatch['blocks'], baseOffset: number): void {
    const { index } = this.#context
    for (const { cid, offset, length } of blocks) {
      pack.log.toc?.blocks.add(cid, baseOffset + offset, length)
      index.add(cidDigest(cid), { pack: pack.number, offset: baseOffset + offset, length })
    }
    pack.blockCount += blocks.length
  }
}

async function syncAll(needed: readonly { log: PackLog; sizeBytes: number }[]): Promise<void> {
  await Promise.all(needed.filter(({ log, sizeBytes }) => log.syncedBytes < sizeBytes).map(({ log }) => log.sync()))
}
