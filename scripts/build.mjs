// `npm run build`: makes dist/ from the sources; what is newer than its sources is left alone. With --page only the page in it.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { fail, listFiles, newestChange, root } from './common.mjs'

const quiet = process.argv.includes('--quiet')
const uiFolder = join('services', 'admin', 'src', 'ui')

const programs = [
  { entry: 'services/daemon/src/main.ts', out: 'dist/daemon.mjs' },
  { entry: 'services/cli/src/main.ts', out: 'dist/cli.mjs' },
  { entry: 'services/platform-nodejs/src/worker.ts', out: 'dist/worker.mjs' },
  { entry: 'services/platform-nodejs/src/machine/facts-program.ts', out: 'dist/machine-facts.mjs' },
  { entry: 'services/platform-nodejs/src/sandbox/cage-main.ts', out: 'dist/cage-main.mjs' },
  { entry: 'services/platform-nodejs/src/sandbox/vat-worker.ts', out: 'dist/vat-worker.mjs' },
  { entry: 'services/fuse/src/process/main.ts', out: 'dist/mount.mjs' },
  { entry: 'services/appliance/src/main.ts', out: 'dist/appliance.mjs' },
]

const always = ['package-lock.json', 'scripts/build.mjs']
const sources = listFiles('services', (path) => /\.(ts|wasm|json)$/.test(path) && !path.endsWith('.test.ts') && !path.startsWith(uiFolder))
const uiSources = [
  ...listFiles(uiFolder, (path) => !path.endsWith('.test.ts')),
  ...listFiles('services/control/src', (path) => path.endsWith('.ts')),
  'services/admin/vite.config.ts',
]

const visitorFolder = join('services', 'visitor')
const visitorSources = [
  ...listFiles(visitorFolder, (path) => !path.endsWith('.test.ts')),
  ...uiSources,
  ...['core', 'store', 'tree'].flatMap((layer) =>
    listFiles(`services/${layer}/src`, (path) => path.endsWith('.ts') && !path.endsWith('.test.ts')),
  ),
]

/** A package that reads its own package.json when it is loaded finds it in the bundle. */
const ownPackageJson = {
  name: 'own package.json',
  setup({ onLoad }) {
    onLoad({ filter: /@achingbrain\/ssdp\/dist\/src\/ssdp\.js$/ }, ({ path }) => {
      const reading = "req('../../package.json')"
      const [before, after, more] = readFileSync(path, 'utf8').split(reading)
      if (after === undefined || more !== undefined) throw new Error(`${path} does not read its package.json any more, or otherwise`)
      const { name, version } = JSON.parse(readFileSync(join(path, '../../../package.json'), 'utf8'))
      return { contents: `${before}${JSON.stringify({ name, version })}${after}`, loader: 'js' }
    })
  },
}

mkdirSync(join(root, 'dist'), { recursive: true })
for (const { entry, out } of process.argv.includes('--page') ? [] : programs) {
  if (!existsSync(join(root, entry))) say(`${out}: left out, ${entry} is not there`)
  else if (upToDate(out, sources)) say(`${out}: up to date`)
  else await timed(out, out, () => buildProgram(entry, out))
}
if (!process.argv.includes('--page')) {
  // the JavaScript engine of programs, as its package has it
  copyFileSync(join(root, 'node_modules/quickjs-wasi/quickjs.wasm'), join(root, 'dist/quickjs.wasm'))
  await buildCageFilters()
}
const uiPage = 'dist/ui/index.html'
if (!existsSync(join(root, uiFolder, 'index.html'))) say(`dist/ui: left out, ${uiFolder}/index.html is not there`)
else if (upToDate(uiPage, uiSources)) say('dist/ui: up to date')
else await timed('dist/ui', uiPage, () => buildPage('services/admin/vite.config.ts', 'dist/ui/assets'))
// within the page's folder, which is emptied when the page is built
const visitorPage = 'dist/ui/s/index.html'
if (upToDate(visitorPage, visitorSources)) say('dist/ui/s: up to date')
else await timed('dist/ui/s', visitorPage, () => buildPage(join(visitorFolder, 'vite.config.ts'), 'dist/ui/s/assets'))

async function buildProgram(entry, out) {
  const { build } = await import('esbuild')
  // packages in CommonJS look for `require` and `__dirname`, which an ES module does not have
  const banner = [
    "import { createRequire as holtCreateRequire } from 'node:module'",
    "import { fileURLToPath as holtFileURLToPath } from 'node:url'",
    'const require = holtCreateRequire(import.meta.url)',
    'const __filename = holtFileURLToPath(import.meta.url)',
    "const __dirname = holtFileURLToPath(new URL('.', import.meta.url))",
  ]
  await build({
    entryPoints: [join(root, entry)],
    outfile: join(root, out),
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    plugins: [ownPackageJson],
    banner: { js: `${entry.includes('/cli/') ? '#!/usr/bin/env node\n' : ''}${banner.join('\n')}` },
    logLevel: 'warning',
  })
}

/** What a cage that a unit starts may ask the kernel for, by the machine's name as `uname -m` says it. */
async function buildCageFilters() {
  const { build } = await import('esbuild')
  const entryPoints = [join(root, 'services/platform-nodejs/src/sandbox/seccomp-filter.ts')]
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false, logLevel: 'warning' })
  const { seccompFilter } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
  for (const [machine, architecture] of Object.entries({ x86_64: 'x64', aarch64: 'arm64' }))
    writeFileSync(join(root, `dist/cage-filter.${machine}`), seccompFilter(architecture))
}

async function buildPage(configFile, assets) {
  const { build } = await import('vite')
  await build({ configFile: join(root, configFile), logLevel: 'warn' })
  for (const name of readdirSync(join(root, assets))) compressBeside(join(root, assets, name))
}

/** Compressed once here, so that a slow machine only sends it; browsers take gzip over HTTP, and Brotli too over HTTPS. */
function compressBeside(path) {
  const bytes = readFileSync(path)
  if (!/\.(js|css|svg|wasm)$/.test(path) || bytes.length < 1024) return
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
}

function upToDate(out, inputs) {
  const path = join(root, out)
  return existsSync(path) && statSync(path).mtimeMs > newestChange([...inputs, ...always])
}

async function timed(what, marker, work) {
  const started = Date.now()
  try {
    await work()
    // as old as its beginning: a source that changed meanwhile counts as newer
    utimesSync(join(root, marker), new Date(started), new Date(started))
  } catch (error) {
    rmSync(join(root, what), { force: true, recursive: true }) // a half-written result must not pass for a newer one
    fail(`${what}: ${error instanceof Error ? error.message : error}`)
  }
  say(`${what}: built in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

function say(line) {
  if (!quiet) console.log(line)
}
