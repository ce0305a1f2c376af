import { randomUUID } from 'node:crypto'
import { Progress } from '@holt/control/schema.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import type { AdminLog } from '../options.ts'
import { ErrorBody } from './error-table.ts'
import { errorForCaller, reportFault } from './error-handler.ts'

export const JobKind = Type.Union([
  Type.Literal('verify', { description: 'reads and checks everything' }),
  Type.Literal('repair', { description: 'and mends what is wrong' }),
  Type.Literal('remove-drive', { description: 'moves its fragments elsewhere, then forgets it' }),
  Type.Literal('recover', { description: 'brings a tree back from the root key and the drives' }),
  Type.Literal('install-update', { description: 'writes an update of the box to the slot that is not running' }),
  Type.Literal('fetch-updates', { description: 'looks for updates of the box on sticks and in the folder of the tree' }),
  Type.Literal('prepare-drive', { description: 'erases a drive of the box and makes it a drive of the node' }),
])
export type JobKind = Static<typeof JobKind>

export const Job = Type.Object({
  id: Type.String(),
  kind: JobKind,
  about: Type.Union([Type.String({ description: 'drive or version' }), Type.Null()]),
  state: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('failed'), Type.Literal('cancelled')]),
  startedMs: Type.Integer(),
  endedMs: Type.Union([Type.Integer(), Type.Null()]),
  progress: Type.Union([Progress, Type.Null()]),
  result: Type.Unknown({ description: 'what the call answered, when done' }),
  error: Type.Union([Type.Object(ErrorBody.properties), Type.Null()]),
})
export type Job = Static<typeof Job>

export type JobWork = (options: { signal: AbortSignal; onProgress: (progress: Progress) => void }) => Promise<unknown>

interface Running {
  job: Job
  cancel: AbortController
  listeners: Set<() => void>
  ended: Promise<void>
}

const KEPT_JOBS = 20

/** Work of one lane touches the same things. */
const laneOf: Record<JobKind, 'fragments' | 'updates' | 'disks'> = {
  verify: 'fragments',
  repair: 'fragments',
  'remove-drive': 'fragments',
  recover: 'fragments',
  'install-update': 'updates',
  'fetch-updates': 'updates',
  'prepare-drive': 'disks',
}

/**
 * Long work that outlives the request that began it: anybody signed in can watch it, leave, come back, or cancel it.
 * One at a time in each lane.
 *
 * running → done | failed | cancelled; `endedMs` and one of `result` and `error` are set with the last step.
 */
export class Jobs {
  readonly #jobs = new Map<string, Running>()
  readonly #log: AdminLog
  readonly #onStep: (job: Job) => void

  /** @param onStep told when a job begins and when it ends. */
  constructor(log: AdminLog, onStep: (job: Job) => void = () => {}) {
    this.#log = log
    this.#onStep = onStep
  }

  list(): Job[] {
    return [...this.#jobs.values()].map(({ job }) => job).reverse()
  }

  /** @throws HoltError CONFLICT while another one of its lane runs. */
  start(kind: JobKind, work: JobWork, about: string | null = null): Job {
    const busy = this.list().find((job) => job.state === 'running' && laneOf[job.kind] === laneOf[kind])
    if (busy) throw new HoltError('CONFLICT', `a ${busy.kind} is running already`, { job: busy.id, kind: busy.kind })
    const job: Job = {
      id: randomUUID(),
      kind,
      about,
      state: 'running',
      startedMs: Date.now(),
      endedMs: null,
      progress: null,
      result: null,
      error: null,
    }
    const running: Running = { job, cancel: new AbortController(), listeners: new Set(), ended: Promise.resolve() }
    this.#jobs.set(job.id, running)
    this.#onStep({ ...job })
    running.ended = this.#run(running, work)
    this.#forgetOldest()
    return job
  }

  /** @throws HoltError NOT_FOUND. */
  get(id: string): Job {
    return this.#find(id).job
  }

  /** Asks it to end; it ends as soon as it safely can. */
  cancel(id: string): Job {
    const running = this.#find(id)
    running.cancel.abort()
    return running.job
  }

  /** Yields the job now and after each change (those between two reads fall together), last when it has ended. */
  async *watch(id: string, signal: AbortSignal): AsyncIterable<Job> {
    const running = this.#find(id)
    let wake: () => void = () => {}
    const listener = (): void => wake()
    running.listeners.add(listener)
    signal.addEventListener('abort', listener)
    try {
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve
        })
        yield { ...running.job }
        if (running.job.state !== 'running') return
        await changed
      }
    } finally {
      running.listeners.delete(listener)
      signal.removeEventListener('abort', listener)
    }
  }

  async close(): Promise<void> {
    for (const { cancel } of this.#jobs.values()) cancel.abort()
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended))
  }

  async #run(running: Running, work: JobWork): Promise<void> {
    const { job, cancel } = running
    const changed = (change: Partial<Job>): void => {
      Object.assign(job, change)
      for (const listener of running.listeners) listener()
      if (job.state !== 'running') this.#onStep({ ...job })
    }
    try {
      const onProgress = (progress: Progress): void => changed({ progress })
      const result = await work({ signal: cancel.signal, onProgress })
      changed({ state: 'done', endedMs: Date.now(), result })
    } catch (error) {
      const cancelled = cancel.signal.aborted && toHoltError(error).code === 'CANCELLED'
      if (!cancelled) reportFault(this.#log, job.kind, toHoltError(error))
      changed({ state: cancelled ? 'cancelled' : 'failed', endedMs: Date.now(), error: errorForCaller(error) })
    }
  }

  #find(id: string): Running {
    const running = this.#jobs.get(id)
    if (!running) throw new HoltError('NOT_FOUND', 'no such job', { job: id })
    return running
  }

  #forgetOldest(): void {
    for (const [id, { job }] of this.#jobs) {
      if (this.#jobs.size <= KEPT_JOBS) return
      if (job.state !== 'running') this.#jobs.delete(id)
    }
  }
}
