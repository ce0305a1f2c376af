import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { unpack } from './debian.mjs'
import { tool } from './steps.mjs'
import { writeUsers } from './users.mjs'

/** Folders that other file systems are mounted on, or that must be there though nothing lies in them. */
const places = ['dev', 'proc', 'sys', 'run', 'tmp', 'var', 'data', 'efi', 'root', 'home', 'mnt', 'media']

/**
 * Puts the whole root file system together in a folder: packages, overlay, Holt itself, then what `add` names.
 *
 * Everything in it is meant to belong to root; who builds it need not be.
 */
export function assembleTree({ tree, archive, node, pam, version, variant, keys, add }) {
  rmSync(tree, { recursive: true, force: true })
  mkdirSync(tree, { recursive: true })
  unpack(archive, tree)
  linkIntoUsr(tree)
  putHolt(tree, { node, pam })
  collectCertificates(tree)
  chooseAlternatives(tree)
  finishTree({ tree, version, variant, keys, add, like: 'debian' })
  const [kernel] = readdirSync(join(tree, 'usr/lib/modules'))
  tool('depmod', ['-b', tree, kernel])
  return { kernel }
}

/**
 * What both builders do last to a tree that has its packages: overlay, users, names, which units run.
 *
 * It may be done again to the same tree.
 */
export function finishTree({ tree, version, variant, keys, like, add = [] }) {
  for (const place of places) mkdirSync(join(tree, place), { recursive: true })
  removeSettings(tree)
  copyOver(join(root, 'overlay'), tree)
  writeUsers(tree)
  nameSystem(tree, { version, variant, keys, like })
  for (const folder of add) copyOver(folder, tree)
  tool('systemctl', ['--root', tree, 'preset-all'])
  removeBrokenDefaults(tree)
}

/** The archive still has /bin, /sbin and /lib as folders; what was in them is in /usr. */
function linkIntoUsr(tree) {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (existsSync(join(tree, name))) rmdirSync(join(tree, name))
    if (existsSync(join(tree, 'usr', name))) symlinkSync(`usr/${name}`, join(tree, name))
  }
}

/** Units that packages have switched on by links in /etc: the preset alone decides. */
function removeSettings(tree) {
  rmSync(join(tree, 'etc/systemd/system'), { recursive: true, force: true })
  for (const name of ['etc/resolv.conf', 'etc/fstab', 'etc/hostname']) rmSync(join(tree, name), { force: true })
}

function copyOver(from, tree) {
  // Node's own copy cannot put a link where one is already
  tool('cp', ['-dR', '--remove-destination', `${from}/.`, tree])
}

function putHolt(tree, { node, pam }) {
  const folder = join(tree, 'usr/lib/holt')
  cpSync(node, join(folder, 'node'))
  chmodSync(join(folder, 'node'), 0o755)
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') })
  cpSync(pam, join(folder, 'dist/node-linux-pam.node'))
}

/** What Debian's script would write at installing: all authorities in one file. */
function collectCertificates(tree) {
  const folder = join(tree, 'usr/share/ca-certificates/mozilla')
  const all = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  mkdirSync(join(tree, 'etc/ssl/certs'), { recursive: true })
  writeFileSync(join(tree, 'etc/ssl/certs/ca-certificates.crt'), all.join(''))
}

/** Links that Debian's scripts would make when they install. */
function chooseAlternatives(tree) {
  for (const name of ['regulatory.db', 'regulatory.db.p7s']) {
    if (existsSync(join(tree, 'usr/lib/firmware', `${name}-debian`))) symlinkSync(`${name}-debian`, join(tree, 'usr/lib/firmware', name))
  }
  if (existsSync(join(tree, 'usr/bin/mawk'))) symlinkSync('mawk', join(tree, 'usr/bin/awk'))
}

function nameSystem(tree, { version, variant, keys, like }) {
  const release = { NAME: 'Holt', ID: 'holt', ID_LIKE: like, PRETTY_NAME: `Holt ${version}`, VERSION_ID: version, VARIANT_ID: variant }
  const lines = Object.entries(release).map(([name, value]) => `${name}="${value}"\n`)
  rmSync(join(tree, 'etc/os-release'), { force: true })
  rmSync(join(tree, 'usr/lib/os-release'), { force: true })
  writeFileSync(join(tree, 'usr/lib/os-release'), lines.join(''))
  symlinkSync('../usr/lib/os-release', join(tree, 'etc/os-release'))
  writeFileSync(join(tree, 'etc/machine-id'), '')
  writeFileSync(join(tree, 'usr/lib/clock-epoch'), '') // its age is the earliest time the box believes in
  const keyring = join(keys, 'keyring.pem')
  if (existsSync(keyring)) {
    mkdirSync(join(tree, 'etc/rauc'), { recursive: true })
    cpSync(keyring, join(tree, 'etc/rauc/keyring.pem'))
  }
  const rauc = join(tree, 'etc/rauc/system.conf')
  if (existsSync(rauc)) writeFileSync(rauc, readFileSync(rauc, 'utf8').replace('@COMPATIBLE@', `holt-${variant}`))
}

function removeBrokenDefaults(tree) {
  for (const name of ['etc/motd', 'etc/issue', 'etc/issue.net']) rmSync(join(tree, name), { force: true })
}
