import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'

/**
 * The configuration of the kernel in the quick image: from the packages it was built of, or, before it was ever built, from the
 * kernel's package alone.
 *
 * @throws Error when neither is to be had.
 */
export function debianKernelConfig(arch) {
  const archive = join(root, 'build/cache', `debian-${arch}.tar`)
  const config = existsSync(archive) ? fromTar(archive) : fromPackage(arch)
  if (config === '') throw new Error(`no configuration of Debian's kernel for ${arch}: npm run image:quick -- --arch ${arch}`)
  return config
}

function fromTar(archive) {
  return spawnSync('tar', ['-xOf', archive, '--wildcards', './boot/config-*'], { encoding: 'utf8', maxBuffer: 2 ** 30 }).stdout
}

function fromPackage(arch) {
  const folder = mkdtempSync(join(tmpdir(), 'holt-kernel-'))
  const run = (command, args) => spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30 })
  try {
    const name = /^ +Depends: (linux-image-\S+)$/m.exec(run('apt-cache', ['depends', `linux-image-${arch}`]).stdout)?.[1]
    if (name === undefined || run('apt-get', ['download', name]).status !== 0) return ''
    const [file] = readdirSync(folder)
    run('sh', ['-c', `dpkg-deb --fsys-tarfile ${file} > kernel.tar`])
    return fromTar(join(folder, 'kernel.tar'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
