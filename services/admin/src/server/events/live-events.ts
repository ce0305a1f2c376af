import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Control } from '@holt/control/schema.ts'
import { type Static, Type } from 'typebox'

/** What a page that is open is told. `gap`: some were missed, so that it reads anew. */
export const LiveEvent = Type.Object({
  kind: Type.Union([
    Type.Literal('gap'),
    Type.Literal('changed', { description: 'something at `path` or below' }),
    Type.Literal('drive'),
    Type.Literal('repair'),
    Type.Literal('conflict'),
    Type.Literal('job', { description: 'long work began, went on or ended' }),
    Type.Literal('activity', { description: 'somebody did something' }),
    Type.Literal('notice', { description: 'the one who listens is told something' }),
  ]),
  path: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  person: Type.Optional(Type.String()),
  data: Type.Optional(Type.Unknown()),
})
export type LiveEvent = Static<typeof LiveEvent>

export interface NumberedEvent {
  id: string
  event: LiveEvent
}

const KEPT_EVENTS = 1024
const ASK_WAIT_MS = 30_000
/** A node without a tree has no events yet. */
const RETRY_MS = 2_000

/**
 * What happens, numbered: those of the node and our own in one row. Whoever lost the connection says which came last and gets what
 * came since, while it is among the last thousand; otherwise it is told that there is a gap. An id has the start of this process in it,
 * so that a number of an earlier one is not taken for one of now.
 */
export class LiveEvents {
  readonly #control: Control
  readonly #run = randomBytes(4).toString('hex')
  readonly #kept: LiveEvent[] = []
  readonly #waiting = new Set<() => void>()
  readonly #stop = new AbortController()
  #last = 0
  #asking: Promise<void> | null = null
  #listeners = 0
  /** The node's number of what came last from it; null before it was first asked. */
  #asked: number | null = null

  constructor(control: Control) {
    this.#control = control
  }

  add(event: LiveEvent): void {
    this.#kept.push(event)
    this.#last++
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift()
    for (const wake of this.#waiting) wake()
  }

  /** Now, for somebody who begins to listen. */
  get lastId(): string {
    return `${this.#run}-${this.#last}`
  }

  /** Yields what comes, those that wait together at once. @param after the id that came last; absent: from now on. */
  async *watch(after: string | undefined, signal: AbortSignal): AsyncGenerator<NumberedEvent[]> {
    this.#listeners++
    this.#resume()
    try {
      yield* this.#watch(after, signal)
    } finally {
      this.#listeners--
    }
  }

  async *#watch(after: string | undefined, signal: AbortSignal): AsyncGenerator<NumberedEvent[]> {
    let from = after === undefined ? this.#last : this.#numberOf(after)
    if (from === null) {
      from = this.#last
      yield [{ id: this.lastId, event: { kind: 'gap' } }]
    }
    while (!signal.aborted && !this.#stop.signal.aborted) {
      const missed = this.#last - this.#kept.length - from
      const events = this.#kept.slice(Math.max(0, this.#kept.length - (this.#last - from)))
      const first = this.#last - events.length
      from = this.#last
      const numbered = events.map((event, i) => ({ id: `${this.#run}-${first + i + 1}`, event }))
      if (missed > 0) yield [{ id: `${this.#run}-${first}`, event: { kind: 'gap' } }, ...numbered]
      else if (numbered.length > 0) yield numbered
      if (from === this.#last) await this.#next(signal)
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    for (const wake of this.#waiting) wake()
    await this.#asking
  }

  /** null: of another start, or of the future. */
  #numberOf(id: string): number | null {
    const [, run, number] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(id) ?? []
    return run === this.#run && Number(number) <= this.#last ? Number(number) : null
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
      if (signal.aborted || this.#stop.signal.aborted) wake()
    })
  }

  #resume(): void {
    if (this.#asking !== null) return
    // of a node that nothing had happened to since its start: it cannot be asked what came while nobody listened
    if (this.#asked === 0) this.add({ kind: 'gap' })
    this.#asking = this.#ask().finally(() => {
      this.#asking = null
    })
  }

  /** While somebody listens: nobody does most of the time, and each question wakes a machine that could rest. */
  async #ask(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted && this.#listeners > 0) {
      try {
        const { events, last } = await this.#control.call('events.next', { after: this.#asked ?? 0, waitMs: ASK_WAIT_MS }, { signal })
        this.#asked = last
        for (const { kind, path, text } of events) this.add(kind === 'missed' ? { kind: 'gap' } : { kind, path, text })
        // A node that nothing happened to since its start numbers from nothing, which would mean: from now.
        if (last === 0) await wait(0, undefined, { signal }).catch(() => {})
      } catch {
        await wait(RETRY_MS, undefined, { signal, ref: false }).catch(() => {})
      }
    }
  }
}
