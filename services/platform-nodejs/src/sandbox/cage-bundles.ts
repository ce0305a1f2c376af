import { fileURLToPath } from 'node:url'
import type { CageFiles } from './cage-command.ts'

export const CAGE_ENTRY = 'cage-main.mjs'

/**
 * What runs in the cage: bundles beside this one when built, else made of the sources now.
 *
 * @param worker another source for the threads, for tests.
 */
export async function cageBundles(worker?: string): Promise<{ files: CageFiles; remove: () => Promise<void> }> {
  if (!import.meta.url.endsWith('.ts')) {
    const beside = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url))
    return { files: { [CAGE_ENTRY]: beside(CAGE_ENTRY), 'vat-worker.mjs': beside('vat-worker.mjs') }, remove: async () => {} }
  }
  const source = new URL('./cage-source.mjs', import.meta.url).href
  const { bundleCage } = (await import(source)) as {
    bundleCage: (worker?: string) => Promise<{ files: CageFiles; remove: () => Promise<void> }>
  }
  return await bundleCage(worker)
}
