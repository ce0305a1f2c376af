import { concatBytes } from '@holt/core/bytes.ts'
import type { PackState } from './pack-registry.ts'
import type { PackLog } from './pack-log.ts'
import type { BlockBatch } from './types.ts'

/** The open pack that a writer writes into. */
export type OpenPack = PackState & { log: PackLog }

interface WriterOptions {
  open(): Promise<OpenPack>
  /** Called after blocks were written: makes them known. */
  onWritten(pack: OpenPack, blocks: BlockBatch['blocks'], baseOffset: number): void
  /** Takes a pack that is full; the writer is done with it. */
  onFull(pack: OpenPack): void
  packBytes: number
}

interface AppendJob {
  batch: BlockBatch
  resolve(): void
  reject(error: unknown): void
}

type Job = AppendJob | { run(): Promise<void>; reject(error: unknown): void }

/** Batches up to this are gathered into one write. */
const GATHER_BYTES = 1 << 20

/** Writes the batches of one redundancy class one after the other, into as many packs as they need. */
export class PackWriter {
  readonly #options: WriterOptions
  readonly #jobs: Job[] = []
  #pack: OpenPack | null
  #running: Promise<void> | null = null

  constructor(options: WriterOptions, pack: OpenPack | null = null) {
    this.#options = options
    this.#pack = pack
  }

  get pack(): OpenPack | null {
    return this.#pack
  }

  append(batch: BlockBatch): Promise<void> {
    return new Promise((resolve, reject) => this.#add({ batch, resolve, reject }))
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  /** Runs `action` on the open pack, after what was appended before and while nothing else is written to it. */
  exclusively<T>(action: (pack: OpenPack) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => resolve(await action(await this.#openPack()))
      this.#add({ run, reject })
    })
  }

  /** Gives the open pack up to `onFull`, whatever its size. */
  roll(): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        this.#handOver()
        resolve()
      }
      this.#add({ run, reject })
    })
  }

  #add(job: Job): void {
    this.#jobs.push(job)
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    while (this.#jobs.length > 0) {
      const jobs = this.#takeJobs()
      try {
        await this.#do(jobs)
      } catch (error) {
        for (const job of jobs) job.reject(error)
      }
      this.#rollWhenFull()
    }
    this.#running = null
  }

  /** The next job, or as many batches as fit one write. */
  #takeJobs(): Job[] {
    let count = 0
    for (let sizeBytes = 0; count < this.#jobs.length; count++) {
      const job = this.#jobs[count] as Job
      sizeBytes += 'batch' in job ? job.batch.sections.length : Number.POSITIVE_INFINITY
      if (sizeBytes > GATHER_BYTES) break
    }
    return this.#jobs.splice(0, Math.max(1, count))
  }

  async #do(jobs: readonly Job[]): Promise<void> {
    const [first] = jobs
    if (first && 'run' in first) return await first.run()
    const appends = jobs as readonly AppendJob[]
    await this.#write(appends)
    for (const { resolve } of appends) resolve()
  }

  async #write(jobs: readonly AppendJob[]): Promise<void> {
    const pack = await this.#openPack()
    const [first, ...more] = jobs.map(({ batch }) => batch.sections)
    let offset = await pack.log.write(more.length === 0 && first ? first : concatBytes(jobs.map(({ batch }) => batch.sections)))
    for (const { batch } of jobs) {
      this.#options.onWritten(pack, batch.blocks, offset)
      offset += batch.sections.length
    }
  }

  async #openPack(): Promise<OpenPack> {
    this.#pack ??= await this.#options.open()
    return this.#pack
  }

  #rollWhenFull(): void {
    const log = this.#pack?.log
    if (log && log.sealedBytes >= this.#options.packBytes) this.#handOver()
  }

  #handOver(): void {
    const pack = this.#pack
    this.#pack = null
    if (pack) this.#options.onFull(pack)
  }
}
