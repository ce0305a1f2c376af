// `npm run simulate -- --seeds N`: the simulations with that many seeds each; says which failed, and how many a second there were.
import { parseArgs } from 'node:util'
import { fail, listFiles } from './common.mjs'
import { runNodeTests } from './run-tests.mjs'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '20000' } } })
const seeds = Number(values.seeds)
if (!Number.isInteger(seeds) || seeds < 1) fail('--seeds takes a whole number, 1 or more')
process.env['HOLT_SEEDS'] = String(seeds)
const files = listFiles('services', (path) => /(^|[./])simulation\.test\.ts$/.test(path))
const started = performance.now()
const { passed, failed } = await runNodeTests(files, { concurrency: 2, limitMinutes: 24 * 60 })
const seconds = (performance.now() - started) / 1000
console.log(`${passed} passed, ${failed} failed; ${seeds} seeds, ${(seeds / seconds).toFixed(1)} a second`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
