import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tool } from '../quick/steps.mjs'
import { writeCpio } from './cpio.mjs'
import { neededLibraries } from './elf.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const programs = ['usr/sbin/veritysetup', 'usr/bin/openssl', 'usr/bin/busybox']

/**
 * Makes the initramfs from a root tree: busybox, the few programs that check and open the slot with the libraries they
 * need, the drivers of drives, and the public key of those who may sign a slot.
 *
 * @param options.tree the root file system as a folder; depmod has run in it.
 * @param options.kernel the kernel's version, as its folder of modules is named.
 * @param options.publicKey PEM file.
 */
export function packInitramfs({ tree, kernel, publicKey, work, output }) {
  rmSync(work, { recursive: true, force: true })
  for (const folder of ['dev', 'proc', 'sys', 'run', 'tmp', 'sysroot', 'etc', 'usr/bin', 'usr/sbin', 'usr/lib'])
    mkdirSync(join(work, folder), { recursive: true })
  for (const [link, target] of [
    ['bin', 'usr/bin'],
    ['sbin', 'usr/sbin'],
    ['lib', 'usr/lib'],
    ['lib64', 'usr/lib64'],
  ])
    symlinkSync(target, join(work, link))
  for (const program of programs) copyProgram(tree, work, program)
  for (const applet of appletsOf(readFileSync(join(here, 'init'), 'utf8'))) linkApplet(work, applet)
  copyModules(tree, work, kernel)
  copyFileSync(publicKey, join(work, 'etc/slot.pub.pem'))
  copyFileSync(join(here, 'init'), join(work, 'init'))
  chmodSync(join(work, 'init'), 0o755)
  writeCpio(work, `${output}.cpio`)
  tool('zstd', ['-q', '-f', '-15', '--rm', `${output}.cpio`, '-o', output])
}

function copyProgram(tree, work, path) {
  copyInto(tree, work, path)
  for (const library of neededLibraries(tree, path)) copyInto(tree, work, library)
}

function copyInto(tree, work, path) {
  const to = join(work, path)
  mkdirSync(dirname(to), { recursive: true })
  if (!existsSync(to)) copyFileSync(realpathSync(join(tree, path)), to)
  chmodSync(to, 0o755)
}

/** The words `# applets:` of init name what it uses of busybox. */
function appletsOf(init) {
  return init.match(/^# applets: (.*)$/m)[1].split(' ')
}

function linkApplet(work, applet) {
  symlinkSync('busybox', join(work, 'usr/bin', applet))
}

function copyModules(tree, work, kernel) {
  const folder = join('usr/lib/modules', kernel)
  const wanted = readFileSync(join(here, 'modules.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
  for (const path of withDependencies(join(tree, folder), wanted)) {
    mkdirSync(join(work, folder, dirname(path)), { recursive: true })
    cpSync(join(tree, folder, path), join(work, folder, path))
  }
  for (const name of ['modules.order', 'modules.builtin', 'modules.builtin.modinfo']) {
    if (existsSync(join(tree, folder, name))) cpSync(join(tree, folder, name), join(work, folder, name))
  }
  tool('depmod', ['-b', work, kernel])
}

/** Modules by name or by folder (`kernel/drivers/ata/`); one that this kernel does not have as a module is left out. */
function withDependencies(folder, wanted) {
  const needs = new Map()
  for (const line of readFileSync(join(folder, 'modules.dep'), 'utf8').split('\n')) {
    const [path, rest] = line.split(':')
    if (rest !== undefined) needs.set(path, rest.trim().split(' ').filter(Boolean))
  }
  const softNeeds = softDependencies(folder)
  const nameOf = (path) =>
    basename(path)
      .replace(/\.ko(\..*)?$/, '')
      .replaceAll('-', '_')
  const byName = new Map([...needs.keys()].map((path) => [nameOf(path), path]))
  const taken = new Set()
  const take = (path) => {
    if (path === undefined || taken.has(path)) return
    taken.add(path)
    for (const need of needs.get(path) ?? []) take(need)
    for (const name of softNeeds.get(nameOf(path)) ?? []) take(byName.get(name))
  }
  for (const entry of wanted) {
    if (entry.endsWith('/')) for (const path of needs.keys()) if (path.startsWith(entry)) take(path)
    take(byName.get(entry.replaceAll('-', '_')))
  }
  return [...taken]
}

function softDependencies(folder) {
  const soft = new Map()
  for (const line of readFileSync(join(folder, 'modules.softdep'), 'utf8').split('\n')) {
    const [word, name, ...rest] = line.split(/\s+/)
    if (word === 'softdep')
      soft.set(
        name,
        rest.filter((part) => !part.endsWith(':')).map((part) => part.replaceAll('-', '_')),
      )
  }
  return soft
}
