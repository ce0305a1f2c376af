import assert from 'node:assert/strict'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { root, run, scratchFolder, writeFiles } from './scratch.ts'

interface Needs {
  packages: Record<string, string[]>
  kernel: Record<string, string[]>
}

const part = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(root, 'image', path)).href)) as T
const { buildrootProblems, kernelConfigProblems, packageListProblems, readNeeds } = await part<{
  buildrootProblems: (needs?: Needs) => string[]
  kernelConfigProblems: (text: string, needs?: Needs) => string[]
  packageListProblems: (packages: string[], needs?: Needs) => string[]
  readNeeds: () => Needs
}>('release/needs.mjs')
const { debianPackages } = await part<{ debianPackages: (arch: string) => string[] }>('quick/debian.mjs')
const { debianKernelConfig } = await part<{ debianKernelConfig: (arch: string) => string }>('release/debian-kernel.mjs')
const { lostKernelOptions } = await part<{ lostKernelOptions: (board: string, text: string) => string[] }>('release/kernel-config.mjs')
const { finishTree } = await part<{ finishTree: (options: Record<string, unknown>) => void }>('quick/tree.mjs')
const { boardOf, boards } = await part<{ boardOf: (name: string) => { arch: string; partition: string }; boards: () => string[] }>(
  'release/defconfig.mjs',
)

test('every package of the quick image has its counterpart in Buildroot, and every one in the table is in the quick image', () => {
  for (const arch of ['amd64', 'arm64']) assert.deepEqual(packageListProblems(debianPackages(arch)), [], arch)
  assert.deepEqual(buildrootProblems(), [])
})

test('the table is not blind: what is missing on either side is found', () => {
  const needs = readNeeds()
  assert.match(packageListProblems([...debianPackages('amd64'), 'cowsay']).join(), /cowsay is in the quick image/)
  assert.match(packageListProblems(debianPackages('amd64').filter((name) => name !== 'rauc')).join(), /rauc is in image\/needs\.json/)
  assert.match(buildrootProblems({ ...needs, packages: { cowsay: ['BR2_PACKAGE_COWSAY'] } }).join(), /COWSAY is off/)
  assert.match(buildrootProblems({ ...needs, packages: { cowsay: [] } }).join(), /no Buildroot symbol/)
  assert.match(
    kernelConfigProblems('CONFIG_A=n\n# CONFIG_B is not set\n', { packages: {}, kernel: { x: ['CONFIG_A', 'CONFIG_B'] } }).join(),
    /CONFIG_A is off.*CONFIG_B is off/,
  )
})

test("Debian's kernel has every option of the table", () => {
  assert.deepEqual(kernelConfigProblems(debianKernelConfig('amd64')), [])
})

test('options that a built kernel lost are found, a module in place of built in is not one', () => {
  const wanted = ['common', 'x86_64-efi'].map((name) => readFileSync(join(root, `image/board/${name}/kernel.config`), 'utf8')).join('')
  assert.deepEqual(lostKernelOptions('x86_64-efi', wanted), [])
  assert.deepEqual(lostKernelOptions('x86_64-efi', wanted.replace('CONFIG_DM_CRYPT=y', 'CONFIG_DM_CRYPT=m')), [])
  assert.match(lostKernelOptions('x86_64-efi', wanted.replace('CONFIG_IGC=m\n', '')).join(), /CONFIG_IGC is off/)
  assert.match(lostKernelOptions('x86_64-efi', `${wanted}CONFIG_SOUND=y\n`).join(), /CONFIG_SOUND is on/)
})

/** Everything below a folder by name: a file's text, or where a link points. */
function content(folder: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(join(folder, below))) {
    const path = join(below, name)
    const stat = lstatSync(join(folder, path))
    if (stat.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(folder, path))}`
    else if (stat.isDirectory()) Object.assign(found, content(folder, path))
    else found[path] = readFileSync(join(folder, path), 'latin1')
  }
  return found
}

/** A root tree as it is when its packages are in it: their units, and what the packages switched on by themselves. */
function treeWith(packagesUnits: Record<string, string>): string {
  const tree = scratchFolder()
  const installed = (wanted: string): string => `[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=${wanted}\n`
  const units = ['systemd-networkd', 'systemd-resolved', 'systemd-timesyncd', 'dbus-broker', 'rauc']
  for (const name of units) writeFiles(tree, { [`usr/lib/systemd/system/${name}.service`]: installed('multi-user.target') })
  for (const target of ['multi-user', 'graphical', 'local-fs', 'sysinit'])
    writeFiles(tree, { [`usr/lib/systemd/system/${target}.target`]: '[Unit]\n' })
  writeFiles(tree, packagesUnits)
  mkdirSync(join(tree, 'etc/systemd/system/multi-user.target.wants'), { recursive: true })
  for (const path of Object.keys(packagesUnits).filter((name) => name.endsWith('.service'))) {
    symlinkSync(`/${path}`, join(tree, 'etc/systemd/system/multi-user.target.wants', path.split('/').at(-1) as string))
  }
  return tree
}

test('both builders end with the same units switched on, the same users and the same files of ours', () => {
  const unit = '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n'
  const debian = treeWith({
    'usr/lib/systemd/system/smartd.service': unit,
    'etc/motd': 'Debian',
    'etc/passwd': 'games:x:5:60::/:/bin/sh\n',
  })
  const buildroot = treeWith({
    'usr/lib/systemd/system/sshd.service': unit,
    'etc/issue': 'Buildroot',
    'etc/hostname': 'buildroot',
    'etc/passwd': 'www-data:x:33:33::/:/bin/false\n',
  })
  const options = { version: '1.2.3', variant: 'x86_64-efi', keys: scratchFolder(), like: 'any' }
  finishTree({ tree: debian, ...options })
  finishTree({ tree: buildroot, ...options })
  const before = content(buildroot)
  finishTree({ tree: buildroot, ...options })
  assert.deepEqual(content(buildroot), before, 'a second time changes nothing')
  const parts = (tree: string): Record<string, string> =>
    Object.fromEntries(Object.entries(content(tree)).filter(([name]) => !/^usr\/lib\/systemd\/system\/(smartd|sshd)\.service$/.test(name)))
  assert.deepEqual(parts(debian), parts(buildroot))
  const enabled = Object.keys(parts(debian)).filter((name) => name.startsWith('etc/systemd/system/'))
  assert.ok(enabled.some((name) => name.endsWith('/holt.service')))
  assert.ok(enabled.some((name) => name.endsWith('/systemd-networkd.service')))
  assert.ok(!enabled.some((name) => /smartd|sshd\.service/.test(name)))
  assert.match(parts(debian)['etc/rauc/system.conf'] ?? '', /^compatible=holt-x86_64-efi$/m)
})

test('both builders read the same partition files and the same overlay', () => {
  const config = readFileSync(join(root, 'buildroot.config'), 'utf8')
  assert.match(config, /^BR2_ROOTFS_OVERLAY="\$\(BR2_EXTERNAL_HOLT_PATH\)\/\.\.\/overlay"$/m)
  for (const board of boards())
    assert.match(readFileSync(join(root, 'image/partition', boardOf(board).partition), 'utf8'), /include\("slots\.cfg"\)/)
})

test('no released image opens a door for tests', () => {
  const ran = run('grep', ['-rl', 'test-shell', join(root, 'overlay'), join(root, 'image')])
  assert.equal(ran.out, '')
})
