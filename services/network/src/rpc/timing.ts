/** How long the other side may take, in milliseconds. */
export interface Timing {
  /** From a frame's first byte to its last. */
  frameMs: number
  /** For one frame to go out, when the other side does not read. */
  writeMs: number
  /** A stream on which nothing happens and nothing is awaited is closed; the next request opens another. */
  idleMs: number
  /** A peer answers what was cancelled, too, or what was over its time; when it does not so long after, its stream is of no use. */
  graceMs: number
}

export const defaultTiming: Timing = { frameMs: 30_000, writeMs: 30_000, idleMs: 5 * 60_000, graceMs: 30_000 }
