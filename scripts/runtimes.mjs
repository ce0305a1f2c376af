import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root, run, succeeds } from './common.mjs'

/**
 * The other Nodes that the layers below the platforms must run on. 18 is what phones have: there the sources go
 * through tsx, and Web Crypto must be asked for. The newest reads the sources as they are, which shows that no syntax
 * in them needs more than erasing types. What runs on 18, on 20, where all tests run, and on the newest, runs on those between.
 */
const versions = [
  { version: '18.20.4', loader: ['--experimental-global-webcrypto', '--import', 'tsx'], runnerOptions: [], maySkip: true },
  { version: '24.21.0', loader: [] },
]

/** Fetches them with npm, once, into the checkout. */
export function runtimes() {
  return versions.map((runtime) => ({ ...runtime, node: fetchNode(runtime.version) }))
}

/** @returns its path. */
export function fetchNode(version, processor = process.arch) {
  const own = processor === process.arch
  const folder = join(root, '.runtimes', own ? version : `${version}-${processor}`)
  const name = `node-${process.platform}-${processor}`
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(node) && (!own || succeeds(node, ['--version']))) return node
  console.log(`Fetching Node ${version}${own ? '' : ` for ${processor}`} …`)
  const foreign = own ? [] : ['--force', `--cpu=${processor}`]
  const fetched = run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--loglevel=error',
    ...foreign,
    `${name}@${version}`,
  ])
  if (!fetched || !existsSync(node)) fail(`npm could not fetch ${name}@${version}`)
  return node
}
