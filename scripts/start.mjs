// `npm start`: installs and builds what is missing or out of date, then becomes the node. Arguments go to the node.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail, root, run } from './common.mjs'
import { ensureNpmPackages } from './install.mjs'

ensureNpmPackages()
// in a process of its own, so that the node does not carry the bundler's memory
if (!run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--quiet'])) fail('the build failed: see above')

const daemon = join(root, 'dist', 'daemon.mjs')
process.argv[1] = daemon
await import(pathToFileURL(daemon).href)
