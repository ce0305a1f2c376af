const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown }

/** Lets input, timers and sockets have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate !== undefined) setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}

/** A long calculation on the main thread must let go of it this often. */
const SLICE_MS = 5

/** Counts the time since the thread was last let go. */
export class TimeSlice {
  #began = performance.now()

  get isOver(): boolean {
    return performance.now() - this.#began > SLICE_MS
  }

  async next(): Promise<void> {
    await nextTurn()
    this.#began = performance.now()
  }
}
