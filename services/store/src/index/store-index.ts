import type { Disk } from '@holt/core/disk.ts'
import type { HeadBook } from '../head-book.ts'
import type { PackKeeper } from '../pack-keeper.ts'
import type { PackRegistry, PackState } from '../pack-registry.ts'
import { indexToc, tocOf } from '../pack-tocs.ts'
import type { StoreProblem } from '../store-report.ts'
import { BlockIndex, INDEX_FOLDER } from './block-index.ts'
import type { RunDescriptor } from './run-format.ts'
import { readManifest, writeManifest } from './store-manifest.ts'

interface IndexContext {
  disk: Disk
  keeper: PackKeeper
  registry: PackRegistry
  heads: HeadBook
  report(problem: StoreProblem): void
}

/** So many packs that only memory knows the blocks of: reading their tables of contents again delays a start. */
const UNWRITTEN_PACKS = 64

/** The index together with what is remembered of packs and heads: one manifest for all, so that they always fit. */
export class StoreIndex {
  readonly blocks: BlockIndex
  readonly #context: IndexContext
  #runs: readonly RunDescriptor[] = []
  #saving: Promise<void> = Promise.resolve()
  /** Packs whose blocks are being added again. */
  readonly #reading = new Set<PackState>()

  constructor(context: IndexContext, options: { tableEntries?: number }) {
    const { disk, registry } = context
    this.#context = context
    this.blocks = new BlockIndex({
      disk,
      isPackThere: (pack) => registry.byNumber(pack) !== null,
      save: (runs) => this.#save(runs),
      reindex: (packs) => this.#reindex(packs),
      tableEntries: options.tableEntries,
    })
  }

  /** Takes what the manifest knows; the rest must be read from the packs. */
  async open(): Promise<void> {
    const { disk, registry, heads, report } = this.#context
    await disk.makeFolder(INDEX_FOLDER)
    const manifest = await readManifest(disk)
    registry.reserveNumbers(manifest?.nextNumber ?? 0)
    for (const { isIndexed, ...pack } of manifest?.packs ?? [])
      registry.add({ ...pack, indexedBy: isIndexed ? 0 : Number.POSITIVE_INFINITY })
    for (const head of manifest?.heads ?? []) heads.add(head)
    this.#runs = manifest?.runs ?? []
    for (const range of await this.blocks.open(this.#runs)) {
      report({ what: 'index-wrong', where: `${INDEX_FOLDER}, packs ${range.first} to ${range.last}`, repaired: true })
      for (const pack of this.#packsIn(range)) pack.indexedBy = Number.POSITIVE_INFINITY
    }
  }

  /** Makes what is known of packs and heads durable. @throws HoltError DISK_FULL, IO_FAILED. */
  async save(): Promise<void> {
    await this.#save(this.#runs)
  }

  /** To be called when a pack has left the local disk. */
  packSpread(): void {
    const unwritten = this.#context.registry.all().filter((pack) => pack.sealed && !this.#isIndexed(pack))
    if (unwritten.length >= UNWRITTEN_PACKS) void this.blocks.flush()
  }

  /** @param options `flush`: false leaves what is on disk as it is. */
  async close(options: { flush: boolean }): Promise<void> {
    if (options.flush && this.#context.registry.all().some((pack) => pack.sealed && !this.#isIndexed(pack))) await this.blocks.flush()
    await this.blocks.close()
    await this.#saving.catch(() => {})
  }

  #isIndexed(pack: PackState): boolean {
    return pack.sealed !== null && !this.#reading.has(pack) && pack.indexedBy <= this.blocks.writtenTable
  }

  async #save(runs: readonly RunDescriptor[]): Promise<void> {
    this.#runs = runs
    this.#saving = this.#saving.catch(() => {}).then(() => this.#write())
    await this.#saving
  }

  async #write(): Promise<void> {
    const { disk, registry, heads } = this.#context
    const packs = registry.all().map((pack) => ({ ...pack, isIndexed: this.#isIndexed(pack) }))
    await writeManifest(disk, { runs: this.#runs, packs, heads: heads.all(), nextNumber: registry.nextNumber })
  }

  #packsIn({ first, last }: { first: number; last: number }): PackState[] {
    return this.#context.registry.all().filter(({ number }) => number >= first && number <= last)
  }

  async #reindex(range: { first: number; last: number }): Promise<void> {
    const { keeper, report } = this.#context
    const packs = this.#packsIn(range)
    for (const pack of packs) {
      pack.indexedBy = Number.POSITIVE_INFINITY
      this.#reading.add(pack)
    }
    for (const pack of packs) {
      const toc = await tocOf(keeper, pack)
      this.#reading.delete(pack)
      if (toc) await indexToc(this.blocks, pack, toc)
      else report({ what: 'pack-lost', where: `pack ${pack.id}`, repaired: false })
    }
    report({ what: 'index-wrong', where: `${INDEX_FOLDER}, packs ${range.first} to ${range.last}`, repaired: true })
  }
}
