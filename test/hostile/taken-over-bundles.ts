import { fileURLToPath } from 'node:url'
import { cageBundles } from '@holt/platform-nodejs/sandbox/cage-bundles.ts'

/** The cage as it is, but for its threads: those are `taken-over.ts`. */
export function takenOverBundles(): ReturnType<typeof cageBundles> {
  return cageBundles(fileURLToPath(new URL('./taken-over.ts', import.meta.url)))
}
