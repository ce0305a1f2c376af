import type { Crypto } from './crypto.ts'
import type { Disk } from './disk.ts'
import type { ErasureCode } from './erasure/erasure-code.ts'

/** What a job may use, on whatever thread it runs. */
export interface WorkEnvironment {
  crypto: Crypto
  erasure: ErasureCode
  /** The disk of that id; the same disk object on the main thread, another on the same folder in a worker. */
  disk(id: string): Disk
}

/** A piece of heavy work: sealing, hashing, coding. Input and output are structured-cloneable. */
export type Job<Input, Output> = (environment: WorkEnvironment, input: Input, signal: AbortSignal) => Promise<Output>

/** `{ name: job }`; each layer exports its own table and the platform's worker joins them. */
// oxlint-disable-next-line typescript/no-explicit-any -- a table holds jobs of every shape; `run` gives the types back
export type JobTable = Readonly<Record<string, Job<any, any>>>

/** Runs jobs off the main thread. Implementations: NodejsWorkPool (worker threads), InlineWorkPool (this thread). */
export interface WorkPool<Jobs extends JobTable = JobTable> {
  /**
   * @param options `transfer`: buffers in the input that are given away.
   * @throws what the job threw (HoltErrors keep their code), CANCELLED when `signal` fires, NODE_STOPPING after `close`.
   */
  run<Name extends keyof Jobs & string>(
    name: Name,
    input: Parameters<Jobs[Name]>[1],
    options?: { signal?: AbortSignal; transfer?: ArrayBuffer[] },
  ): Promise<Awaited<ReturnType<Jobs[Name]>>>
  /** How many jobs run at once at most. */
  readonly width: number
  close(): Promise<void>
}

/** Runs every job on the calling thread: for tests and for platforms without threads. */
export class InlineWorkPool<Jobs extends JobTable> implements WorkPool<Jobs> {
  readonly width = 1
  readonly #jobs: Jobs
  readonly #environment: WorkEnvironment

  constructor(jobs: Jobs, environment: WorkEnvironment) {
    this.#jobs = jobs
    this.#environment = environment
  }

  async run<Name extends keyof Jobs & string>(
    name: Name,
    input: Parameters<Jobs[Name]>[1],
    options: { signal?: AbortSignal } = {},
  ): Promise<Awaited<ReturnType<Jobs[Name]>>> {
    const job = this.#jobs[name] as Jobs[Name]
    return (await job(this.#environment, input, options.signal ?? new AbortController().signal)) as Awaited<ReturnType<Jobs[Name]>>
  }

  async close(): Promise<void> {}
}
