import { HoltError } from '@holt/core/errors.ts'
import { type Deferred, deferred } from '../deferred.ts'

/**
 * How many bytes may be held at once for one purpose. Who finds it full waits its turn: first come, first served, so that a large piece
 * is not passed by small ones for ever.
 */
export class MemoryBudget {
  readonly limitBytes: number
  #usedBytes = 0
  readonly #waiting: { bytes: number; turn: Deferred<void> }[] = []

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** @throws HoltError TOO_LARGE for what would never fit; CANCELLED when `signal` fires while it waits. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (bytes > this.limitBytes) throw new HoltError('TOO_LARGE', `${bytes} bytes, ${this.limitBytes} are allowed at once`)
    if (this.#waiting.length === 0 && this.#usedBytes + bytes <= this.limitBytes) {
      this.#usedBytes += bytes
      return
    }
    const entry = { bytes, turn: deferred<void>() }
    const leave = (): void => {
      const place = this.#waiting.indexOf(entry)
      if (place < 0) return
      this.#waiting.splice(place, 1)
      entry.turn.reject(new HoltError('CANCELLED', 'ended while it waited for memory'))
      this.#wake()
    }
    this.#waiting.push(entry)
    if (signal?.aborted) leave()
    signal?.addEventListener('abort', leave, { once: true })
    try {
      await entry.turn.promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  release(bytes: number): void {
    this.#usedBytes -= bytes
    this.#wake()
  }

  #wake(): void {
    for (let next = this.#waiting[0]; next && this.#usedBytes + next.bytes <= this.limitBytes; next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#usedBytes += next.bytes
      next.turn.resolve()
    }
  }
}
