// `npm run image:quick`: the router image from Debian packages, in minutes, for this machine or another architecture.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { debianArchive } from '../image/quick/debian.mjs'
import { makeDisk } from '../image/quick/disk.mjs'
import { nodeBinary } from '../image/quick/node-binary.mjs'
import { pamAddon } from '../image/quick/pam-addon.mjs'
import { makeSlot } from '../image/quick/slot.mjs'
import { step } from '../image/quick/steps.mjs'
import { assembleTree } from '../image/quick/tree.mjs'
import { boardOf } from '../image/release/defconfig.mjs'
import { fail, root, run, shown } from './common.mjs'
import { developmentKeys } from './image-keys.mjs'
import { ensureNpmPackages, ensureSystemParts } from './install.mjs'

const variants = { amd64: 'x86_64-efi', arm64: 'aarch64-efi' }

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
    add: { type: 'string', multiple: true, default: [] },
    fresh: { type: 'boolean', default: false },
  },
})
const { arch, fresh } = values
if (variants[arch] === undefined) fail(`--arch is ${Object.keys(variants).join(' or ')}`)
const add = values.add.map((folder) => resolve(folder))
for (const folder of add) if (!existsSync(folder)) fail(`--add ${folder}: there is no such folder`)

const cache = join(root, 'build', 'cache')
const keys = process.env.HOLT_KEYS ?? developmentKeys()
const name = ['quick', arch, ...add.map((folder) => basename(folder))].join('-')
const output = join(root, 'build', name)
const work = join(root, 'build', 'work', name)
const tree = join(work, 'tree')
const slot = join(output, 'slot')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const variant = variants[arch]
const board = boardOf(variant)

console.log(`Image ${name}`)
if (fresh) rmSync(cache, { recursive: true, force: true })
process.env.PATH += ':/usr/sbin:/sbin'
ensureSystemParts(['mmdebstrap', 'squashfs', 'veritysetup', 'genimage', 'mtools', 'dosfstools', 'depmod', 'zstd', 'systemctl'])
ensureSystemParts({ amd64: ['stripAmd64', 'compilerAmd64', 'libpam'], arm64: ['stripArm64', 'compilerArm64', 'libpam'] }[arch])
ensureNpmPackages()
if (!run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--quiet'])) fail('the build failed: see above')
mkdirSync(output, { recursive: true })

const archive = await debianArchive({ arch, cache })
const node = await nodeBinary({ arch, cache })
const pam = await pamAddon({ arch, cache })
const builder = [
  { path: join(root, 'image/quick') },
  { path: join(root, 'image/initramfs') },
  { path: join(root, 'image/board', variant, 'board.json') },
]
const slotKey = await step({
  name: 'system',
  inputs: [
    `${readFileSync(`${archive}.made-from`)}`,
    `${readFileSync(`${node}.made-from`)}`,
    `${readFileSync(`${pam}.made-from`)}`,
    version,
    ...builder,
    ...['overlay', 'dist'].map((folder) => ({ path: join(root, folder) })),
    { path: join(keys, 'slot.key') },
    { path: join(keys, 'keyring.pem') },
    ...add.map((path) => ({ path })),
  ],
  outputs: [slot, join(slot, 'slot.img')],
  work: () => {
    const { kernel } = assembleTree({ tree, archive, node, pam, version, variant, keys, add })
    const image = join(tree, 'boot', `vmlinuz-${kernel}`)
    makeSlot({ tree, image, kernel, console: board.console, version, variant, timeS: newestCommit(), keys, work, output: slot })
  },
})
const disk = join(output, 'disk.img')
await step({
  name: 'disk',
  inputs: [slotKey, ...builder, { path: join(root, 'image/partition') }],
  outputs: [disk, join(output, 'cmdline')],
  work: () => {
    const loader = join(tree, 'usr/lib/systemd/boot/efi', board.loader.from)
    const kernelLine = makeDisk({ slot, board, loader, work: join(work, 'disk'), output: disk })
    writeFileSync(join(output, 'cmdline'), `${kernelLine}\n`)
  },
})
const files = { disk, kernel: join(slot, 'linux'), initrd: join(slot, 'initrd'), slot }
writeFileSync(
  join(output, 'manifest.json'),
  `${JSON.stringify({ arch, version, variant, ...files, kernelLine: readFileSync(join(output, 'cmdline'), 'utf8').trim() }, null, 2)}\n`,
)
console.log(`\n  ${shown(disk)}   (slot ${(statSync(join(slot, 'slot.img')).size / 1e6).toFixed(0)} MB)`)

/** In seconds since 1970; outside of a git checkout, the newest change of the release's notes. */
function newestCommit() {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' })
  return status === 0 ? Number(stdout) : Math.floor(statSync(join(root, 'CHANGELOG.md')).mtimeMs / 1000)
}
