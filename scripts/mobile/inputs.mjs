import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, root } from '../common.mjs'

/** What the app is made of beside our sources: `android/inputs.json`, each by name, version and hash. */
const pinned = JSON.parse(readFileSync(join(root, 'android/inputs.json'), 'utf8'))
const folder = join(root, 'build/mobile/inputs')

/**
 * Fetches an input with npm, once, and takes out of it what is named there.
 *
 * @returns the folder with its files. Ends the script when what came is not what was pinned.
 */
export function ensureInput(name) {
  const input = pinned[name]
  const place = join(folder, `${name}-${input.version}`)
  const stamp = join(place, 'sha256')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === input.sha256) return place
  console.log(`Fetching ${input.package}@${input.version} …`)
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, 'fetching-'))
  try {
    const tarball = fetchTarball(input, work)
    takeOut(tarball, input, join(work, 'files'))
    writeFileSync(join(work, 'files', 'sha256'), input.sha256)
    rmSync(place, { recursive: true, force: true })
    renameSync(join(work, 'files'), place)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return place
}

function fetchTarball(input, work) {
  const spec = `${input.package}@${input.version}`
  const file = execFileSync('npm', ['pack', spec, '--silent', '--pack-destination', work], {
    cwd: work,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const path = join(work, file.trim().split('\n').at(-1))
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  if (sha256 !== input.sha256) fail(`${spec} has the SHA-256 ${sha256}, not the pinned ${input.sha256}`)
  return path
}

/** @param input `archive`: the ZIP within the package in which the files are. */
function takeOut(tarball, { archive, files }, target) {
  const from = join(target, '..', 'unpacked')
  mkdirSync(from)
  mkdirSync(target)
  execFileSync('tar', ['-xzf', tarball, '-C', from, ...(archive === undefined ? Object.keys(files) : [archive])])
  if (archive !== undefined) execFileSync('unzip', ['-q', join(from, archive), ...Object.keys(files), '-d', from])
  for (const [path, name] of Object.entries(files)) {
    mkdirSync(dirname(join(target, name)), { recursive: true })
    renameSync(join(from, path), join(target, name))
  }
}
