import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin, transformWithOxc } from 'vite'
import { notices as de } from './src/ui/texts/de/notices.ts'
import { notices as en } from './src/ui/texts/en/notices.ts'

/** What a message says while no page is open, in each language. */
const pushWords = Object.fromEntries(
  Object.entries({ de, en }).map(([name, { kinds, somethingNew }]) => [name, { ...kinds, unknown: somethingNew }]),
)

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The worker knows what was built by name, and is another one when any of it changed. */
function serviceWorker(): Plugin {
  return {
    name: 'holt-service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const built = Object.values(bundle).filter(({ fileName }) => !fileName.endsWith('.html') && !fileName.startsWith('.'))
        const files = ['./', ...built.map(({ fileName }) => fileName), ...readdirSync(folder('src/ui/public'))].sort()
        const hash = createHash('sha256')
        for (const one of Object.values(bundle)) hash.update(one.type === 'chunk' ? one.code : one.source)
        for (const name of readdirSync(folder('src/ui/public'))) hash.update(readFileSync(folder(`src/ui/public/${name}`)))
        hash.update(JSON.stringify(pushWords))
        const version = hash.digest('hex').slice(0, 16)
        const path = folder('src/ui/worker/service-worker.ts')
        const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path)
        const known = `const SHELL_FILES = ${JSON.stringify(files)}\nconst SHELL_VERSION = '${version}'\nconst PUSH_WORDS = ${JSON.stringify(pushWords)}\n`
        this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: known + code })
      },
    },
  }
}

/** The page: `npm run build` makes dist/ui; `npx vite services/admin` serves it from its sources, the API from a node on its usual port. */
export default defineConfig({
  root: folder('src/ui'),
  base: './',
  publicDir: folder('src/ui/public'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [serviceWorker()],
  worker: { format: 'es' },
  build: {
    outDir: folder('../../dist/ui'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // Small files cost a slow box more than their bytes: what every page begins with is one, and so is what some share.
    rolldownOptions: {
      output: {
        // without the names of all who share it
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        assetFileNames: ({ names: [name = ''] }) =>
          (name.includes('~') ? `assets/${name.split('~')[0]}` : 'assets/[name]') + '-[hash][extname]',
        codeSplitting: {
          groups: [
            // not what waits for the language, whose file needs what is in this one
            { name: 'first', tags: ['$initial'], test: /^(?!.*[\\/]ui[\\/](main\.tsx|index\.html))/, priority: 2 },
            { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 24_000 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4658' } },
})
