import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readPins } from './hashes.mjs'

function git(args) {
  const { status, error } = spawnSync('git', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`git ${args.join(' ')} failed ${error?.message ?? ''}`)
}

async function sha256Of(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * The pinned Buildroot as a source folder below `folder`: from the mirror, or fetched by git. Either way the archive of its
 * commit must have the pinned hash. What is there already is not fetched again.
 *
 * @throws Error when it is not to be had, or is not what is pinned.
 */
export async function buildrootSource(folder, { mirror, pin = readPins().buildroot } = {}) {
  const source = join(folder, `buildroot-${pin.version}`)
  const stamp = join(source, '.holt-verified')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pin.archiveSha256) return source
  // among the other downloads, so that their folder is a whole mirror
  const archive = join(folder, 'downloads/buildroot', `buildroot-${pin.commit}.tar`)
  if (!existsSync(archive)) await obtain(archive, { mirror, pin })
  const found = await sha256Of(archive)
  if (found !== pin.archiveSha256) {
    rmSync(archive)
    throw new Error(`Buildroot ${pin.version} has SHA-256 ${found}, ${pin.archiveSha256} is pinned`)
  }
  rmSync(source, { recursive: true, force: true })
  mkdirSync(source, { recursive: true })
  const { status } = spawnSync('tar', ['-C', source, '-xf', archive], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${archive} does not unpack`)
  writeFileSync(stamp, pin.archiveSha256)
  return source
}

async function obtain(archive, { mirror, pin }) {
  mkdirSync(dirname(archive), { recursive: true })
  if (mirror) {
    const kept = join(mirror, 'buildroot', `buildroot-${pin.commit}.tar`)
    if (!existsSync(kept)) throw new Error(`the mirror has no ${kept}`)
    spawnSync('cp', ['--reflink=auto', kept, `${archive}.part`], { stdio: 'inherit' })
  } else {
    const repository = `${archive}.git`
    rmSync(repository, { recursive: true, force: true })
    git(['init', '--quiet', '--bare', repository])
    git(['-C', repository, 'fetch', '--quiet', '--depth=1', pin.repository, `refs/tags/${pin.version}:refs/tags/${pin.version}`])
    git(['-C', repository, 'archive', '--format=tar', `--output=${archive}.part`, pin.commit])
    rmSync(repository, { recursive: true })
  }
  renameSync(`${archive}.part`, archive)
}
