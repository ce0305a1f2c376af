import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { tool } from './steps.mjs'

/** The first boot formats the data partition when it begins with these words, and only then. */
const NEW_DATA = 'holt: new data partition'

/**
 * Puts the drive's image together: boot partition, slot a, an empty slot b, and a data partition still to be made.
 *
 * @param options.board what image/board/<board>/board.json says.
 * @param options.loader the file of systemd-boot.
 * @param options.extra further files that the board's partition file names.
 */
export function makeDisk({ slot, board, loader, extra = [], work, output }) {
  const esp = join(work, 'esp')
  const input = join(work, 'input')
  for (const folder of [esp, input, join(work, 'tmp')]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(input, { recursive: true })
  const kernelLine = fillBootPartition({ esp, slot, board, loader })
  for (const file of extra) copyFileSync(file, join(input, basename(file)))
  copyFileSync(join(slot, 'slot.img'), join(input, 'slot.img'))
  writeFileSync(join(input, 'data.img'), NEW_DATA)
  const partition = join(root, 'image/partition')
  const places = { rootpath: esp, inputpath: input, outputpath: work, includepath: partition, tmppath: join(work, 'tmp') }
  const options = Object.entries(places).flatMap(([place, folder]) => [`--${place}`, folder])
  tool('genimage', ['--config', board.partition, ...options, '--loglevel', '1'])
  renameSync(join(work, 'disk.img'), output)
  return kernelLine
}

function fillBootPartition({ esp, slot, board, loader }) {
  for (const folder of ['EFI/BOOT', 'loader/entries']) mkdirSync(join(esp, folder), { recursive: true })
  cpSync(loader, join(esp, 'EFI/BOOT', board.loader.to))
  writeFileSync(join(esp, 'loader/loader.conf'), 'timeout 3\neditor no\nconsole-mode keep\n')
  const cmdline = readFileSync(join(slot, 'cmdline'), 'utf8').trim()
  const version = readFileSync(join(slot, 'version'), 'utf8').trim()
  const files = ['--kernel', join(slot, 'linux'), '--initrd', join(slot, 'initrd')]
  const entry = ['write-entry', 'a', '--dir', esp, ...files, '--cmdline', cmdline, '--title', `Holt ${version}`, '--tries', '3']
  tool(join(root, 'overlay/usr/lib/holt/boot-slot'), entry)
  writeFileSync(join(esp, 'loader/entries/reset.conf'), resetEntry(cmdline))
  return `rauc.slot=A holt.slot=a ${cmdline}`
}

/** Needs no slot, only the kernel and initramfs of one: it asks the next start for the reset. */
function resetEntry(cmdline) {
  const words = cmdline.split(' ').filter((word) => !word.startsWith('holt.'))
  const files = 'linux /holt/a/linux\ninitrd /holt/a/initrd\n'
  return `title Factory reset: erase everything\nsort-key zholt\n${files}options holt.reset ${words.join(' ')}\n`
}
