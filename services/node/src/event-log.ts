import type { Result } from '@holt/control/schema.ts'

type NodeEvent = Result<'events.next'>['events'][number]

const KEPT_EVENTS = 1024

/** What happened lately, numbered, for callers that wait for the next; whoever was away too long is told that it missed some. */
export class EventLog {
  readonly #events: NodeEvent[] = []
  readonly #waiting = new Set<() => void>()
  #last = 0

  add(event: Omit<NodeEvent, 'number'>): void {
    this.#events.push({ ...event, number: ++this.#last })
    if (this.#events.length > KEPT_EVENTS) this.#events.shift()
    for (const wake of this.#waiting) wake()
  }

  /** @param after 0: only what comes from now on. */
  async next(after: number, waitMs: number, signal?: AbortSignal): Promise<Result<'events.next'>> {
    const from = after === 0 ? this.#last : after
    if (from >= this.#last) await this.#wait(waitMs, signal)
    const events = this.#events.filter(({ number }) => number > from)
    const missed = events.length > 0 && (events[0] as NodeEvent).number > from + 1
    return { last: this.#last, events: missed ? [{ number: from + 1, kind: 'missed' }, ...events] : events }
  }

  #wait(waitMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      this.#waiting.add(done)
      signal?.addEventListener('abort', done, { once: true })
    })
  }
}
