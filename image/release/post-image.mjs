// Buildroot's post-image script: from the finished target folder to slot, drive image and update bundle, in BINARIES_DIR/holt.
//   node post-image.mjs BINARIES_DIR BOARD      with TARGET_DIR and BUILD_DIR in the environment, as Buildroot sets them
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { changesOf, makeBundle } from '../../scripts/image-bundle.mjs'
import { developmentKeys } from '../../scripts/image-keys.mjs'
import { root } from '../../scripts/common.mjs'
import { makeDisk } from '../quick/disk.mjs'
import { makeSlot } from '../quick/slot.mjs'
import { tool } from '../quick/steps.mjs'
import { boardOf } from './defconfig.mjs'

const [binaries, name] = process.argv.slice(2)
const { TARGET_DIR: tree, BUILD_DIR: builds, SOURCE_DATE_EPOCH: timeS = '0' } = process.env
if (binaries === undefined || name === undefined || !tree || !builds) throw new Error('this is called by Buildroot')
// mksquashfs is given the time as an option and takes it from one place only
delete process.env.SOURCE_DATE_EPOCH
const board = boardOf(name)
const keys = process.env.HOLT_KEYS ?? developmentKeys()
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const output = join(binaries, 'holt')
const slot = join(output, 'slot')
const work = join(builds, 'holt-image')

rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })
const image = ['bzImage', 'Image'].map((file) => join(binaries, file)).find((path) => existsSync(path))
if (image === undefined) throw new Error(`${binaries} has no kernel`)
const [kernel] = readdirSync(join(tree, 'usr/lib/modules'))
makeSlot({ tree, image, kernel, console: board.console, version, variant: name, timeS, keys, work, output: slot })

const disk = join(output, 'disk.img')
const loader = join(binaries, 'efi-part/EFI/BOOT', board.loader.to.toLowerCase())
const loaders = (board.files ?? []).map((file) => join(binaries, file))
const kernelLine = makeDisk({ slot, board, loader, extra: loaders, work: join(work, 'disk'), output: disk })
for (const file of loaders) copyFileSync(file, join(output, file.slice(binaries.length + 1)))
writeFileSync(join(output, 'cmdline'), `${kernelLine}\n`)
tool('zstd', ['-q', '-f', '-15', '--rm', disk, '-o', join(output, `holt-${name}.img.zst`)])

const changes = changesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version)
const bundle = join(output, `holt-${name}-${version}.raucb`)
makeBundle({ slot, out: bundle, keys, changes, version, builtAt: new Date(Number(timeS) * 1000 || Date.now()) })
