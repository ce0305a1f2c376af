import { HoltError } from '@holt/core/errors.ts'

interface Limits {
  /** Of one key. */
  each: number
  all: number
  /** Of one key, that wait for their turn. */
  waiting: number
}

interface Waiter {
  key: string
  begin: () => void
}

/** Lets few of many go on at once, of all together and of each key; the others wait in the order in which they came. */
export class FewAtOnce {
  readonly #limits: Limits
  readonly #counts = new Map<string, number>()
  #all = 0
  #waiting: Waiter[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /**
   * @returns when it is its turn, a function that ends the turn.
   * @throws HoltError TOO_MANY_TRIES when too many of the key wait; CANCELLED.
   */
  async enter(key: string, signal: AbortSignal): Promise<() => void> {
    if (this.#waiting.filter((waiter) => waiter.key === key).length >= this.#limits.waiting)
      throw new HoltError('TOO_MANY_TRIES', 'too many requests at once', { retryAfterMs: 1000 })
    await new Promise<void>((resolve, reject) => {
      const waiter = { key, begin: resolve }
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter)
        reject(new HoltError('CANCELLED', 'the sender left'))
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiter)
      this.#next()
    })
    let ended = false
    return () => {
      if (ended) return
      ended = true
      this.#count(key, -1)
      this.#next()
    }
  }

  #next(): void {
    for (const waiter of this.#waiting.slice()) {
      if (this.#all >= this.#limits.all) return
      if ((this.#counts.get(waiter.key) ?? 0) >= this.#limits.each) continue
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      this.#count(waiter.key, 1)
      waiter.begin()
    }
  }

  #count(key: string, change: 1 | -1): void {
    this.#all += change
    const count = (this.#counts.get(key) ?? 0) + change
    if (count === 0) this.#counts.delete(key)
    else this.#counts.set(key, count)
  }
}
