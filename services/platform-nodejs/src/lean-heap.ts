import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Keeps a process small that moves gigabytes through buffers. V8 frees the memory of dead buffers only when it collects
 * garbage, and since their handles are tiny it lets 64 MiB of them gather in each thread first. So it is asked: a
 * collection of young objects takes well under a millisecond.
 */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void

/** Young objects get 2 MiB in every thread instead of up to 32: larger steps save no time worth their memory here. */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

const LOOK_INTERVAL_MS = 250
const MOST_DEAD_BYTES = 16 * 1024 * 1024

/** Frees dead buffers of this thread whenever many may have gathered. @returns a function that ends it. */
export function freeDeadBuffers(): () => void {
  let after = process.memoryUsage().arrayBuffers
  const timer = setInterval(() => {
    const { arrayBuffers } = process.memoryUsage()
    if (arrayBuffers < after + MOST_DEAD_BYTES) return
    collect({ type: 'minor' })
    after = process.memoryUsage().arrayBuffers
  }, LOOK_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** For a thread that knows when it has just dropped buffers. */
export function freeDeadBuffersNow(): void {
  collect({ type: 'minor' })
}
