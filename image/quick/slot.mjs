import { createHash, createPrivateKey, sign } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packInitramfs } from '../initramfs/pack.mjs'
import { tool } from './steps.mjs'

const BLOCK = 4096

/**
 * Makes the slot folder that updates and the disk are made from: slot.img, linux, initrd, cmdline, version, compatible.
 *
 * @param options.image the kernel's own file.
 * @param options.kernel its version, as its folder of modules is named.
 * @param options.console kernel words: the screen first, then the serial line, which gets what systemd says.
 */
export function makeSlot({ tree, image, kernel, console, version, variant, timeS, keys, work, output }) {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  const slot = join(output, 'slot.img')
  squash(tree, slot, timeS)
  const verity = appendHashTree(slot)
  const words = [`holt.roothash=${verity.rootHash}`, `holt.hashoffset=${verity.offset}`, `holt.rootsig=${signRootHash(verity, keys)}`]
  writeFileSync(join(output, 'cmdline'), `${console} quiet loglevel=4 panic=5 gpt ${words.join(' ')}\n`)
  copyFileSync(image, join(output, 'linux'))
  packInitramfs({ tree, kernel, publicKey: join(keys, 'slot.pub.pem'), work: join(work, 'initramfs'), output: join(output, 'initrd') })
  writeFileSync(join(output, 'version'), `${version}\n`)
  writeFileSync(join(output, 'compatible'), `holt-${variant}\n`)
}

/** All belongs to root and is as old as the newest commit: the box takes that for the earliest time it can be. */
function squash(tree, image, timeS) {
  const times = ['-mkfs-time', `${timeS}`, '-all-time', `${timeS}`]
  const leftOut = ['-wildcards', '-e', 'boot/*']
  tool('mksquashfs', [
    tree,
    image,
    '-comp',
    'zstd',
    '-Xcompression-level',
    '12',
    '-b',
    '256K',
    '-all-root',
    '-no-xattrs',
    '-noappend',
    '-no-progress',
    '-quiet',
    ...times,
    ...leftOut,
  ])
}

function appendHashTree(image) {
  const offset = Math.ceil(statSync(image).size / BLOCK) * BLOCK
  const content = createHash('sha256').update(readFileSync(image)).digest('hex')
  const uuid = content.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
  const places = [`--data-blocks=${offset / BLOCK}`, `--hash-offset=${offset}`]
  tool('truncate', ['-s', `${offset}`, image])
  const said = tool('veritysetup', ['format', ...places, `--salt=${content}`, `--uuid=${uuid}`, image, image])
  return { offset, rootHash: said.match(/Root hash:\s+([0-9a-f]{64})/)[1] }
}

function signRootHash({ offset, rootHash }, keys) {
  const key = createPrivateKey(readFileSync(join(keys, 'slot.key')))
  return sign(null, Buffer.from(`${rootHash} ${offset}`), key).toString('base64')
}
