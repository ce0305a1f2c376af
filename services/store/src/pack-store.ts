import { toHex } from '@holt/core/bytes.ts'
import { CID_BYTES, type Cid, cidDigest, cidOf } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { BlockIndex } from './block-index.ts'
import { BlockReader } from './block-reader.ts'
import { frameSection, splitSections } from './car.ts'
import { CommitQueue } from './commit-queue.ts'
import { type Clock, nowSeconds, systemClock } from './fragments/clock.ts'
import { HeadBook } from './head-book.ts'
import { DEFAULT_CLASS, type LocalPack, PACK_FOLDER, packPath } from './local-packs.ts'
import { OpenPackMirror } from './open-pack-mirror.ts'
import type { PackKeeper } from './pack-keeper.ts'
import { PackLog } from './pack-log.ts'
import { encodeCommitRecords, recordSection } from './pack-records.ts'
import { PackRegistry, type PackState } from './pack-registry.ts'
import { type OpenPack, PackWriter } from './pack-writer.ts'
import { recoverPacks } from './recover-packs.ts'
import { SpreadQueue } from './spread-queue.ts'
import type { StoreProblem, StoreStats } from './store-report.ts'
import type { BlockBatch, BlockPlace, BlockStore } from './types.ts'
import { WriteGuard } from './write-guard.ts'

export interface PackStoreOptions {
  /** The node's data folder; the store has `packs/` and `index/` in it. */
  disk: Disk
  keeper: PackKeeper
  crypto: Pick<Crypto, 'randomBytes'>
  clock?: Clock
  /** A pack is sealed when it is this long. */
  packBytes?: number
  /** So many sealed packs wait to be spread before `append` waits too. */
  maxWaitingPacks?: number
  mirrorDelayMs?: number
  /** How long after a failure spreading and mirroring are tried again. */
  retryMs?: number
  onProblem?(problem: StoreProblem): void
  /** While packs are read that the index does not know. */
  onProgress?(progress: { donePacks: number; totalPacks: number }): void
  signal?: AbortSignal
}

/**
 * Opens the packs of a data folder, or begins there. What a crash left is put in order first; with an empty folder everything is
 * recovered from the keeper.
 *
 * @throws HoltError IO_FAILED, DISK_FULL, UNSUPPORTED_VERSION, CANCELLED.
 */
export async function openPackStore(options: PackStoreOptions): Promise<PackStore> {
  await options.disk.makeFolder(PACK_FOLDER)
  const store = new PackStore(options)
  await store.start()
  return store
}

/** Blocks in packs on the local disk, handed to the keeper when they are full. */
export class PackStore implements BlockStore {
  readonly #options: PackStoreOptions
  readonly #clock: Clock
  readonly #guard = new WriteGuard()
  readonly #registry = new PackRegistry()
  readonly #index = new BlockIndex()
  readonly #heads = new HeadBook()
  readonly #writers = new Map<string, PackWriter>()
  readonly #sessions = new Set<{ tick: number }>()
  readonly #commits = new CommitQueue((heads) => this.#makeDurable(heads))
  readonly #reader: BlockReader
  readonly #spreading: SpreadQueue<PackState>
  readonly #ending = new AbortController()
  #mirror: OpenPackMirror

  constructor(options: PackStoreOptions) {
    const { keeper, clock = systemClock, maxWaitingPacks = 3, retryMs = 30_000 } = options
    this.#options = options
    this.#clock = clock
    this.#reader = new BlockReader({ index: this.#index, registry: this.#registry, keeper, report: (problem) => this.#report(problem) })
    this.#spreading = new SpreadQueue({
      spread: (pack) => this.#spread(pack),
      maxWaiting: maxWaitingPacks,
      width: 2,
      retryMs,
      clock,
      onStalled: () => {},
    })
    this.#mirror = this.#makeMirror([])
  }

  /** Called once, by `openPackStore`. */
  async start(): Promise<void> {
    const { disk, keeper, signal, onProgress } = this.#options
    const shared = { disk, keeper, guard: this.#guard, registry: this.#registry, index: this.#index, heads: this.#heads }
    const local = await recoverPacks({ ...shared, signal, onProgress, report: (problem) => this.#report(problem) })
    this.#mirror = this.#makeMirror(await keeper.mirrored())
    for (const pack of local.sort((a, b) => a.log.header.createdSeconds - b.log.header.createdSeconds)) this.#goOnWith(pack)
    if (local.length > 0) this.#mirror.committed()
  }

  async append(batch: BlockBatch, options: { redundancyClass?: string } = {}): Promise<void> {
    this.#guard.check()
    checkBatch(batch)
    await this.#spreading.room() // here and not in the writer: commits must not wait behind it
    await this.#writer(options.redundancyClass ?? DEFAULT_CLASS).append(batch)
  }

  async put(sealed: Uint8Array, options?: { redundancyClass?: string }): Promise<Cid> {
    const cid = cidOf(sealed)
    const sections = frameSection(cid, sealed)
    await this.append({ sections, blocks: [{ cid, offset: sections.length - sealed.length, length: sealed.length }] }, options)
    return cid
  }

  async get(cid: Cid, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
    return await this.#reader.get(cid, options)
  }

  async place(cid: Cid): Promise<BlockPlace | null> {
    return await this.#reader.place(cid)
  }

  async commit(heads: readonly Uint8Array[]): Promise<void> {
    this.#guard.check()
    await this.#commits.commit(heads)
  }

  heads(): Uint8Array[] {
    return this.#heads.all()
  }

  beginWriting(): { end(): void } {
    const session = { tick: this.#registry.tick() }
    this.#sessions.add(session)
    return { end: () => void this.#sessions.delete(session) }
  }

  /**
   * Resolves when every sealed pack is spread and the open ones are mirrored up to the last commit.
   *
   * @throws what the keeper fails with; CANCELLED.
   */
  async settle(options: { signal?: AbortSignal } = {}): Promise<void> {
    const settled = this.#commits
      .idle()
      .then(() => this.#spreading.settled())
      .then(() => this.#mirror.flush())
    await orCancelled(settled, options.signal)
  }

  stats(): StoreStats {
    const stats: StoreStats = { blocks: 0, packs: 0, packBytes: 0, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0 }
    const kept = new Map(this.#options.keeper.packs().map((pack) => [pack.id, pack]))
    for (const pack of this.#registry.all()) {
      const sizeBytes = pack.log?.sizeBytes ?? pack.sizeBytes
      stats.blocks += pack.blockCount
      stats.packs++
      stats.packBytes += sizeBytes
      if (!pack.isSpread) {
        stats.unspreadBytes += sizeBytes
        continue
      }
      const { presentFragments = 0, dataFragments = 1, totalFragments = 1 } = kept.get(pack.id) ?? {}
      if (presentFragments < dataFragments) stats.lostPacks++
      else if (presentFragments < totalFragments) stats.degradedPacks++
    }
    return stats
  }

  /** Drives came or went: what waits for the keeper is tried again. */
  retry(): void {
    this.#spreading.retry()
    this.#mirror.committed()
  }

  /** Ends writing in good order. Packs that are not spread yet will be after the next start. */
  async close(): Promise<void> {
    await this.#commits.idle()
    await Promise.all([...this.#writers.values()].map((writer) => writer.idle()))
    this.#ending.abort()
    await this.#spreading.close()
    await this.#mirror.close()
    for (const pack of this.#registry.all()) await pack.log?.close()
  }

  #report(problem: StoreProblem): void {
    this.#options.onProblem?.(problem)
  }

  /** A pack that was open before the start is written on, unless there is a newer one of its class. */
  #goOnWith({ state, wasTorn }: LocalPack & { state: PackState }): void {
    const pack = state as OpenPack
    const before = this.#writers.get(pack.redundancyClass)
    const canGoOn = !pack.sealed && !wasTorn && pack.log.damage.length === 0 && pack.log.sizeBytes < this.#packBytes
    if (!canGoOn) return this.#handOver(pack)
    if (before?.pack) this.#handOver(before.pack)
    this.#writers.set(pack.redundancyClass, this.#makeWriter(pack.redundancyClass, pack))
  }

  get #packBytes(): number {
    return this.#options.packBytes ?? 64 << 20
  }

  #writer(redundancyClass: string): PackWriter {
    let writer = this.#writers.get(redundancyClass)
    if (!writer) {
      writer = this.#makeWriter(redundancyClass)
      this.#writers.set(redundancyClass, writer)
    }
    return writer
  }

  #makeWriter(redundancyClass: string, pack: OpenPack | null = null): PackWriter {
    return new PackWriter(
      redundancyClass,
      {
        open: (wanted) => this.#openNew(wanted),
        onWritten: (written, blocks, baseOffset) => this.#noteWritten(written, blocks, baseOffset),
        onFull: (full) => this.#handOver(full),
        packBytes: this.#packBytes,
      },
      pack,
    )
  }

  /** Each pack for commits begins with the newest heads, so that older packs are never needed for theirs. */
  async #openNew(redundancyClass: string): Promise<OpenPack> {
    const { disk, crypto } = this.#options
    const createdSeconds = this.#registry.createdNow(nowSeconds(this.#clock))
    const header = { id: toHex(crypto.randomBytes(16)), redundancyClass, createdSeconds }
    const heads = redundancyClass === DEFAULT_CLASS ? this.#heads.all() : []
    const commits = heads.length > 0 ? encodeCommitRecords(heads, 0).map(recordSection) : []
    const log = await PackLog.create(disk, packPath(header.id), { header, guard: this.#guard, commits })
    return this.#registry.add({ ...header, log }) as OpenPack
  }

  #noteWritten(pack: OpenPack, blocks: BlockBatch['blocks'], baseOffset: number): void {
    for (const { cid, offset, length } of blocks) {
      pack.log.toc.blocks.add(cid, baseOffset + offset, length)
      this.#index.add(cidDigest(cid), { pack: pack.number, offset: baseOffset + offset, length })
    }
    pack.blockCount += blocks.length
  }

  #handOver(pack: OpenPack): void {
    pack.sealedTick = this.#registry.tick()
    this.#spreading.add(pack)
  }

  /** Seals the pack if need be, gives it to the keeper and gives up the local file. */
  async #spread(pack: PackState): Promise<void> {
    const { disk, keeper } = this.#options
    const log = pack.log as PackLog
    pack.sealed ??= await log.seal()
    pack.sizeBytes = log.sizeBytes
    const { consumed } = await keeper.spread(pack.sealed, { disk, path: log.path }, { signal: this.#ending.signal })
    pack.isSpread = true
    pack.log = null
    this.#mirror.forget(pack.id)
    await log.close()
    if (!consumed) await disk.remove(log.path)
  }

  /**
   * The one place where something becomes durable. What lies in other packs is synced before the commit record is written: a
   * head must not be seen before all that it needs.
   */
  async #makeDurable(heads: readonly Uint8Array[]): Promise<void> {
    this.#guard.check()
    const needed = this.#unsyncedLogs()
    const writer = this.#writer(DEFAULT_CLASS)
    const current = writer.pack?.log
    await syncAll(needed.filter(({ log }) => heads.length === 0 || log !== current))
    if (heads.length > 0) {
      const log = await writer.exclusively(async (pack) => {
        await syncAll(needed.filter((other) => other.log !== pack.log))
        await pack.log.writeCommits(encodeCommitRecords(heads, pack.log.syncedBytes).map(recordSection))
        return pack.log
      })
      await log.sync()
      for (const head of heads) this.#heads.add(head)
    }
    for (const log of this.#openLogs()) log.committedBytes = log.syncedBytes
    this.#mirror.committed()
  }

  #unsyncedLogs(): { log: PackLog; sizeBytes: number }[] {
    const logs = this.#registry.all().flatMap(({ log }) => log ?? [])
    return logs.filter((log) => log.syncedBytes < log.sizeBytes).map((log) => ({ log, sizeBytes: log.sizeBytes }))
  }

  /** Those with commit records last: what these refer to is mirrored first. */
  #openLogs(): PackLog[] {
    const open = [...this.#writers.values()].flatMap(({ pack }) => pack?.log ?? [])
    const rank = (log: PackLog): number => Number(log.header.redundancyClass === DEFAULT_CLASS)
    return open.sort((a, b) => rank(a) - rank(b))
  }

  #makeMirror(mirrored: { id: string; sizeBytes: number }[]): OpenPackMirror {
    const { keeper, mirrorDelayMs: delayMs = 500, retryMs = 30_000 } = this.#options
    const isSpreading = () => this.#spreading.isMoving
    return new OpenPackMirror({ keeper, logs: () => this.#openLogs(), isSpreading, delayMs, retryMs, clock: this.#clock }, mirrored)
  }
}

async function syncAll(needed: readonly { log: PackLog; sizeBytes: number }[]): Promise<void> {
  await Promise.all(needed.filter(({ log, sizeBytes }) => log.syncedBytes < sizeBytes).map(({ log }) => log.sync()))
}

/** A batch that is not what it says would be taken for a torn tail after a crash. */
function checkBatch({ sections, blocks }: BlockBatch): void {
  const places = splitSections(sections)
  const fits = (place: (typeof places)[number], i: number): boolean => {
    const block = blocks[i]
    const { bodyOffset, bodyLength } = place
    if (block?.offset !== bodyOffset || block.length !== bodyLength) return false
    return equalBytes(sections.subarray(bodyOffset - CID_BYTES, bodyOffset), block.cid)
  }
  if (places.length !== blocks.length || !places.every(fits))
    throw new HoltError('MALFORMED', 'the batch does not hold the blocks it lists')
}

async function orCancelled(work: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return await work
  let cancel: (() => void) | undefined
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => reject(new HoltError('CANCELLED', 'waiting was cancelled'))
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { once: true })
  })
  try {
    await Promise.race([work, cancelled])
  } finally {
    if (cancel) signal.removeEventListener('abort', cancel)
  }
}
