import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_INTERVAL_MS = 5_000
/** Less work than this share of one core is rest. */
const RESTING_SHARE = 0.05

/**
 * V8 collects old objects when memory is asked for. A node at rest asks for none, and would keep what its last work left,
 * 20 to 50 MB, for as long as it rests: so this collects everything once, whenever work has given way to rest.
 *
 * @returns a function that ends it.
 */
export function collectAtRest(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let hasWorked = true
  let before = process.cpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    const isResting = (user + system) / 1000 < RESTING_SHARE * LOOK_INTERVAL_MS
    if (isResting && hasWorked) collect()
    hasWorked = !isResting
  }, LOOK_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
