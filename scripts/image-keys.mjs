// The keys that sign updates.
//   node scripts/image-keys.mjs --development [--out FOLDER]   a whole hierarchy in build/keys/dev, for images of this checkout only
//   node scripts/image-keys.mjs root --out FOLDER    the root, on a machine without network; its key asks for a passphrase
//   node scripts/image-keys.mjs signing --root FOLDER --out FOLDER [--days N]   a key that signs bundles, issued by that root
// root.pem goes into every image as its keyring; root.key stays offline; signing.key and signing.pem sign bundles;
// slot.key signs the root hash of every slot, slot.pub.pem is built into the initramfs.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { fail, root as checkout } from './common.mjs'

const ROOT_DAYS = 30 * 365
const SIGNING_DAYS = 5 * 365

const extensions = {
  root: 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
  signing:
    'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,codeSigning\n' +
    'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n',
}

function openssl(args) {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8', stdio: ['inherit', 'pipe', 'pipe'] })
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
}

/** What CMS signatures of RAUC can be checked with everywhere; and for the initramfs the smallest there is. */
const algorithms = { certificate: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], slot: ['ED25519'] }

function newKey(path, algorithm, { encrypted = false } = {}) {
  const cipher = encrypted ? ['-aes-256-cbc'] : []
  const { status } = spawnSync('openssl', ['genpkey', '-algorithm', ...algorithm, ...cipher, '-out', path], {
    stdio: encrypted ? 'inherit' : ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error(`no key was made at ${path}`)
  chmodSync(path, 0o600)
}

function request(folder, name, subject) {
  openssl(['req', '-new', '-key', join(folder, `${name}.key`), '-subj', subject, '-sha384', '-out', join(folder, `${name}.csr`)])
  writeFileSync(join(folder, `${name}.ext`), extensions[name])
}

function dropRequest(folder, name) {
  for (const suffix of ['csr', 'ext', 'srl']) rmSync(join(folder, `${name}.${suffix}`), { force: true })
}

/** A root key and its certificate in `folder`. */
export function makeRoot(folder, { name, encrypted }) {
  newKey(join(folder, 'root.key'), algorithms.certificate, { encrypted })
  request(folder, 'root', `/O=Holt/CN=${name}`)
  const files = ['-in', join(folder, 'root.csr'), '-extfile', join(folder, 'root.ext'), '-out', join(folder, 'root.pem')]
  openssl(['x509', '-req', '-signkey', join(folder, 'root.key'), '-sha384', '-days', String(ROOT_DAYS), ...files])
  dropRequest(folder, 'root')
}

/** A key in `folder` that signs bundles, and its certificate by the root in `rootFolder`, good for signing code only. */
export function makeSigning(rootFolder, folder, { subject, days = SIGNING_DAYS }) {
  newKey(join(folder, 'signing.key'), algorithms.certificate)
  request(folder, 'signing', subject)
  const serial = ['-CAserial', join(folder, 'signing.srl'), '-CAcreateserial']
  const issuer = ['-CA', join(rootFolder, 'root.pem'), '-CAkey', join(rootFolder, 'root.key'), ...serial]
  const files = ['-in', join(folder, 'signing.csr'), '-extfile', join(folder, 'signing.ext'), '-out', join(folder, 'signing.pem')]
  openssl(['x509', '-req', ...issuer, '-sha384', '-days', String(days), ...files])
  dropRequest(folder, 'signing')
  copyFileSync(join(rootFolder, 'root.pem'), join(folder, 'keyring.pem'))
}

/** The pair for root hashes of slots. It needs no certificate: its public half is in the initramfs that the bundle brings. */
export function makeSlotKey(folder) {
  newKey(join(folder, 'slot.key'), algorithms.slot)
  openssl(['pkey', '-in', join(folder, 'slot.key'), '-pubout', '-out', join(folder, 'slot.pub.pem')])
}

/**
 * The development keys of this checkout, made when they are not there yet: all of it or nothing.
 *
 * @returns their folder.
 */
export function developmentKeys(folder = join(checkout, 'build/keys/dev')) {
  if (existsSync(join(folder, 'keyring.pem'))) return folder
  mkdirSync(dirname(folder), { recursive: true })
  const making = mkdtempSync(`${folder}-`)
  makeRoot(making, { name: 'Holt development root', encrypted: false })
  makeSigning(making, making, { subject: '/O=Holt/CN=Holt development updates' })
  if (existsSync(join(folder, 'slot.key'))) {
    for (const name of ['slot.key', 'slot.pub.pem']) copyFileSync(join(folder, name), join(making, name))
  } else makeSlotKey(making)
  rmSync(folder, { recursive: true, force: true })
  renameSync(making, folder)
  return folder
}

function newFolder(path) {
  if (path === undefined) fail('--out FOLDER is missing')
  const folder = resolve(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function main() {
  const options = { development: { type: 'boolean' }, out: { type: 'string' }, root: { type: 'string' }, days: { type: 'string' } }
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.development) console.log(developmentKeys(values.out === undefined ? undefined : resolve(values.out)))
  else if (positionals[0] === 'root') {
    const folder = newFolder(values.out)
    if (existsSync(join(folder, 'root.key'))) fail(`${folder} has a root already`)
    makeRoot(folder, { name: 'Holt root', encrypted: true })
    console.log(`${folder}: root.key stays offline, root.pem is the keyring of every image`)
  } else if (positionals[0] === 'signing' && values.root) {
    const folder = newFolder(values.out)
    makeSigning(resolve(values.root), folder, { subject: '/O=Holt/CN=Holt updates', days: Number(values.days ?? SIGNING_DAYS) })
    makeSlotKey(folder)
    console.log(`${folder}: signing.key signs bundles, slot.key the root hash of slots`)
  } else fail('--development, root --out FOLDER, or signing --root FOLDER --out FOLDER')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
