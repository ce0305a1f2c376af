import type { Clock } from '@holt/store/fragments/clock.ts'

/** What falls due at rest is done so often, all at once: each time wakes a processor that slept. */
const BEAT_MS = 15 * 60_000

interface Awaited {
  dueMs: number
  action: () => void
  callOff: () => void
}

/**
 * A clock that a phone may have rest: no action is done then, however soon it was due, until the clock is woken, or until the next beat, a quarter of
 * an hour after the last. So whatever goes by it wakes a phone at rest four times an hour, and whoever writes a timer need not think of phones.
 */
export class RestingClock implements Clock {
  readonly #clock: Clock
  readonly #awaited = new Set<Awaited>()
  #isResting = false
  #callOffBeat = (): void => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  after(delayMs: number, action: () => void): () => void {
    const one: Awaited = { dueMs: this.nowMs() + delayMs, action, callOff: () => {} }
    this.#awaited.add(one)
    if (!this.#isResting) this.#arm(one)
    return () => {
      one.callOff()
      this.#awaited.delete(one)
    }
  }

  rest(): void {
    if (this.#isResting) return
    this.#isResting = true
    for (const { callOff } of this.#awaited) callOff()
    this.#beatLater()
  }

  wake(): void {
    if (!this.#isResting) return
    this.#isResting = false
    this.#callOffBeat()
    for (const one of inOrder(this.#awaited)) this.#arm(one)
  }

  #arm(one: Awaited): void {
    one.callOff = this.#clock.after(Math.max(0, one.dueMs - this.nowMs()), () => this.#do(one))
  }

  #do(one: Awaited): void {
    // what was done before it in the same beat may have called it off
    if (this.#awaited.delete(one)) one.action()
  }

  #beatLater(): void {
    this.#callOffBeat = this.#clock.after(BEAT_MS, () => {
      const now = this.nowMs()
      for (const one of inOrder(this.#awaited)) if (one.dueMs <= now) this.#do(one)
      if (this.#isResting) this.#beatLater()
    })
  }
}

function inOrder(awaited: Iterable<Awaited>): Awaited[] {
  return [...awaited].sort((a, b) => a.dueMs - b.dueMs)
}
