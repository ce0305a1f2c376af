import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { overlayFile, run, scratchFolder, writeFiles } from './scratch.ts'

const SECTOR = 512
const DIRECTORY_ENTRY = 32

/** A boot partition in a file, as both builders make it; reached without mounting it. */
class BootPartition {
  readonly folder = scratchFolder()
  readonly image = join(this.folder, 'esp.vfat')

  constructor() {
    run('truncate', ['-s', '256M', this.image])
    this.#ok('mkfs.vfat', '-F', '32', this.image)
    this.#ok('mmd', '-i', this.image, '::/loader', '::/loader/entries')
  }

  #ok(command: string, ...args: string[]): string {
    const ran = run(command, args, { PATH: `${process.env['PATH']}:/usr/sbin`, MTOOLS_SKIP_CHECK: '1' })
    assert.equal(ran.status, 0, ran.err)
    return ran.out
  }

  write(name: string, text: string): void {
    writeFiles(this.folder, { text })
    this.#ok('mcopy', '-o', '-i', this.image, join(this.folder, 'text'), `::/loader/entries/${name}`)
  }

  read(name: string): string | null {
    const ran = run('mtype', ['-i', this.image, `::/loader/entries/${name}`], { MTOOLS_SKIP_CHECK: '1' })
    return ran.status === 0 ? ran.out : null
  }

  remove(name: string): void {
    this.#ok('mdel', '-i', this.image, `::/loader/entries/${name}`)
  }

  /** As systemd runs it before each mount. @returns its exit code: 0 nothing to do, 1 repaired. */
  check(): number | null {
    return run('fsck.vfat', ['-a', this.image], { PATH: `${process.env['PATH']}:/usr/sbin` }).status
  }

  /** Makes the file `from` point to the bytes of `to`: what is on the disk when a rename was cut off in its middle. */
  shareClusters(from: string, to: string): void {
    const bytes = readFileSync(this.image)
    const [source, target] = [this.#entryOf(bytes, to), this.#entryOf(bytes, from)]
    for (const [offset, length] of [
      [20, 2],
      [26, 6],
    ] as const)
      bytes.copy(bytes, target + offset, source + offset, source + offset + length)
    writeFileSync(this.image, bytes)
  }

  /** Where the directory entry with a file's first cluster and size lies: the one with its short name. */
  #entryOf(bytes: Buffer, name: string): number {
    const lines = this.#ok('mdir', '-i', this.image, '::/loader/entries').split('\n')
    const short = (line: string): string => (line.slice(0, 8) + line.slice(9, 12)).toUpperCase()
    const plain = name.toUpperCase().split('.')
    const line = lines.find((text) => text.trimEnd().endsWith(name) || short(text) === `${plain[0]?.padEnd(8)}${plain[1]?.padEnd(3)}`)
    assert.ok(line, `no ${name}`)
    const at = bytes.indexOf(Buffer.from(short(line), 'latin1'), SECTOR)
    assert.ok(at > 0 && at % DIRECTORY_ENTRY === 0, `${name} is not where it should be`)
    return at
  }
}

const entry = (version: number): string => `title Holt\nsort-key holt\nversion ${version}\nlinux /holt/b/linux\n`

test('a rename that a power cut left in its middle: after the check, the other slot still starts and the slot can be written again', () => {
  const esp = new BootPartition()
  esp.write('holt-a.conf', entry(1))
  esp.write('holt-b.new', entry(2))
  esp.write('holt-b+3.conf', 'x')
  esp.shareClusters('holt-b+3.conf', 'holt-b.new')
  assert.equal(esp.read('holt-b+3.conf'), entry(2).trim(), 'both names lead to one file')
  assert.equal(esp.check(), 1)
  assert.equal(esp.read('holt-a.conf'), entry(1).trim())
  const left = [esp.read('holt-b.new'), esp.read('holt-b+3.conf')]
  assert.ok(left.some((text) => text === entry(2).trim()) || left.every((text) => text === '' || text === null))
  // what tidy does, then the next update
  if (esp.read('holt-b.new') !== null) esp.remove('holt-b.new')
  esp.write('holt-b+3.conf', entry(3))
  assert.equal(esp.check(), 0, 'nothing is crossed any more')
  assert.equal(esp.read('holt-b+3.conf'), entry(3).trim())
  assert.equal(esp.read('holt-a.conf'), entry(1).trim())
})

test('the boot partition is checked before it is mounted', () => {
  const unit = readFileSync(overlayFile('usr/lib/systemd/system/efi.mount'), 'utf8')
  assert.match(unit, /^Requires=systemd-fsck@dev-disk-by\\x2dpartlabel-holt\\x2desp\.service$/m)
  assert.match(unit, /^After=systemd-fsck@/m)
  assert.match(unit, /^Options=.*\bdirsync\b/m)
})
