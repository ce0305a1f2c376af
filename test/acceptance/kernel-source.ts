import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ok } from './command.ts'

const debianPackage = 'linux-source-6.1'

/** Fetches Debian's package of the Linux source, without installing it, and unpacks it into an empty folder. Needs no root. */
export async function unpackKernelSource(target: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'holt-source-'))
  try {
    await ok('apt-get', ['download', debianPackage], scratch).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new Error(
        `The source tree comes from Debian, and cannot be fetched. Try:\n  sudo apt-get update && apt-get download ${debianPackage}\n${reason}`,
      )
    })
    const [file] = await readdir(scratch)
    if (file === undefined) throw new Error(`apt-get download ${debianPackage} brought nothing`)
    await ok('dpkg-deb', ['-x', file, 'package'], scratch)
    await ok('tar', ['-xf', join(scratch, 'package', 'usr', 'src', `${debianPackage}.tar.xz`), '-C', scratch])
    await rm(target, { recursive: true })
    await rename(join(scratch, debianPackage), target).catch(() => ok('mv', [join(scratch, debianPackage), target]))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
