import { nextThreadTurn } from '@holt/core/event-loop.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'

interface Timer {
  atMs: number
  order: number
  action: (() => void) | null
}

/**
 * Time that goes on when nothing else is left to do, in steps from one timer to the next. What happens in it is a function of what was
 * begun: timers of the same moment come in the order in which they were set.
 */
export class SimulatedClock implements Clock {
  #nowMs = 1_800_000_000_000
  #made = 0
  /** A heap, the next timer first. */
  readonly #heap: Timer[] = []
  readonly #turns: number
  steps = 0

  /** @param turns of the real thread that what a timer began may take before the next one comes. */
  constructor({ turns = 1 }: { turns?: number } = {}) {
    this.#turns = turns
  }

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: ++this.#made, action }
    this.#push(timer)
    return () => {
      timer.action = null
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve))
  }

  /** Goes on until `work` has come to its end. @throws Error when it does not within the time, or nothing is left that could bring it there. */
  async until<T>(work: Promise<T>, limitMs = 24 * 3_600_000): Promise<T> {
    let ended = false
    void work.then(
      () => (ended = true),
      () => (ended = true),
    )
    const endMs = this.#nowMs + limitMs
    for (;;) {
      for (let turn = 0; turn < this.#turns && !ended; turn++) await nextThreadTurn()
      if (ended) return work
      if (!this.#step(endMs))
        throw new Error(`it does not end: ${this.#heap.length === 0 ? 'nothing is left to happen' : `${limitMs} ms have passed`}`)
    }
  }

  async pass(ms: number): Promise<void> {
    await this.until(this.sleep(ms))
  }

  #step(endMs: number): boolean {
    for (let next = this.#heap[0]; next !== undefined; next = this.#heap[0]) {
      if (next.action !== null && next.atMs > endMs) return false
      this.#pop()
      if (next.action === null) continue
      this.#nowMs = next.atMs
      this.steps++
      next.action()
      return true
    }
    return false
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let place = heap.push(timer) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(timer, heap[parent] as Timer)) break
      heap[place] = heap[parent] as Timer
      place = parent
    }
    heap[place] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop() as Timer
    if (heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child++
      if (!isBefore(heap[child] as Timer, last)) break
      heap[place] = heap[child] as Timer
      place = child
    }
    heap[place] = last
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
