// `npm run image:bundle -- --slot FOLDER`: a signed update bundle (RAUC, verity) from the slot folder that a builder wrote.
//   --out FILE       default: build/holt-<board>-<version>.raucb
//   --keys FOLDER    with signing.pem, signing.key and keyring.pem; default: this checkout's development keys
//   --changes FILE   what the update page tells; default: this version's part of CHANGELOG.md
//   --version V      instead of the slot folder's; the system inside still calls itself what it was built as
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { fail, root } from './common.mjs'
import { developmentKeys } from './image-keys.mjs'

const SLOT_FILES = ['slot.img', 'linux', 'initrd', 'cmdline', 'version', 'compatible']
const MAX_CHANGES_CHARACTERS = 4_000

const oneLine = (folder, name) => readFileSync(join(folder, name), 'utf8').trim()

/** The part of a changelog under the heading that names `version`; `Unreleased` when there is none. */
export function changesOf(changelog, version) {
  const parts = changelog.split(/^## /m).slice(1)
  const named = (name) => parts.find((part) => part.split('\n', 1)[0].toLowerCase().includes(name))
  const part = named(version) ?? named('unreleased') ?? ''
  return part.split('\n').slice(1).join('\n').trim().slice(0, MAX_CHANGES_CHARACTERS)
}

/** The text as a value of a key file. */
const keyFileText = (text) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/^ /, '\\s')

/** The manifest. `build` is the day, by which boxes take their turn. */
export function manifestOf({ compatible, version, changes, builtAt }) {
  return [
    '[update]',
    `compatible=${compatible}`,
    `version=${version}`,
    `description=${keyFileText(changes)}`,
    `build=${builtAt.toISOString().slice(0, 10)}`,
    '',
    '[bundle]',
    'format=verity',
    '',
    '[hooks]',
    'filename=install-hook',
    'hooks=install-check',
    '',
    '[image.rootfs]',
    'filename=slot.img',
    'hooks=post-install',
    '',
  ].join('\n')
}

/** @throws Error when a file of a slot folder is not there. */
function checkSlot(slot) {
  const missing = SLOT_FILES.filter((name) => !existsSync(join(slot, name)) || statSync(join(slot, name)).size === 0)
  if (missing.length > 0) throw new Error(`${slot} is no slot folder: ${missing.join(', ')} missing`)
}

/** The file itself, never a link to it, which would lead nowhere on a box. */
function place(from, to) {
  try {
    linkSync(realpathSync(from), to) // a slot is some hundred MB
  } catch {
    copyFileSync(from, to)
  }
}

/** Everything a bundle holds, in `folder`. */
export function fillBundle(folder, { slot, version, changes, builtAt }) {
  for (const name of ['slot.img', 'linux', 'initrd', 'cmdline']) place(join(slot, name), join(folder, name))
  writeFileSync(join(folder, 'version'), `${version}\n`)
  writeFileSync(join(folder, 'manifest.raucm'), manifestOf({ compatible: oneLine(slot, 'compatible'), version, changes, builtAt }))
  place(join(root, 'image/update/install-hook'), join(folder, 'install-hook'))
  place(join(root, 'overlay/usr/lib/holt/boot-slot'), join(folder, 'boot-slot'))
}

/**
 * Makes and signs a bundle.
 *
 * @throws Error when rauc refuses.
 */
export function makeBundle({ slot, out, keys, changes, version, builtAt = new Date() }) {
  mkdirSync(dirname(out), { recursive: true })
  const folder = mkdtempSync(`${out}-`)
  try {
    mkdirSync(join(folder, 'content'))
    fillBundle(join(folder, 'content'), { slot, version, changes, builtAt })
    rmSync(out, { force: true })
    // what was made is checked as a box does: the certificate must be one for signing code
    const config = `[system]\ncompatible=any\nbootloader=noop\n[keyring]\npath=${join(keys, 'keyring.pem')}\ncheck-purpose=codesign\n`
    writeFileSync(join(folder, 'system.conf'), config)
    const signer = ['--cert', join(keys, 'signing.pem'), '--key', join(keys, 'signing.key'), '--keyring', join(keys, 'keyring.pem')]
    const args = ['--conf', join(folder, 'system.conf'), 'bundle', ...signer, join(folder, 'content'), out]
    const { status, stderr, error } = spawnSync('rauc', args, { encoding: 'utf8' })
    if (error) throw new Error('rauc is not installed: apt-get install rauc squashfs-tools')
    if (status !== 0) throw new Error(`rauc bundle: ${stderr.trim()}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function main() {
  const names = ['slot', 'out', 'keys', 'changes', 'version']
  const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) })
  if (values.slot === undefined) fail('--slot FOLDER is missing: what a builder wrote, e.g. build/quick-amd64/slot')
  const slot = resolve(values.slot)
  const keys = values.keys === undefined ? developmentKeys() : resolve(values.keys)
  try {
    checkSlot(slot)
    const version = values.version ?? oneLine(slot, 'version')
    const board = oneLine(slot, 'compatible').replace(/^holt-/, '')
    const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
    const changes = values.changes ? readFileSync(values.changes, 'utf8').trim() : changesOf(changelog, version)
    const out = resolve(values.out ?? join(root, 'build', `holt-${board}-${version}.raucb`))
    makeBundle({ slot, out, keys, changes, version })
    console.log(`${out}: ${(statSync(out).size / 2 ** 20).toFixed(1)} MiB, version ${version} for ${board}`)
    if (values.keys === undefined) console.log('Signed by development keys: only images of this checkout take it.')
  } catch (error) {
    fail(error.message)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
