import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { root } from '../common.mjs'
import { lackingIn } from './lacking.mjs'
import { phonePlugins } from './phone-plugins.mjs'

/** What the app's process runs, and what each of its worker threads runs: a thread is smaller without the page's server. */
const entries = { 'holt.cjs': 'services/mobile/src/main.ts', 'worker.cjs': 'services/mobile/src/worker.ts' }

/**
 * Builds the node for phones into `folder`: files in CommonJS for Node 18.20.4 without ICU. The same sources give the same bytes.
 *
 * @returns the paths of all that went into them.
 * @throws Error that names what in them that Node lacks.
 */
export async function bundleForPhones(folder) {
  mkdirSync(folder, { recursive: true })
  const lacking = []
  const sources = new Set()
  for (const [name, entry] of Object.entries(entries)) {
    const { text, inputs } = await bundle(entry)
    for (const input of inputs) sources.add(input)
    lacking.push(...lackingIn(text).map((found) => `${name}: ${found}`))
    const { code } = await transform(text, { minifyWhitespace: true, target: 'node18.20', charset: 'utf8', legalComments: 'none' })
    writeFileSync(join(folder, name), code)
  }
  if (lacking.length > 0) throw new Error(`the Node of phones lacks what is used here:\n  ${lacking.join('\n  ')}`)
  return [...sources].sort()
}

async function bundle(entry) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18.20',
    charset: 'utf8',
    legalComments: 'none',
    define: { 'import.meta.url': 'holtBundleUrl' },
    banner: { js: "const holtBundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: phonePlugins(),
    logLevel: 'silent',
    // found by name at run time where it is wanted
    external: ['node:sqlite'],
  })
  return { text: outputFiles[0].text, inputs: Object.keys(metafile.inputs) }
}
