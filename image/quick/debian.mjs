import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { step, tool } from './steps.mjs'

export const SUITE = 'bookworm'
const folder = join(root, 'image', 'quick')
const hostSources = '/etc/apt/sources.list.d/debian.sources'

/** What is left out: documentation, other languages, what only installing needs, drivers that no box of this kind has. */
const leftOut = readList(join(folder, 'left-out.txt'))

/** Debian's packages as one tar archive: any architecture, no script of theirs is run, no emulation. */
export async function debianArchive({ arch, cache }) {
  const archive = join(cache, `debian-${arch}.tar`)
  const packages = debianPackages(arch)
  const sources = debianSources()
  await step({
    name: `Debian packages (${arch})`,
    inputs: [SUITE, arch, packages.join(','), sources],
    outputs: [archive],
    work: () => {
      rmSync(archive, { force: true })
      const options = [
        '--variant=extract',
        `--architectures=${arch}`,
        `--include=${packages.join(',')}`,
        '--aptopt=APT::Install-Recommends "false"',
      ]
      tool('mmdebstrap', [...options, '--format=tar', SUITE, archive, ...(sources === '' ? [] : ['-'])], { input: sources })
    },
  })
  return archive
}

/** Unpacks it with /bin, /sbin and /lib inside /usr, as a running Debian has them. */
export function unpack(archive, tree) {
  const merged = 'flags=rhS;s,^\\./\\(bin\\|sbin\\|lib\\|lib64\\)/,./usr/\\1/,'
  tool('tar', [
    '-xf',
    archive,
    '-C',
    tree,
    '--no-same-owner',
    '--same-permissions',
    '--transform',
    merged,
    '--wildcards',
    ...leftOut.map((path) => `--exclude=./${path}`),
  ])
}

/** The packages asked for by name; what they need comes along. */
export function debianPackages(arch) {
  return [...readList(join(folder, 'packages.txt')), `linux-image-${arch}`, 'systemd-boot-efi']
}

/** The sources this machine uses, when it is such a Debian itself: a mirror nearby, or the only one it can reach. */
export function debianSources() {
  const chosen = process.env.HOLT_DEBIAN_SOURCES
  if (chosen !== undefined) return readFileSync(chosen, 'utf8')
  if (!existsSync(hostSources)) return ''
  const text = readFileSync(hostSources, 'utf8')
  return text.includes(`Suites: ${SUITE}`) ? text : ''
}

export function readList(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}
