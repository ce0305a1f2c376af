import { setMaxListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { errorFromJson, HoltError, type HoltErrorJson } from '@holt/core/errors.ts'
import type { JobTable, WorkPool } from '@holt/core/work-pool.ts'

export type ToWorker = { kind: 'run'; id: number; name: string; input: unknown } | { kind: 'cancel'; id: number }
export type FromWorker = { id: number; output: unknown } | { id: number; error: HoltErrorJson }

interface Task {
  id: number
  name: string
  input: unknown
  transfer: ArrayBuffer[]
  resolve: (output: never) => void
  reject: (error: unknown) => void
  detach: () => void
}

/** Threads that share a queue. */
interface Lane {
  readonly maxThreads: number
  readonly queue: Task[]
  readonly threads: Set<Thread>
}

interface Thread {
  readonly lane: Lane
  worker: Worker
  readonly tasks: Map<number, Task>
  idleTimer: NodeJS.Timeout | null
}

/** A thread costs about 12 MB; starting one takes about 60 ms. */
const IDLE_LIMIT_MS = 5_000
/** While one job of a thread waits for the drive, another one computes. */
const JOBS_PER_THREAD = 2

/** The bundle beside this one when built, the sources otherwise. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts') ? new URL('./worker-source.mjs', import.meta.url) : new URL('./worker.mjs', import.meta.url)
}

/**
 * Runs jobs on worker threads, two at a time on each; starts threads as work comes and ends idle ones.
 *
 * Long jobs that mostly wait for drives have threads apart: beside short jobs that keep a thread busy for milliseconds each they
 * would crawl, and whatever waits for them too.
 *
 * A thread that dies (out of memory, a trap) fails its jobs with INTERNAL and is replaced.
 */
export class NodejsWorkPool<Jobs extends JobTable> implements WorkPool<Jobs> {
  readonly width: number
  readonly #idleLimitMs: number
  readonly #common: Lane
  readonly #apart: Lane
  readonly #jobsApart: ReadonlySet<string>
  readonly #workerUrl: URL
  #nextId = 1
  #closed = false

  /** @param options `apart`: names of the long jobs. `workerUrl`: another file that a thread runs. */
  constructor(options: { width?: number; idleLimitMs?: number; apart?: readonly (keyof Jobs & string)[]; workerUrl?: URL } = {}) {
    this.width = options.width ?? Math.max(1, Math.min(availableParallelism(), 8))
    this.#common = { maxThreads: this.width, queue: [], threads: new Set() }
    this.#apart = { maxThreads: Math.ceil(this.width / 2), queue: [], threads: new Set() }
    this.#jobsApart = new Set(options.apart)
    this.#idleLimitMs = options.idleLimitMs ?? IDLE_LIMIT_MS
    this.#workerUrl = options.workerUrl ?? workerUrl()
  }

  /** How many threads live right now. */
  get threadCount(): number {
    return this.#common.threads.size + this.#apart.threads.size
  }

  run<Name extends keyof Jobs & string>(
    name: Name,
    input: Parameters<Jobs[Name]>[1],
    options: { signal?: AbortSignal; transfer?: ArrayBuffer[] } = {},
  ): Promise<Awaited<ReturnType<Jobs[Name]>>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new HoltError('NODE_STOPPING', 'the node is stopping'))
      const { signal } = options
      if (signal?.aborted) return reject(new HoltError('CANCELLED', 'cancelled'))
      const task: Task = { id: this.#nextId++, name, input, transfer: options.transfer ?? [], resolve, reject, detach: () => {} }
      if (signal !== undefined) {
        const onAbort = (): void => this.#cancel(task)
        setMaxListeners(0, signal) // as many jobs as there are may wait for one signal: that is no leak to warn of
        signal.addEventListener('abort', onAbort, { once: true })
        task.detach = () => signal.removeEventListener('abort', onAbort)
      }
      const lane = this.#jobsApart.has(name) ? this.#apart : this.#common
      lane.queue.push(task)
      this.#dispatch(lane)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { queue } of this.#lanes)
      for (const task of queue.splice(0)) this.#settle(task, { error: new HoltError('NODE_STOPPING', 'the node is stopping') })
    await Promise.all(this.#lanes.flatMap(({ threads }) => [...threads]).map((thread) => this.#end(thread)))
  }

  get #lanes(): readonly Lane[] {
    return [this.#common, this.#apart]
  }

  #dispatch(lane: Lane): void {
    while (lane.queue.length > 0) {
      const thread = this.#freeThread(lane)
      if (thread === null) return
      const task = lane.queue.shift() as Task
      thread.tasks.set(task.id, task)
      if (thread.idleTimer !== null) clearTimeout(thread.idleTimer)
      thread.idleTimer = null
      thread.worker.ref()
      thread.worker.postMessage({ kind: 'run', id: task.id, name: task.name, input: task.input } satisfies ToWorker, task.transfer)
      task.input = null
    }
  }

  /** One without work, else a new one, else one that can take another job. */
  #freeThread(lane: Lane): Thread | null {
    let least: Thread | null = null
    for (const thread of lane.threads) if (least === null || thread.tasks.size < least.tasks.size) least = thread
    if (least !== null && least.tasks.size === 0) return least
    if (lane.threads.size < lane.maxThreads) return this.#start(lane)
    return least !== null && least.tasks.size < JOBS_PER_THREAD ? least : null
  }

  #start(lane: Lane): Thread {
    const worker = new Worker(this.#workerUrl, { execArgv: [], stdout: false, stderr: false })
    const thread: Thread = { lane, worker, tasks: new Map(), idleTimer: null }
    worker.on('message', (message: FromWorker) => this.#finish(thread, message))
    worker.on('error', (error) => this.#lose(thread, error))
    worker.on('exit', () => this.#lose(thread, new Error('the worker thread ended')))
    lane.threads.add(thread)
    return thread
  }

  #finish(thread: Thread, message: FromWorker): void {
    const task = thread.tasks.get(message.id)
    if (task === undefined) return
    thread.tasks.delete(message.id)
    this.#settle(task, message)
    this.#dispatch(thread.lane)
    if (thread.tasks.size === 0) this.#rest(thread)
  }

  /** An idle thread does not keep the process alive, and ends after a while. */
  #rest(thread: Thread): void {
    thread.worker.unref()
    thread.idleTimer = setTimeout(() => void this.#end(thread), this.#idleLimitMs)
    thread.idleTimer.unref()
  }

  #lose(thread: Thread, cause: unknown): void {
    if (!thread.lane.threads.delete(thread)) return
    if (thread.idleTimer !== null) clearTimeout(thread.idleTimer)
    for (const task of thread.tasks.values()) {
      const error = cause instanceof HoltError ? cause : new HoltError('INTERNAL', `a worker thread died in ${task.name}`, {}, { cause })
      this.#settle(task, { error })
    }
    thread.tasks.clear()
    void thread.worker.terminate()
    if (!this.#closed) this.#dispatch(thread.lane)
  }

  async #end(thread: Thread): Promise<void> {
    this.#lose(thread, new HoltError('NODE_STOPPING', 'the node is stopping'))
    await thread.worker.terminate()
  }

  #cancel(task: Task): void {
    for (const { queue, threads } of this.#lanes) {
      const waiting = queue.indexOf(task)
      if (waiting >= 0) {
        queue.splice(waiting, 1)
        this.#settle(task, { error: new HoltError('CANCELLED', 'cancelled') })
      }
      for (const thread of threads) {
        if (thread.tasks.has(task.id)) thread.worker.postMessage({ kind: 'cancel', id: task.id } satisfies ToWorker)
      }
    }
  }

  #settle(task: Task, result: { output: unknown } | { error: HoltErrorJson | Error }): void {
    task.detach()
    if ('output' in result) task.resolve(result.output as never)
    else task.reject(result.error instanceof Error ? result.error : errorFromJson(result.error))
  }
}
