#!/usr/bin/env node
// `holt` in a checkout: runs the built command line, and builds it first when it is not there and can be made.
import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '..', '..', '..')
const cli = join(root, 'dist', 'cli.mjs')

if (!existsSync(cli)) build()
await import(pathToFileURL(cli).href)

function build() {
  const script = join(root, 'scripts', 'build.mjs')
  const canBuild = existsSync(script) && existsSync(join(root, 'node_modules', 'esbuild'))
  // Standard output belongs to the command that was asked for.
  const built = canBuild && spawnSync(process.execPath, [script, '--quiet'], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0
  if (built && existsSync(cli)) return
  process.stderr.write('holt: it is not built yet; run: npm run build\n')
  process.exit(14)
}
