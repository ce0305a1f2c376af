/** Time as the keeper needs it; tests bring their own. */
export interface Clock {
  nowMs(): number
  /** Calls `action` once after `delayMs`. @returns a function that calls it off. */
  after(delayMs: number, action: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const timer: unknown = setTimeout(action, delayMs)
    // Where timers are objects, one that waits for nothing but time must not keep the process alive.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return () => clearTimeout(timer as number)
  },
}

export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000)
}
