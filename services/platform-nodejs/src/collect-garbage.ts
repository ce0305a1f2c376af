import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * V8 collects old objects when memory is asked for. A node at rest asks for none, and would keep what its last work left,
 * 20 to 50 MB, for as long as it rests: so this is called once, whenever work has given way to rest.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
