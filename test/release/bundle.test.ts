import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fakeSlot, overlayFile, type Ran, run, scratchFolder, writeFiles } from './scratch.ts'

const folder = scratchFolder()
const keys = join(folder, 'keys')
const stranger = join(folder, 'stranger')
const bundle = join(folder, 'holt.raucb')

const node = (...args: string[]): Ran => run(process.execPath, args)

/** What the box asks RAUC before anything else, with its own configuration. */
function info(path: string, keyring = join(keys, 'keyring.pem')): Ran {
  const config = readFileSync(overlayFile('etc/rauc/system.conf'), 'utf8').replace('@COMPATIBLE@', 'holt-x86_64-efi')
  writeFiles(folder, { 'system.conf': config.replace('path=/etc/rauc/keyring.pem', `path=${keyring}`) })
  return run('rauc', ['--conf', join(folder, 'system.conf'), 'info', '--output-format=json', path])
}

/** A root and the keys it issued, none with a passphrase. */
function makeKeys(into: string): void {
  const ran = node('scripts/image-keys.mjs', '--development', '--out', into)
  assert.equal(ran.status, 0, ran.err)
}

function makeBundle(out: string, signer: string, ...more: string[]): Ran {
  return node('scripts/image-bundle.mjs', '--slot', join(folder, 'slot'), '--out', out, '--keys', signer, ...more)
}

before(() => {
  makeKeys(keys)
  makeKeys(stranger)
  fakeSlot(join(folder, 'slot'))
  writeFiles(folder, { changes: 'Faster.\n\n- Two lines, a \\ and "quotes"\n' })
  const ran = makeBundle(bundle, keys, '--changes', join(folder, 'changes'))
  assert.equal(ran.status, 0, ran.err)
})

test('a bundle says for which board it is, its version and what changes', () => {
  const ran = info(bundle)
  assert.equal(ran.status, 0, ran.err)
  const told = JSON.parse(ran.out)
  assert.equal(told.compatible, 'holt-x86_64-efi')
  assert.equal(told.version, '0.1.0')
  assert.equal(told.description, 'Faster.\n\n- Two lines, a \\ and "quotes"')
  assert.match(told.build, /^\d{4}-\d\d-\d\d$/)
})

test('what a slot only links to goes into the bundle itself', () => {
  const [linked, out] = [join(folder, 'linked'), join(folder, 'linked.raucb')]
  mkdirSync(linked)
  for (const name of readdirSync(join(folder, 'slot'))) symlinkSync(join(folder, 'slot', name), join(linked, name))
  const ran = node('scripts/image-bundle.mjs', '--slot', linked, '--out', out, '--keys', keys)
  assert.equal(ran.status, 0, ran.err)
  const listed = run('unsquashfs', ['-lln', out])
  assert.match(listed.out, /^-.* squashfs-root\/linux$/m)
  assert.doesNotMatch(listed.out, /^l/m)
})

test('a bundle signed under another root is refused', () => {
  const foreign = join(folder, 'foreign.raucb')
  assert.equal(makeBundle(foreign, stranger).status, 0)
  assert.equal(info(foreign, join(stranger, 'keyring.pem')).status, 0)
  assert.notEqual(info(foreign).status, 0)
})

test('a certificate of the right root that is not for signing code is refused', () => {
  const wrong = join(folder, 'wrong-purpose')
  run('mkdir', ['-p', wrong])
  const openssl = (...args: string[]): void => assert.equal(run('openssl', args).status, 0)
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', join(wrong, 'signing.key'))
  openssl('req', '-new', '-key', join(wrong, 'signing.key'), '-subj', '/CN=web', '-out', join(wrong, 'csr'))
  writeFiles(wrong, {
    ext: 'keyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=emailProtection\n',
  })
  const issuer = ['-CA', join(keys, 'root.pem'), '-CAkey', join(keys, 'root.key'), '-CAcreateserial', '-CAserial', join(wrong, 'srl')]
  openssl('x509', '-req', '-in', join(wrong, 'csr'), ...issuer, '-extfile', join(wrong, 'ext'), '-out', join(wrong, 'signing.pem'))
  const signer = ['--cert', join(wrong, 'signing.pem'), '--key', join(wrong, 'signing.key'), '--keyring', join(keys, 'keyring.pem')]
  writeFiles(join(folder, 'content'), {
    more: 'x\n'.repeat(20_000).replace(/x/g, () => Math.random().toString(36)),
    'manifest.raucm': '[update]\ncompatible=holt-x86_64-efi\nversion=9.0.0\n[bundle]\nformat=verity\n',
  })
  const out = join(folder, 'wrong-purpose.raucb')
  // rauc's own default purpose is that of mail: it makes this bundle, and the box must be the one to refuse it
  const made = run('rauc', ['bundle', ...signer, join(folder, 'content'), out])
  assert.equal(made.status, 0, made.err)
  assert.notEqual(info(out).status, 0)
})

test('a bundle that is not read through verity is refused, though its signature is good', () => {
  writeFiles(join(folder, 'plain'), { 'manifest.raucm': '[update]\ncompatible=holt-x86_64-efi\nversion=9.0.0\n' })
  const signer = ['--cert', join(keys, 'signing.pem'), '--key', join(keys, 'signing.key')]
  const out = join(folder, 'plain.raucb')
  const made = run('rauc', ['bundle', ...signer, join(folder, 'plain'), out])
  assert.equal(made.status, 0, made.err)
  assert.match(info(out).err, /format.*plain|plain.*format/)
  assert.notEqual(info(out).status, 0)
})

test('a bundle cut short anywhere, or changed in its signature, is refused', () => {
  const { size } = statSync(bundle)
  for (const keep of [0, 1, 4096, Math.floor(size / 2), size - 4096, size - 8, size - 1]) {
    const cut = join(folder, 'cut.raucb')
    copyFileSync(bundle, cut)
    truncateSync(cut, keep)
    assert.notEqual(info(cut).status, 0, `${keep} of ${size} bytes`)
  }
  const bytes = readFileSync(bundle)
  const signatureBytes = Number(bytes.readBigUInt64BE(size - 8))
  for (const at of [size - 9, size - 8 - Math.floor(signatureBytes / 2), size - 8 - signatureBytes]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] as number) ^ 1
    writeFileSync(join(folder, 'changed.raucb'), changed)
    assert.notEqual(info(join(folder, 'changed.raucb')).status, 0, `byte ${at} of ${size}`)
  }
})

test('what is no slot folder makes no bundle', () => {
  const empty = scratchFolder()
  const ran = node('scripts/image-bundle.mjs', '--slot', empty, '--out', join(empty, 'x.raucb'), '--keys', keys)
  assert.equal(ran.status, 1)
  assert.match(ran.err, /slot\.img, linux, initrd/)
})
