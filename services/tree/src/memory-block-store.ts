import { equalBytes } from '@holt/core/bytes.ts'
import { type Cid, cidKey, cidOf } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BlockBatch, BlockPlace, BlockStore } from '@holt/store/types.ts'
import { SectionBuffer, sectionHead } from './sections.ts'

/** A BlockStore in memory: tests of the tree layer, and browsers without a disk. */
export class MemoryBlockStore implements BlockStore {
  /** Bytes of all sections appended so far. */
  appendedBytes = 0
  commitCount = 0
  openSessions = 0
  /** Commits that wait for `syncing`. */
  syncsUnderWay = 0
  /** Awaited by `commit` before anything becomes durable: stands for a slow fsync, or one that fails. */
  syncing: Promise<void> = Promise.resolve()
  /** Class each block was appended to last. */
  readonly classes = new Map<string, string>()
  readonly #blocks = new Map<string, Uint8Array>()
  readonly #notDurable = new Set<string>()
  #heads: Uint8Array[] = []
  #callsUntilFailure = Number.POSITIVE_INFINITY
  #failure = new HoltError('DISK_FULL', 'the disk is full')

  /** The nth call of `append`, `put` or `commit` from now on (1: the next) fails, and so do those after it until `heal`. */
  failAt(call: number, failure: HoltError = this.#failure): void {
    this.#callsUntilFailure = call
    this.#failure = failure
  }

  heal(): void {
    this.#callsUntilFailure = Number.POSITIVE_INFINITY
  }

  #countCall(): void {
    if (--this.#callsUntilFailure <= 0) throw this.#failure
  }

  async append(batch: BlockBatch, { redundancyClass = 'standard' }: { redundancyClass?: string } = {}): Promise<void> {
    this.#countCall()
    let end = 0
    for (const { cid, offset, length } of batch.blocks) {
      const head = sectionHead(cid, length)
      const body = batch.sections.slice(offset, offset + length)
      const headFits = equalBytes(batch.sections.subarray(end, offset), head)
      if (!headFits || !equalBytes(cidOf(body), cid)) throw new RangeError('a section that is no CAR section')
      this.#blocks.set(cidKey(cid), body)
      this.#notDurable.add(cidKey(cid))
      this.classes.set(cidKey(cid), redundancyClass)
      end = offset + length
    }
    if (end !== batch.sections.length) throw new RangeError('bytes after the last section')
    this.appendedBytes += batch.sections.length
  }

  async put(sealed: Uint8Array, options?: { redundancyClass?: string }): Promise<Cid> {
    const buffer = new SectionBuffer()
    const cid = buffer.add(sealed)
    await this.append(buffer.take(), options)
    return cid
  }

  async get(cid: Cid, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    if (options.signal?.aborted) throw new HoltError('CANCELLED', 'the read was cancelled')
    const sealed = this.#blocks.get(cidKey(cid))
    if (sealed === undefined) throw new HoltError('BLOCK_NOT_FOUND', 'no such block')
    return sealed
  }

  async place(_cid: Cid): Promise<BlockPlace | null> {
    return null
  }

  async commit(heads: readonly Uint8Array[]): Promise<void> {
    this.#countCall()
    const appended = [...this.#notDurable]
    this.syncsUnderWay++
    await this.syncing.finally(() => this.syncsUnderWay--)
    for (const name of appended) this.#notDurable.delete(name)
    this.#heads = [...heads]
    this.commitCount++
  }

  heads(): Uint8Array[] {
    return [...this.#heads]
  }

  beginWriting(): { end(): void } {
    this.openSessions++
    let open = true
    return {
      end: () => {
        if (open) this.openSessions--
        open = false
      },
    }
  }

  get blockCount(): number {
    return this.#blocks.size
  }

  /** What would be there after a crash now. */
  afterCrash(): MemoryBlockStore {
    const left = new MemoryBlockStore()
    for (const [name, sealed] of this.#blocks) if (!this.#notDurable.has(name)) left.#blocks.set(name, sealed)
    left.#heads = [...this.#heads]
    return left
  }

  /** Removes every block that is not among `cids`. @returns how many went. */
  keepOnly(cids: Iterable<Cid>): number {
    const kept = new Set<string>()
    for (const cid of cids) kept.add(cidKey(cid))
    const before = this.#blocks.size
    for (const name of this.#blocks.keys()) {
      if (kept.has(name)) continue
      this.#blocks.delete(name)
    }
    return before - this.#blocks.size
  }
}
