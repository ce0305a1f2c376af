// `npm run torture -- --minutes 60`: a mounted folder under random work for a long time, while the node collects, checks and repairs. See --help.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { fail, root, run } from './common.mjs'
import { ensureNpmPackages, ensureSystemParts } from './install.mjs'

const help = `Usage: npm run torture [-- --minutes N]     (as root, on Linux)

Mounts the tree of a node with four drives, and lets processes of test/mount/fsx and fio (with verify) change files and names in it at
random, each beside a model of what must be there. Meanwhile the node drops versions and collects, one drive's fragments are
damaged, and the doctor finds and mends them; now and then the node is killed, mounted again, and what was synced looked for.
Says every 15 seconds how far it is; ends with "no difference" and 0, or what differs, how to see it again, and 1.

  --minutes N       how long (60)
  --seed N          the first seed (1)
  --processes N     that change files, and as many that change names (2)
  --rate N          operations a second of each; 0 is as many as there can be (0)
  --kill-minutes N  from kill to kill of the node; 0 is never (5)`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '0' },
    'kill-minutes': { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const [minutes, seed, processes, rate, killMinutes] = [
  values.minutes,
  values.seed,
  values.processes,
  values.rate,
  values['kill-minutes'],
].map(Number)
if (![minutes, seed, processes, rate, killMinutes].every((number) => number >= 0)) fail('the options take numbers; see --help')

ensureNpmPackages()
ensureSystemParts(['fio', 'clang'])
if (!run(process.execPath, ['scripts/build.mjs', '--quiet'])) fail('the build failed: see above')
const { register } = await import('tsx/esm/api')
register()
const { torture } = await import(pathToFileURL(join(root, 'test/mount/torture/torture.ts')).href)
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort())
const options = { minutes, firstSeed: seed, processes, rate, killMinutes, say: (line) => console.log(line), signal: stopping.signal }
const isWell = await torture(options)
console.log(isWell ? 'torture: no difference' : 'torture: there are differences, see above')
process.exit(isWell ? 0 : 1)
