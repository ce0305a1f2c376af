import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { defconfigText, fragmentsOf, joinFragments } from './defconfig.mjs'
import { readPins } from './hashes.mjs'
import { SYMBOL_LIST, symbolListText, symbolsDefinedIn } from './symbols.mjs'

/** Runs make of a Buildroot source folder, its output in `output`. */
export function buildrootMake(source, output, args, options = {}) {
  mkdirSync(output, { recursive: true })
  const fixed = ['-C', source, '--no-print-directory', `O=${output}`, `BR2_EXTERNAL=${join(root, 'image')}`]
  return spawnSync('make', [...fixed, ...args], { encoding: 'utf8', maxBuffer: 64 * 2 ** 20, ...options })
}

/** The version a Buildroot source folder says it is. */
export function buildrootVersion(source) {
  return /^export BR2_VERSION := (\S+)$/m.exec(readFileSync(join(source, 'Makefile'), 'utf8'))?.[1] ?? null
}

/** Settings that a configuration (`.config`) does not have as they were asked for: their value there, or null. */
export function lostSettings(settings, configText) {
  const found = new Map([...configText.matchAll(/^(BR2_\w+)=(.*)$/gm)].map(([, symbol, value]) => [symbol, value]))
  return [...settings]
    .filter(([symbol, value]) => (found.get(symbol) ?? null) !== (value === 'n' ? null : value))
    .map(([symbol, value]) => `${symbol}=${value ?? 'n'} was lost: it is ${found.get(symbol) ?? 'off'}`)
}

/**
 * What a real Buildroot says to a board's configuration: its own `defconfig` and `savedefconfig`, and what it would download for
 * our packages. Downloads nothing.
 */
export function sourceProblems(board, source, output) {
  if (!existsSync(join(source, 'Makefile'))) return [`${source} is no Buildroot source folder`]
  const { version } = readPins().buildroot
  const problems = buildrootVersion(source) === version ? [] : [`${source} is Buildroot ${buildrootVersion(source)}, ${version} is pinned`]
  if (readFileSync(join(root, SYMBOL_LIST), 'utf8') !== symbolListText(symbolsDefinedIn(source), readPins().buildroot)) {
    problems.push(`${SYMBOL_LIST} is not of this Buildroot: npm run image -- --symbols`)
  }
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  const { settings } = joinFragments(fragmentsOf(board))
  const config = configure(source, output, defconfigText(settings))
  problems.push(...lostSettings(settings, config))
  const saved = configure(source, output, savedDefconfig(source, output))
  if (saved !== config) problems.push('savedefconfig does not give the same configuration again')
  problems.push(...downloadProblems(source, output))
  return problems
}

function configure(source, output, defconfig) {
  const path = join(output, 'holt_defconfig')
  writeFileSync(path, defconfig)
  const { status, stderr } = buildrootMake(source, output, ['-s', `BR2_DEFCONFIG=${path}`, 'defconfig'])
  if (status !== 0) throw new Error(`make defconfig: ${stderr.slice(-2000)}`)
  // where it was read from is no setting of the system
  return readFileSync(join(output, '.config'), 'utf8').replace(/^BR2_DEFCONFIG=.*\n/m, '')
}

function savedDefconfig(source, output) {
  const path = join(output, 'saved_defconfig')
  const { status, stderr } = buildrootMake(source, output, ['-s', `BR2_DEFCONFIG=${path}`, 'savedefconfig'])
  if (status !== 0) throw new Error(`make savedefconfig: ${stderr.slice(-2000)}`)
  return readFileSync(path, 'utf8')
}

/** Buildroot's recipes have variables of their own that ours may collide with: what counts is what it makes of ours. */
function downloadProblems(source, output) {
  const { status, stdout, stderr } = buildrootMake(source, output, ['-s', 'show-info'])
  if (status !== 0) return [`make show-info: ${stderr.slice(-2000)}`]
  const info = JSON.parse(stdout)
  const { node, native, linux } = readPins()
  const wanted = { linux: [`linux-${linux.version}.tar.xz`], 'holt-node': Object.values(node.packages).map(({ name }) => `${name}-${node.version}.tgz`) }
  wanted['node-linux-pam'] = Object.entries(native).map(([name, { version }]) => `${name}-${version}.tgz`)
  return Object.entries(wanted).flatMap(([name, archives]) => {
    const found = (info[name]?.downloads ?? []).map(({ source: archive }) => archive)
    if (found.length === 0) return [`${name}: not in the build`]
    return found.filter((archive) => !archives.includes(archive)).map((archive) => `${name}: would download ${archive}`)
  })
}
