import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { fillBundle } from '../../scripts/image-bundle.mjs'
import { makeRoot, makeSigning } from '../../scripts/image-keys.mjs'
import { boardOf, fragmentsOf, joinFragments, readFragment } from './defconfig.mjs'
import { hashFileProblems, hashFiles, lockfileProblems, readPins } from './hashes.mjs'
import { buildrootProblems } from './needs.mjs'
import { knownSymbols } from './symbols.mjs'

/**
 * Each check: its name, and a function of a board and a scratch folder that gives what is wrong. None downloads anything.
 *
 * @type {[string, (board: string, scratch: string) => string[]][]}
 */
export const checks = [
  ['symbols', symbolProblems],
  ['kernel', kernelProblems],
  ['needs', () => buildrootProblems()],
  ['hashes', hashProblems],
  ['recipes', recipeProblems],
  ['partitions', partitionProblems],
  ['updates', updateProblems],
]

/** Runs all checks for one board. @returns `[{ name, problems }]` */
export function checkBoard(board) {
  return checks.map(([name, check]) => {
    const scratch = mkdtempSync(join(tmpdir(), 'holt-check-'))
    try {
      return { name, problems: check(board, scratch) }
    } catch (error) {
      return { name, problems: [error.message] }
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  })
}

/** Every symbol exists in the pinned Buildroot, and no fragment quietly changes what another says. */
function symbolProblems(board) {
  const known = knownSymbols()
  const { settings, overridden } = joinFragments(fragmentsOf(board))
  const unknown = [...settings.keys()].filter((symbol) => !known.has(symbol))
  return [
    ...unknown.map((symbol) => `${symbol} is no symbol of the pinned Buildroot`),
    ...overridden.map(({ symbol, path, line }) => `${path}:${line}: changes ${symbol}`),
  ]
}

/** The kernel's fragments can be read, and the version is the pinned one. */
function kernelProblems(board) {
  const { version } = readPins().linux
  const { settings } = joinFragments(fragmentsOf(board))
  const problems = []
  if (settings.get('BR2_LINUX_KERNEL_CUSTOM_VERSION_VALUE') !== `"${version}"`) problems.push(`buildroot.config does not build Linux ${version}`)
  const fragments = /"(.*)"/.exec(settings.get('BR2_LINUX_KERNEL_CONFIG_FRAGMENT_FILES') ?? '')?.[1].split(' ') ?? []
  for (const fragment of fragments) {
    const path = fragment.replace('$(BR2_EXTERNAL_HOLT_PATH)', 'image')
    const seen = new Set()
    for (const { symbol, line } of readFragment(path)) {
      if (seen.has(symbol)) problems.push(`${path}:${line}: ${symbol} twice`)
      seen.add(symbol)
    }
  }
  if (fragments.length < 2) problems.push('the kernel has no fragments')
  return problems
}

function hashProblems() {
  const problems = lockfileProblems()
  for (const [path, text] of Object.entries(hashFiles())) {
    const found = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : ''
    if (found !== text) problems.push(`${path} is not what image/pins.json gives: npm run image -- --hashes`)
    problems.push(...hashFileProblems(found).map((problem) => `${path}: ${problem}`))
  }
  return problems
}

/** GNU make reads every recipe; each names what it needs, its archives have hashes, its commands expand. */
function recipeProblems(board) {
  const { status, stdout, stderr } = runRecipes(board, ['-s', 'show'])
  if (status !== 0) return [stderr]
  const fields = new Map()
  for (const line of stdout.trim().split('\n')) {
    const [name, field, ...words] = line.split(' ')
    fields.set(name, { ...fields.get(name), [field]: words.join(' ').trim() })
  }
  const problems = []
  for (const [name, recipe] of fields) problems.push(...missingIn(name, recipe))
  const expanded = runRecipes(board, ['-n', 'expand'])
  if (expanded.status !== 0 || !expanded.stdout.includes('/target/usr/lib/holt/')) problems.push(`the commands do not expand: ${expanded.stderr}`)
  return fields.size === 0 ? ['there are no recipes'] : problems
}

function runRecipes(board, args) {
  const arch = boardOf(board).arch === 'arm64' ? 'aarch64' : 'x86_64'
  const harness = ['-f', join(root, 'image/release/recipes.mk'), `EXTERNAL=${join(root, 'image')}`, `ARCH=${arch}`]
  return spawnSync('make', [...args, '--no-print-directory', ...harness], { encoding: 'utf8' })
}

function missingIn(name, recipe) {
  const problems = ['VERSION', 'SITE', 'LICENSE', 'LICENSE_FILES'].filter((field) => !recipe[field]).map((field) => `${name}: no ${field}`)
  const symbol = `BR2_PACKAGE_${name.toUpperCase().replaceAll('-', '_')}`
  const config = readFileSync(join(root, 'image/package', name, 'Config.in'), 'utf8')
  if (!new RegExp(`^config ${symbol}$`, 'm').test(config)) problems.push(`${name}: Config.in does not define ${symbol}`)
  if (recipe.SITE_METHOD === 'local') return problems
  const hashes = readFileSync(join(root, 'image/package', name, `${name}.hash`), 'utf8')
  for (const archive of [recipe.SOURCE, ...recipe.EXTRA_DOWNLOADS.split(' ').filter(Boolean)]) {
    if (!hashes.includes(`  ${archive.split('/').pop()}\n`)) problems.push(`${name}: no hash for ${archive}`)
  }
  return problems
}

const LABELS = ['holt-esp', 'holt-a', 'holt-b', 'holt-data']

/** genimage makes a drive of small stand-ins, and sfdisk finds the partitions that boot and updates look for. */
function partitionProblems(board, scratch) {
  const drive = smallDrive(board, scratch)
  const { status, stdout, stderr } = spawnSync('sfdisk', ['--json', drive], { encoding: 'utf8' })
  if (status !== 0) return [`sfdisk: ${stderr}`]
  const { partitions, label } = JSON.parse(stdout).partitiontable
  const problems = label === 'gpt' ? [] : [`the partition table is ${label}`]
  const labels = partitions.map(({ name }) => name).filter((name) => LABELS.includes(name))
  if (labels.join() !== LABELS.join()) problems.push(`partitions are ${labels.join(', ')}`)
  if (partitions.at(-1)?.name !== 'holt-data') problems.push('holt-data is not the last partition: it could not grow')
  const types = new Set(partitions.map(({ type }) => type))
  if (types.size !== partitions.length) problems.push('two partitions have one type: systemd-repart would take one for the other')
  const [a, b] = ['holt-a', 'holt-b'].map((name) => partitions.find((partition) => partition.name === name)?.size)
  if (a !== b) problems.push('the slots differ in size')
  return problems
}

function smallDrive(board, scratch) {
  const folder = (name) => {
    mkdirSync(join(scratch, name), { recursive: true })
    return join(scratch, name)
  }
  const input = folder('input')
  writeFileSync(join(folder('esp/EFI/BOOT'), boardOf(board).loader.to), 'loader')
  writeFileSync(join(input, 'slot.img'), 'slot'.repeat(4096))
  writeFileSync(join(input, 'data.img'), 'data')
  writeFileSync(join(input, 'u-boot-rockchip.bin'), 'boot'.repeat(4096))
  const config = boardOf(board).partition
  const places = { rootpath: join(scratch, 'esp'), inputpath: input, outputpath: folder('output'), includepath: join(root, 'image/partition'), tmppath: join(scratch, 'tmp') }
  const args = Object.entries(places).flatMap(([name, path]) => [`--${name}`, path])
  const { status, stderr, error } = spawnSync('genimage', ['--config', config, ...args], { encoding: 'utf8', cwd: scratch })
  if (error) throw new Error('genimage is not installed: apt-get install genimage mtools dosfstools')
  if (status !== 0) throw new Error(`genimage: ${stderr}`)
  return join(scratch, 'output/disk.img')
}

/** rauc makes a bundle of a small stand-in for this board, and its system.conf takes it and refuses another board's. */
function updateProblems(board, scratch) {
  makeRoot(scratch, { name: 'check', encrypted: false })
  makeSigning(scratch, scratch, { subject: '/CN=check' })
  const template = readFileSync(join(root, 'overlay/etc/rauc/system.conf'), 'utf8')
  if (!template.includes('compatible=@COMPATIBLE@')) return ['overlay/etc/rauc/system.conf has no place for the board']
  const config = template.replace('@COMPATIBLE@', `holt-${board}`).replace('/etc/rauc/keyring.pem', join(scratch, 'keyring.pem'))
  writeFileSync(join(scratch, 'system.conf'), config)
  const bundle = smallBundle(board, scratch)
  const info = spawnSync('rauc', ['--conf', join(scratch, 'system.conf'), 'info', '--output-format=json', bundle], { encoding: 'utf8' })
  if (info.status !== 0) return [`rauc does not take system.conf or the bundle: ${info.stderr}`]
  return JSON.parse(info.stdout).compatible === `holt-${board}` ? [] : ['the bundle is not for this board']
}

function smallBundle(board, scratch) {
  const slot = join(scratch, 'slot')
  const content = join(scratch, 'content')
  for (const folder of [slot, content]) mkdirSync(folder)
  // rauc makes no bundle that compresses to nothing
  const files = { 'slot.img': randomBytes(64 * 1024), linux: 'linux', initrd: 'initrd', cmdline: 'panic=5', version: '0.0.1', compatible: `holt-${board}` }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(slot, name), text)
  fillBundle(content, { slot, version: '0.0.1', changes: 'none', builtAt: new Date(0) })
  const signer = ['--cert', join(scratch, 'signing.pem'), '--key', join(scratch, 'signing.key')]
  const made = spawnSync('rauc', ['--conf', join(scratch, 'system.conf'), 'bundle', ...signer, content, join(scratch, 'check.raucb')], { encoding: 'utf8' })
  if (made.error) throw new Error('rauc is not installed: apt-get install rauc squashfs-tools')
  if (made.status !== 0) throw new Error(`rauc bundle: ${made.stderr}`)
  return join(scratch, 'check.raucb')
}
