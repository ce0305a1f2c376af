const LOOK_INTERVAL_MS = 5_000
/** Less work than this share of one core is rest. */
const RESTING_SHARE = 0.05

/** What a process that works does, and one that has nothing to do leaves. */
export interface RestOptions {
  onRest(): void
  onWork(): void
}

/**
 * Tells when work has given way to rest, and rest to work; a process begins with work.
 *
 * @returns a function that ends it.
 */
export function watchRest({ onRest, onWork }: RestOptions): () => void {
  let hasWorked = true
  let before = process.cpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    const isResting = (user + system) / 1000 < RESTING_SHARE * LOOK_INTERVAL_MS
    if (isResting && hasWorked) onRest()
    if (!isResting && !hasWorked) onWork()
    hasWorked = !isResting
  }, LOOK_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
