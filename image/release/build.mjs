import { spawn } from 'node:child_process'
import { cpSync, createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fail, root, run } from '../../scripts/common.mjs'
import { developmentKeys } from '../../scripts/image-keys.mjs'
import { ensureNpmPackages } from '../../scripts/install.mjs'
import { systemBill } from './bill.mjs'
import { buildrootSource } from './buildroot.mjs'
import { checkBoard } from './check.mjs'
import { defconfigText, fragmentsOf, joinFragments } from './defconfig.mjs'
import { prepareServices } from './services.mjs'
import { buildrootMake, lostSettings } from './source-check.mjs'

const work = join(root, 'build/release')
const downloads = join(work, 'downloads')

/**
 * Builds a board's image by Buildroot into build/<board>: drive image, slot folder, update bundle, bills of materials, licences.
 * Broken off, it goes on where it was: Buildroot keeps what it has built and fetched.
 *
 * @param options.source a Buildroot source folder instead of the pinned one.
 * @param options.mirror a folder of sources, to build without a network.
 */
export async function buildImage({ board, source, mirror, downloadOnly }) {
  for (const { name, problems } of checkBoard(board)) if (problems.length > 0) fail(`${name}: ${problems.join('\n')}`)
  ensureNpmPackages()
  if (!run(process.execPath, [join(root, 'scripts/build.mjs'), '--quiet'])) fail('the build of the services failed: see above')
  prepareServices(join(work, 'services'))
  const buildroot = source ?? (await buildrootSource(work, { mirror }).catch((error) => fail(error.message)))
  const output = join(work, board)
  mkdirSync(output, { recursive: true })
  configure({ board, buildroot, output, mirror })
  const total = packagesOf(buildroot, output).length
  await make(buildroot, output, 'source', { total, board })
  if (downloadOnly) return console.log(`All sources are in ${downloads}: --mirror ${downloads} builds without a network.`)
  await make(buildroot, output, 'all', { total, board })
  await make(buildroot, output, 'legal-info', { total, board })
  gather({ board, buildroot, output })
}

/** Settings of this machine and run, which are no part of what is built. */
function localSettings(mirror) {
  const settings = new Map([['BR2_DL_DIR', `"${downloads}"`]])
  if (mirror) {
    settings.set('BR2_PRIMARY_SITE', `"file://${mirror}"`)
    settings.set('BR2_PRIMARY_SITE_ONLY', 'y')
  }
  return settings
}

function configure({ board, buildroot, output, mirror }) {
  const { settings } = joinFragments(fragmentsOf(board))
  const wanted = new Map([...settings, ...localSettings(mirror)])
  const path = join(output, 'holt_defconfig')
  const text = defconfigText(wanted)
  if (existsSync(join(output, '.config')) && existsSync(path) && readFileSync(path, 'utf8') === text) return
  writeFileSync(path, text)
  const { status, stderr } = buildrootMake(buildroot, output, ['-s', `BR2_DEFCONFIG=${path}`, 'defconfig'])
  if (status !== 0) fail(stderr)
  const lost = lostSettings(wanted, readFileSync(join(output, '.config'), 'utf8'))
  if (lost.length > 0) fail(lost.join('\n'))
}

function packagesOf(buildroot, output) {
  const { status, stdout, stderr } = buildrootMake(buildroot, output, ['-s', 'show-info'])
  if (status !== 0) fail(stderr)
  return Object.keys(JSON.parse(stdout))
}

/** Runs make; all it says goes to a log, and what it works on to the terminal, with how many packages are done. */
async function make(buildroot, output, target, { total, board }) {
  const log = join(work, `${board}-${target}.log`)
  const file = createWriteStream(log)
  const env = { ...process.env, HOLT_BUILD_NODE: process.execPath, HOLT_KEYS: process.env.HOLT_KEYS ?? developmentKeys() }
  const args = ['-C', buildroot, '--no-print-directory', `O=${output}`, `BR2_EXTERNAL=${join(root, 'image')}`, target]
  const child = spawn('make', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.pipe(file, { end: false })
  child.stdout.pipe(file, { end: false })
  const seen = new Set()
  for await (const line of createInterface({ input: child.stdout })) {
    const step = stepIn(line)
    if (step === null) continue
    seen.add(step.name)
    console.log(`  ${target} ${seen.size}/${total}  ${step.name} ${step.what}`)
  }
  const code = child.exitCode ?? (await new Promise((done) => child.once('exit', done)))
  file.end()
  if (code !== 0) fail(`make ${target} failed; its last words are in ${log}. Called again it goes on from there.`)
}

/** What Buildroot says it begins, or null: `>>> rauc 1.15.2 Building`. */
export function stepIn(line) {
  // the terminal's codes for bold may stand around it
  const plain = line.replaceAll(`${String.fromCharCode(27)}[7m`, '').replaceAll(`${String.fromCharCode(27)}[27m`, '')
  // name, version (perhaps none), deed
  const [, name, what] = /^>>> (\S+) \S* (\S.*)$/.exec(plain) ?? []
  return name === undefined ? null : { name, what }
}

/** Puts what was made where the quick image's files lie too: build/<board>. */
function gather({ board, buildroot, output }) {
  const out = join(root, 'build', board)
  mkdirSync(out, { recursive: true })
  cpSync(join(output, 'images/holt'), out, { recursive: true })
  cpSync(join(output, 'legal-info'), join(out, 'legal-info'), { recursive: true })
  cpSync(join(work, 'services/sbom.cdx.json'), join(out, 'sbom-services.cdx.json'))
  const info = buildrootMake(buildroot, output, ['-s', 'show-info'])
  if (info.status !== 0) fail(`make show-info: ${info.stderr}`)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const bill = systemBill(JSON.parse(info.stdout), { name: `holt-${board}`, version })
  writeFileSync(join(out, 'sbom-system.cdx.json'), `${JSON.stringify(bill, null, 1)}\n`)
  console.log(`\n  ${out}`)
}
