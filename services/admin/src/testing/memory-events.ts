import { once } from 'node:events'
import type { Result } from '@holt/control/schema.ts'

type Told = Result<'events.next'>

/** What a node tells those who wait; all of it is kept. */
export class MemoryEvents {
  readonly #events: Told['events'] = []
  readonly #news = new EventTarget()

  add(event: Omit<Told['events'][number], 'number'>): void {
    this.#events.push({ ...event, number: this.#events.length + 1 })
    this.#news.dispatchEvent(new Event('news'))
  }

  async next(after: number, waitMs: number, signal?: AbortSignal): Promise<Told> {
    const from = after === 0 ? this.#events.length : after
    if (from >= this.#events.length) {
      const timeout = AbortSignal.timeout(waitMs)
      const over = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
      await once(this.#news, 'news', { signal: over }).catch(() => {})
    }
    return { last: this.#events.length, events: this.#events.filter(({ number }) => number > from) }
  }
}
