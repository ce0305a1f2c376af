import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { runCommand } from './child.ts'
import { SHELL_PORT } from './guest-shell.ts'

export interface TinyGuest {
  kernel: string
  initrd: string
  commandLine: string
}

/** Of what is made here; another one is not taken for it. */
const version = 5

/** In the order in which they need each other. */
const modules =
  'virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_console failover net_failover virtio_net'

/** Says TINY GUEST READY on the console, and gives a root shell there and on the virtio port. */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
for module in ${modules}; do insmod /modules/$module.ko; done
ip link set lo up
find_port() {
  for port in /sys/class/virtio-ports/*; do
    if [ "$(cat $port/name 2>/dev/null)" = ${SHELL_PORT} ]; then shell=/dev/$(basename $port); return; fi
  done
  return 1
}
(until find_port; do sleep 0.1; done; while true; do sh <>$shell >&0 2>&1; sleep 0.1; done) &
echo TINY GUEST READY
while true; do setsid sh -c 'exec sh </dev/ttyS0 >/dev/ttyS0 2>&1'; done
`

/**
 * A guest of nothing but Debian's kernel for virtual machines and busybox, which boots in seconds: what machines are tried with,
 * and what stands beside a box as a second machine. Made once per kernel and kept in the user's cache.
 */
export async function tinyGuest(): Promise<TinyGuest> {
  const package_ = (await runCommand(['apt-cache', 'depends', 'linux-image-cloud-amd64'])).match(/Depends: (linux-image-\S+)/)?.[1]
  if (package_ === undefined) throw new Error('apt knows no linux-image-cloud-amd64: run apt-get update')
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holt-tests', `${package_}-${version}`)
  if (!existsSync(folder)) await make(package_, folder)
  const commandLine = 'console=ttyS0 quiet panic=1'
  return { kernel: join(folder, 'kernel'), initrd: join(folder, 'initrd'), commandLine }
}

/** The folder appears complete or not at all. */
async function make(package_: string, folder: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    await runCommand(['apt-get', 'download', '-q', package_], { cwd: work, limitMs: 300_000 })
    const archive = (await readdir(work)).find((name) => name.endsWith('.deb')) as string
    await runCommand(['dpkg-deb', '-x', join(work, archive), join(work, 'package')])
    const kernel = (await readdir(join(work, 'package/boot'))).find((name) => name.startsWith('vmlinuz')) as string
    await copyFile(join(work, 'package/boot', kernel), join(work, 'kernel'))
    await makeRoot(join(work, 'package/lib/modules'), join(work, 'root'))
    await runCommand(['sh', '-c', 'find . | cpio --quiet -o -H newc | gzip -1 > ../initrd'], { cwd: join(work, 'root') })
    for (const name of ['package', 'root', archive]) await rm(join(work, name), { recursive: true })
    await rename(work, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function makeRoot(modulesFolder: string, root: string): Promise<void> {
  for (const name of ['bin', 'modules', 'proc', 'sys', 'dev', 'tmp', 'etc']) await mkdir(join(root, name), { recursive: true })
  await copyFile('/bin/busybox', join(root, 'bin/busybox'))
  await symlink('busybox', join(root, 'bin/sh'))
  await writeFile(join(root, 'init'), init)
  await chmod(join(root, 'init'), 0o755)
  const found = await readdir(modulesFolder, { recursive: true })
  for (const module of modules.split(' ')) {
    const path = found.find((candidate) => basename(candidate) === `${module}.ko`)
    if (path === undefined) throw new Error(`Debian's kernel has no module ${module}`)
    await copyFile(join(modulesFolder, path), join(root, 'modules', `${module}.ko`))
  }
}
