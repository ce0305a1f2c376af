// `npm run acceptance`: real trees through lost drives and repair, at full size. See --help.
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { fail, root, run } from './common.mjs'
import { ensureNpmPackages, ensureSystemParts } from './install.mjs'

const help = `Usage: npm run acceptance [-- [--corpora FOLDER] [SCENARIO …]]

Puts a Linux source tree (fetched as Debian's package linux-source-6.1), photos and videos made for the purpose, and a copy of
/usr/share into a node with six drives; loses drives while it works, repairs onto new ones, loses more than may be lost; compares
all that comes back. Takes about a quarter of an hour, 15 GB in the temporary folder (TMPDIR), and prints a table of steps.

  --corpora FOLDER         keeps what is put there for the next run
  SCENARIO                 the beginning of a scenario's name; all when none is given
  HOLT_ACCEPTANCE_SCALE=x  that part of it (0.05, say), with this checkout's node_modules as the source tree`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { corpora: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const scale = Number(process.env.HOLT_ACCEPTANCE_SCALE ?? 1)
if (!(scale > 0 && scale <= 1)) fail('HOLT_ACCEPTANCE_SCALE takes a number above 0, at most 1')

ensureNpmPackages()
ensureSystemParts(['ffmpeg'])
if (!run(process.execPath, ['scripts/build.mjs', '--quiet'])) fail('the build failed: see above')
const { register } = await import('tsx/esm/api')
register()
const { acceptance, scenarioNames } = await import(pathToFileURL(join(root, 'test/acceptance/acceptance.ts')).href)
const only = positionals.map((start) => {
  const name = scenarioNames.find((known) => known.startsWith(start))
  return name ?? fail(`There is no scenario ${start}; there are:\n  ${scenarioNames.join('\n  ')}`)
})
try {
  await acceptance({ scale, only, corporaFolder: values.corpora === undefined ? undefined : resolve(values.corpora) })
} catch (error) {
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
}
