// Bundles what runs in the cage from its sources (tests, tsx). What ships is bundled already and needs none of this.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export async function bundleCage(worker = 'vat-worker.ts') {
  const folder = await mkdtemp(join(tmpdir(), 'holt-cage-'))
  const entries = { 'cage-main.mjs': 'cage-main.ts', 'vat-worker.mjs': worker }
  for (const [out, entry] of Object.entries(entries)) {
    await build({
      entryPoints: [resolve(fileURLToPath(new URL('.', import.meta.url)), entry)],
      outfile: join(folder, out),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
    })
  }
  const files = Object.fromEntries(Object.keys(entries).map((name) => [name, join(folder, name)]))
  return { files, remove: () => rm(folder, { recursive: true, force: true }) }
}
