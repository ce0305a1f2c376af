import { getHeapStatistics, setFlagsFromString } from 'node:v8'
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

const MOST_DEAD_BYTES = 16 * 1024 * 1024
/** Of a worker thread, of which there are several, each with little that lives. */
const MOST_DEAD_BYTES_OF_WORKER = 4 * 1024 * 1024
const IDLE_LOOK_MS = 250
const BUSY_LOOK_MS = 20
/** So many bytes more since the last look: the thread is busy with buffers. */
const BUSY_BYTES = 1024 * 1024

/** Buffers, dead and alive, of this thread. Takes two microseconds; `process.memoryUsage` also asks the system. */
function bufferBytes(): number {
  return getHeapStatistics().external_memory
}

/**
 * Frees dead buffers of this thread whenever many may have gathered. Looks often only while there is traffic: at 200 MB/s V8 would
 * otherwise come to collect old objects, a pause of tens of milliseconds several times a second.
 *
 * @returns a function that ends it.
 */
export function freeDeadBuffers(): () => void {
  let [after, before] = [bufferBytes(), bufferBytes()]
  const look = (): void => {
    const now = bufferBytes()
    const isBusy = Math.abs(now - before) >= BUSY_BYTES
    if (now >= after + MOST_DEAD_BYTES) after = collected()
    else after = Math.min(after, now)
    before = bufferBytes()
    timer = setTimeout(look, isBusy ? BUSY_LOOK_MS : IDLE_LOOK_MS).unref()
  }
  let timer = setTimeout(look, IDLE_LOOK_MS).unref()
  return () => clearTimeout(timer)
}

let afterJob = 0

/** For a worker thread that has just done a job. */
export function freeDeadBuffersOfWorker(): void {
  const now = bufferBytes()
  if (now >= afterJob + MOST_DEAD_BYTES_OF_WORKER) afterJob = collected()
  else afterJob = Math.min(afterJob, now)
}

function collected(): number {
  collect({ type: 'minor' })
  return bufferBytes()
}
