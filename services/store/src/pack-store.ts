import { type Cid, cidOf } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { BlockReader, type BlockSpot } from './block-reader.ts'
import { frameSection } from '@holt/core/car.ts'
import { checkBatch } from './check-batch.ts'
import { DEFAULT_CLASS } from './class-names.ts'
import { collect, type CollectContext, type CollectOptions, type CollectReport } from './collect/collect.ts'
import { CommitQueue } from './commit-queue.ts'
import { type Clock, systemClock } from './fragments/clock.ts'
import { HeadBook } from './head-book.ts'
import { StoreIndex } from './index/store-index.ts'
import { PACK_FOLDER } from './local-packs.ts'
import { type BlockSource, MissingBlocks } from './missing-blocks.ts'
import { OpenPackMirror } from './open-pack-mirror.ts'
import { OpenPacks } from './open-packs.ts'
import { isRebuildable, type PackId, type PackKeeper } from './pack-keeper.ts'
import type { PackLog } from './pack-log.ts'
import { PackRegistry, type PackState } from './pack-registry.ts'
import type { OpenPack } from './pack-writer.ts'
import { type RecoverContext, recoverPacks, registerKept } from './recover-packs.ts'
import { SpreadQueue } from './spread-queue.ts'
import type { StoreContext } from './store-context.ts'
import { factsOf, type PackFacts, packFacts } from './pack-facts.ts'
import { type LocalReport, type StoreProblem, type StoreStats, statsOf } from './store-report.ts'
import { mirroredAfterCut } from './verify-copies.ts'
import { verifyLocal } from './verify-local.ts'
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
  /** Blocks whose places are held in memory before they are written to disk. */
  indexTableEntries?: number
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
  try {
    await store.start()
    return store
  } catch (error) {
    await store.close({ flush: false }) // what was not read whole must not be remembered as such
    throw error
  }
}

/** Blocks in packs on the local disk, which are handed to the keeper when they are full. */
export class PackStore implements BlockStore {
  readonly #options: PackStoreOptions
  readonly #context: StoreContext
  readonly #index: StoreIndex
  readonly #reader: BlockReader
  readonly #missing: MissingBlocks
  readonly #open: OpenPacks
  readonly #commits: CommitQueue
  readonly #spreading: SpreadQueue<PackState>
  readonly #sessions = new Set<{ tick: number }>()
  readonly #ending = new AbortController()
  readonly #onChange = new Set<(what: 'commit' | 'spread') => void>()
  #collecting: Promise<unknown> = Promise.resolve()
  #readingMore: Promise<boolean> | null = null
  #mirror: OpenPackMirror

  constructor(options: PackStoreOptions) {
    const { disk, keeper, crypto, clock = systemClock, packBytes = 64 << 20, maxWaitingPacks = 3, retryMs = 30_000 } = options
    const report = (problem: StoreProblem): void => options.onProblem?.(problem)
    const shared = { disk, keeper, registry: new PackRegistry(), heads: new HeadBook(), report }
    this.#options = options
    this.#index = new StoreIndex(shared, { tableEntries: options.indexTableEntries })
    this.#context = { ...shared, crypto, clock, packBytes, guard: new WriteGuard(), index: this.#index.blocks }
    this.#reader = new BlockReader(this.#context)
    this.#missing = new MissingBlocks((sealed, redundancyClass) => this.put(sealed, { redundancyClass }))
    this.#open = new OpenPacks(this.#context, (pack) => this.#handOver(pack))
    this.#commits = new CommitQueue((heads) => this.#open.commit(heads).then(() => this.#committed()))
    this.#spreading = new SpreadQueue({ spread: (pack) => this.#spread(pack), maxWaiting: maxWaitingPacks, width: 2, retryMs, clock })
    this.#mirror = this.#makeMirror([])
  }

  /** Called once, by `openPackStore`. */
  async start(): Promise<void> {
    await this.#index.open()
    const local = await recoverPacks(this.#recoverContext(this.#options))
    this.#mirror = this.#makeMirror(await this.#mirrored())
    for (const { pack, canGoOn } of local.sort((a, b) => a.pack.createdSeconds - b.pack.createdSeconds)) {
      if (canGoOn && this.#open.fitsOn(pack)) this.#open.goOnWith(pack)
      else this.#handOver(pack)
    }
    if (local.length > 0) this.#mirror.committed()
  }

  async append(batch: BlockBatch, options: { redundancyClass?: string } = {}): Promise<void> {
    this.#context.guard.check()
    checkBatch(batch)
    await this.#spreading.room() // here and not in the writer: commits must not wait behind it
    await this.#open.append(batch, options.redundancyClass ?? DEFAULT_CLASS)
  }

  async put(sealed: Uint8Array, options?: { redundancyClass?: string }): Promise<Cid> {
    const cid = cidOf(sealed)
    const sections = frameSection(cid, sealed)
    await this.append({ sections, blocks: [{ cid, offset: sections.length - sealed.length, length: sealed.length }] }, options)
    return cid
  }

  async get(cid: Cid, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
    try {
      return await this.getHere(cid, options)
    } catch (error) {
      const found = await this.#missing.find(cid, error, options)
      if (found === null) throw error
      return found
    }
  }

  /** As `get`, of what this store itself has. */
  async getHere(cid: Cid, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
    try {
      return await this.#reader.get(cid, options)
    } catch (error) {
      if (!isHoltError(error, 'BLOCK_NOT_FOUND') || !(await this.#readMore())) throw error
      return await this.#reader.get(cid, options)
    }
  }

  /** Others who may have what this store lacks; null: nobody. What comes from them is checked, and kept here. */
  askElsewhere(source: BlockSource | null): void {
    this.#missing.source = source
  }

  async place(cid: Cid): Promise<BlockPlace | null> {
    return await this.#reader.place(cid)
  }

  async commit(heads: readonly Uint8Array[]): Promise<void> {
    this.#context.guard.check()
    await this.#commits.commit(heads)
  }

  heads(): Uint8Array[] {
    return this.#context.heads.all()
  }

  /** Calls it after each commit, and when the keeper has another pack. @returns ends that. */
  onChange(listener: (what: 'commit' | 'spread') => void): () => void {
    this.#onChange.add(listener)
    return () => void this.#onChange.delete(listener)
  }

  /** Those that are written to, how far they are committed at this moment; the one with commit records last. */
  openPacks(): { id: PackId; redundancyClass: string; committedBytes: number }[] {
    return this.#open.logs().map(({ header: { id, redundancyClass }, committedBytes }) => ({ id, redundancyClass, committedBytes }))
  }

  /** Packs are full that the keeper does not have yet. */
  get isSpreading(): boolean {
    return this.#spreading.isMoving
  }

  /** Part of any pack, as it is. @returns null when there is no such pack, or it cannot be read now. */
  async readPack(id: PackId, offset: number, length: number): Promise<Uint8Array | null> {
    const { log } = this.#context.registry.byId(id) ?? {}
    const local = log ? await log.read(offset, length).catch(() => null) : null
    return local?.length === length ? local : await this.#options.keeper.read(id, offset, length).catch(() => null)
  }

  beginWriting(): { end(): void } {
    const session = { tick: this.#context.registry.tick() }
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
    return statsOf(this.#context.registry.all(), this.#options.keeper.packs())
  }

  /** Drives came or went: packs that are new are read, and what waits for the keeper is tried again. */
  retry(): void {
    this.#spreading.retry()
    this.#mirror.committed()
    registerKept(this.#recoverContext({}), this.#options.keeper.packs()).catch(() => {}) // tried again at the next occasion
  }

  /** Tries again what is there and could not be read, as from friends that were too busy. @returns whether a pack became known. */
  #readMore(): Promise<boolean> {
    if (this.#context.registry.unread === 0) return Promise.resolve(false)
    this.#readingMore ??= registerKept(this.#recoverContext({}), this.#options.keeper.packs(), { onlyRebuildable: true })
      .then(
        (known) => known > 0,
        () => false,
      )
      .finally(() => (this.#readingMore = null))
    return this.#readingMore
  }

  /**
   * Frees what is not in `live`; see `collect`. Packs sealed after it began, or after a session of `beginWriting` began that is open
   * now, are left alone. A second call waits for the first.
   */
  async collect(options: CollectOptions): Promise<CollectReport> {
    const collecting = this.#collecting.catch(() => {}).then(() => collect(this.#collectContext(), options))
    this.#collecting = collecting
    return await collecting
  }

  /** Packs in the order of their ids, beginning after `after`. */
  packFacts(options: { after?: PackId; limit: number }): { packs: PackFacts[]; more: boolean; total: number } {
    return packFacts(this.#context.registry, options)
  }

  /** @returns null when there is no such pack. */
  packFact(id: PackId): PackFacts | null {
    const pack = this.#context.registry.byId(id)
    return pack === null ? null : factsOf(pack)
  }

  /** Where a block lies, in a pack that is spread rather than in one that is not; null when no pack that is known holds it. */
  async locate(cid: Cid): Promise<BlockSpot | null> {
    return this.#reader.locate(cid)
  }

  /** As things are now: tells of any block whether enough is left to read it. Bytes are taken as they were last verified. */
  readability(): { isReadable(cid: Cid): Promise<boolean> } {
    const packs = this.#options.keeper.packs().filter(isRebuildable)
    const rebuildable = new Set(packs.map(({ id }) => id))
    return { isReadable: (cid) => this.#reader.isReadable(cid, rebuildable) }
  }

  /**
   * Reads the packs on the local disk, their mirrors and the index; with `repair`, damaged bytes are mended, one from the other. The index is
   * always mended.
   */
  async verifyLocal(options: { repair?: boolean; signal?: AbortSignal } = {}): Promise<LocalReport> {
    if (options.repair === true) await this.#mirror.flush().catch(() => {}) // what is not mirrored then is tried again later
    return await verifyLocal(this.#context, { ...options, mirroredBytes: (id) => this.#mirror.mirroredBytes(id) })
  }

  /** Ends writing in good order: what comes later is refused with NODE_STOPPING. Packs that are not spread yet will be after the next start. */
  async close(options: { flush?: boolean } = {}): Promise<void> {
    await this.#collecting.catch(() => {})
    await this.#commits.idle()
    await this.#open.idle()
    this.#ending.abort()
    await this.#spreading.close()
    await this.#mirror.close()
    this.#context.guard.close()
    await this.#open.idle()
    await this.#index.close({ flush: options.flush ?? true })
    for (const pack of this.#context.registry.all()) await pack.log?.close()
  }

  #committed(): void {
    this.#mirror.committed()
    for (const listener of this.#onChange) listener('commit')
  }

  /** Nothing more is written to the pack; it waits to be spread. */
  #handOver(pack: PackState): void {
    this.#end(pack)
    this.#spreading.add(pack)
  }

  #end(pack: PackState): void {
    pack.sealedTick = this.#context.registry.tick()
    pack.indexedBy = this.#context.index.tableNumber
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
    if (!consumed) await disk.remove(log.path).catch(() => {}) // else at the next start
    this.#index.packSpread()
    for (const listener of this.#onChange) listener('spread')
  }

  #collectContext(): CollectContext {
    const { keeper, registry, heads, packBytes } = this.#context
    const begun = [...this.#sessions].map(({ tick }) => tick)
    return {
      keeper,
      registry,
      packBytes,
      reader: this.#reader,
      sealedBefore: Math.min(registry.tick(), ...begun),
      makeWriter: (redundancyClass, onFull) => {
        const ended = (pack: OpenPack): void => {
          this.#end(pack)
          onFull(pack)
        }
        return this.#open.copyingWriter(redundancyClass, ended)
      },
      spread: (pack) => this.#spread(pack),
      handOver: (pack) => this.#handOver(pack),
      keepHeads: async () => {
        await this.#commits.commit(heads.all())
        await this.#mirror.flush()
      },
      saveRemoval: () => this.#index.save(),
    }
  }

  async #mirrored(): Promise<{ id: string; sizeBytes: number }[]> {
    const { keeper } = this.#options
    const mirrored = []
    for (const { id, sizeBytes } of await keeper.mirrored()) {
      const log = this.#context.registry.byId(id)?.log
      mirrored.push({ id, sizeBytes: log ? await mirroredAfterCut(keeper, log, sizeBytes) : sizeBytes })
    }
    return mirrored
  }

  #makeMirror(mirrored: { id: string; sizeBytes: number }[]): OpenPackMirror {
    const { keeper, mirrorDelayMs: delayMs = 500, retryMs = 30_000 } = this.#options
    const isSpreading = (): boolean => this.#spreading.isMoving
    return new OpenPackMirror(
      { keeper, logs: () => this.#open.logs(), isSpreading, delayMs, retryMs, clock: this.#context.clock },
      mirrored,
    )
  }

  #recoverContext({ signal, onProgress }: Pick<PackStoreOptions, 'signal' | 'onProgress'>): RecoverContext {
    return { ...this.#context, signal, onProgress }
  }
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
