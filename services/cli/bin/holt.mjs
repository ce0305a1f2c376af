#!/usr/bin/env node
// `npx holt` in a clone: builds when that was never done, then is the built command. `npm start` builds anew what changed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../../', import.meta.url)
const cli = new URL('dist/cli.mjs', root)

if (!existsSync(cli)) {
  const build = fileURLToPath(new URL('scripts/build.mjs', root))
  const { status } = spawnSync(process.execPath, [build, '--quiet'], { stdio: ['ignore', 2, 2] }) // stdout belongs to the command
  if (status !== 0) process.exit(1)
}
process.argv[1] = fileURLToPath(cli)
await import(cli.href)
