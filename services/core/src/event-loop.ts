const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown }

/** How long work on this thread lets the rest have its turn. */
export interface Turns {
  next(): Promise<void>
  /** Of a clock that only goes on. */
  nowMs(): number
}

const threadTurns: Turns = {
  next: () =>
    new Promise((resolve) => {
      if (setImmediate !== undefined) setImmediate(resolve)
      else setTimeout(resolve, 0)
    }),
  nowMs: () => performance.now(),
}
let turns = threadTurns

/** A simulation brings turns of its own, so that nothing depends on how busy the real thread is; null: those of the thread. */
export function takeTurnsBy(others: Turns | null): void {
  turns = others ?? threadTurns
}

/** Lets input, timers and sockets have their turn. */
export function nextTurn(): Promise<void> {
  return turns.next()
}

/** A turn of the real thread, also in a simulation: when it comes, nothing is left that could go on by itself. */
export function nextThreadTurn(): Promise<void> {
  return threadTurns.next()
}

/** Milliseconds by which turns are counted. */
export function turnsNowMs(): number {
  return turns.nowMs()
}

/** A long calculation on the main thread must let go of it this often. */
const SLICE_MS = 5

/** Counts the time since the thread was last let go. */
export class TimeSlice {
  #began = turnsNowMs()

  get isOver(): boolean {
    return turnsNowMs() - this.#began > SLICE_MS
  }

  async next(): Promise<void> {
    await nextTurn()
    this.#began = turnsNowMs()
  }
}
