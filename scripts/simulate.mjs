// `npm run simulate -- --seeds N`: histories of a whole world with that many seeds, then the simulations of single parts; says which failed, the command
// that runs each again, and how many a second there were. `--seed N` runs one and tells what happened in it. With `--log FILE` it goes on where it was.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, listFiles, root, run } from './common.mjs'
import { runNodeTests } from './run-tests.mjs'
import { runWorlds } from './simulate-worlds.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    processes: { type: 'string', default: '2' },
    log: { type: 'string' },
    only: { type: 'string' },
  },
})
const [seeds, from, processes] = [values.seeds, values.from, values.processes].map(Number)
if (![seeds, from, processes].every((number) => Number.isInteger(number) && number >= 1))
  fail('--seeds, --from and --processes take whole numbers, 1 or more')
if (values.only !== undefined && !['world', 'parts'].includes(values.only)) fail('--only takes world or parts')

if (values.seed !== undefined) {
  if (!/^\d+$/.test(values.seed)) fail('--seed takes a whole number')
  process.exit(run(process.execPath, ['--import', 'tsx', 'test/simulation/one-seed.ts', values.seed]) ? 0 : 1)
}

let isGood = true
if (values.only !== 'parts') {
  const folder = mkdtempSync(join(tmpdir(), 'holt-simulate-'))
  try {
    isGood = await runWorlds(await bundled(folder), { from, to: from + seeds - 1, processes, log: values.log })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
if (values.only !== 'world') {
  process.env['HOLT_SEEDS'] = String(seeds)
  const files = listFiles('services', (path) => /(^|[./])simulation\.test\.ts$/.test(path))
  const { passed, failed } = await runNodeTests(files, { concurrency: processes, limitMinutes: 24 * 60 })
  console.log(`parts: ${passed} passed, ${failed} failed; how many seeds each took is in its name`)
  isGood &&= failed === 0 && passed > 0
}
process.exit(isGood ? 0 : 1)

/** One file starts at once, and runs without what a loader adds to each function. */
async function bundled(folder) {
  const { build } = await import('esbuild')
  const outfile = join(folder, 'worker.mjs')
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
  const options = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error', banner }
  await build({ ...options, absWorkingDir: root, entryPoints: ['test/simulation/worker.ts'], outfile })
  return outfile
}
