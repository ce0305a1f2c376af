import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFiles, root } from '../../common.mjs'
import { bundleForPhones } from '../bundle.mjs'
import { licencesOf } from './licences.mjs'

/** The page is compressed as a whole in the APK; over the loopback address nothing need be. */
const isForApp = (path) => !/\.(?:gz|br|map)$/.test(path)

/**
 * Puts together what the app unpacks on the phone: the node, its page, the licences. `dist/ui` is built.
 *
 * @returns the folder; `build` in it names this very content.
 */
export async function makeAssets(folder) {
  rmSync(folder, { recursive: true, force: true })
  const node = join(folder, 'node')
  const sources = await bundleForPhones(node)
  for (const path of listFiles('dist/ui', isForApp)) {
    const target = join(node, 'ui', path.slice('dist/ui/'.length))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, readFileSync(join(root, path)))
  }
  writeFileSync(join(node, 'ui', 'licences.txt'), licencesOf([...sources, ...pagePackages()]))
  writeFileSync(join(folder, 'build'), `${hashOf(node)}\n`)
  return folder
}

/** Those that the page names; a bundle does not tell what went into it. */
function pagePackages() {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'services/admin/package.json'), 'utf8'))
  return Object.keys(dependencies)
    .filter((name) => !name.startsWith('@holt/'))
    .map((name) => `node_modules/${name}/index.js`)
}

function hashOf(folder) {
  const hash = createHash('sha256')
  for (const { name, bytes } of filesIn(folder)) hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex').slice(0, 32)
}

/** @returns `{ name, bytes }` of every file, in one order wherever it is. */
export function filesIn(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = prefix + entry.name
      return entry.isDirectory() ? filesIn(folder, `${name}/`) : [{ name, bytes: readFileSync(join(folder, name)) }]
    })
}
