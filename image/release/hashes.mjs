import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'

export const readPins = () => JSON.parse(readFileSync(join(root, 'image/pins.json'), 'utf8'))

/** SHA-256 of the licence files in the npm packages, for legal-info. */
const licences = {
  node: '5888dbb9a1d2b18f2c3e6c5f6af1b39de658372b402a0577b002777f14c62ace',
  'node-linux-pam': 'adfd9b38ec7671dd5fab321dc60f2724c29429927f755031d836b75c0942e0d5',
}

/** npm writes base64, Buildroot hex. */
const hexOf = (integrity) => {
  if (!integrity.startsWith('sha512-')) throw new Error(`${integrity}: not a sha512`)
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
}

const archiveLine = (name, version, integrity) => `sha512  ${hexOf(integrity)}  ${name}-${version}.tgz\n`

/** What the hash files of our packages have to say: path → text. */
export function hashFiles(pins = readPins()) {
  const { version, packages } = pins.node
  const nodes = Object.values(packages).map(({ name, integrity }) => archiveLine(name, version, integrity))
  const native = Object.entries(pins.native).map(([name, pin]) => archiveLine(name, pin.version, pin.integrity))
  const head = '# From the integrity values of image/pins.json: npm run image -- --hashes\n'
  return {
    'image/package/holt-node/holt-node.hash': `${head}${nodes.join('')}sha256  ${licences.node}  LICENSE\n`,
    'image/package/node-linux-pam/node-linux-pam.hash': `${head}${native.join('')}sha256  ${licences['node-linux-pam']}  LICENSE\n`,
    'image/patches/linux/linux.hash': `# From https://www.kernel.org/pub/linux/kernel/v6.x/sha256sums.asc\nsha256  ${pins.linux.sha256}  linux-${pins.linux.version}.tar.xz\n`,
  }
}

const DIGITS = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }

/** What is wrong with the text of a Buildroot hash file; empty when it can be used. */
export function hashFileProblems(text) {
  const problems = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue
    const [, type, hash] = /^(\w+) {2}([0-9a-f]+) {2}\S+$/.exec(line) ?? []
    if (DIGITS[type] === undefined) problems.push(`line ${i + 1}: not "type, two spaces, hash, two spaces, file"`)
    else if (hash.length !== DIGITS[type]) problems.push(`line ${i + 1}: ${hash.length} digits are no ${type}`)
    else if (type === 'md5' || type === 'sha1') problems.push(`line ${i + 1}: ${type} is too weak alone`)
  }
  return problems
}

/** Where pins and lockfile name the same package, they name the same bytes. */
export function lockfileProblems(pins = readPins()) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const problems = []
  for (const [name, pin] of Object.entries(pins.native)) {
    for (const [path, entry] of Object.entries(packages)) {
      if (!path.endsWith(`node_modules/${name}`) || entry.version !== pin.version) continue
      if (entry.integrity !== pin.integrity) problems.push(`${name} ${pin.version}: image/pins.json and ${path} in the lockfile differ`)
    }
  }
  return problems
}
