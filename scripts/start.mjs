// The first half of `npm start`: installs and builds what is missing or out of date. The second half is the node.
import { join } from 'node:path'
import { fail, root, run } from './common.mjs'
import { ensureNpmPackages } from './install.mjs'

ensureNpmPackages()
if (!run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--quiet'])) fail('the build failed: see above')
