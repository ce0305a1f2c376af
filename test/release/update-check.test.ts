import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fakeSlot, overlayFile, type Ran, readFiles, root, run, scratchFolder, writeFiles } from './scratch.ts'

/** Lowest first; each is older than all after it. Those of 1.0.0 are the example of semver.org. */
const ordered =
  '0.0.9 0.1.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2.0 1.10.0 2.0.0-0 2.0.0 10.0.0'.split(
    ' ',
  )

for (const shell of [['dash'], ['busybox', 'sh']]) {
  const order = (left: string, right: string): Ran => {
    const [command, ...before] = shell as [string, ...string[]]
    return run(command, [...before, overlayFile('usr/lib/holt/version-order'), left, right])
  }

  test(`orders versions as semver.org does, under ${shell[0]}`, () => {
    for (const [i, left] of ordered.entries()) {
      for (const j of [i - 1, i, i + 1, ordered.length - 1]) {
        const right = ordered[j]
        if (right === undefined) continue
        assert.equal(order(left, right).out, i < j ? 'older' : i > j ? 'newer' : 'same', `${left} beside ${right}`)
      }
    }
    assert.equal(order('1.0.0+build.5', '1.0.0+build.4').out, 'same')
    assert.equal(order('1.0.0-rc.1+x', '1.0.0').out, 'older')
  })

  test(`takes nothing else for a version, under ${shell[0]}`, () => {
    for (const wrong of ['', '1', '1.2', '1.2.3.4', 'v1.2.3', '1..3', '1.2.x', '1.2.3 4', '$(id)', '*'])
      assert.equal(order(wrong, '1.0.0').status, 2, `'${wrong}'`)
  })
}

/** A box that runs 0.2.0, and a mounted bundle of another version. */
function box(offered: string): { folder: string; check: (env?: Record<string, string>) => Ran } {
  const folder = scratchFolder()
  writeFiles(folder, {
    'os-release': 'NAME="Holt"\nVERSION_ID="0.2.0"\n',
    'esp/loader/entries/holt-a.conf': 'version 1\nlinux /holt/a/linux\n',
  })
  fakeSlot(join(folder, 'bundle'), { version: offered })
  const fixed = {
    HOLT_OS_RELEASE: join(folder, 'os-release'),
    HOLT_ESP: join(folder, 'esp'),
    RAUC_UPDATE_SOURCE: join(folder, 'bundle'),
    HOLT_REFUSAL: join(folder, 'refusal'),
  }
  return { folder, check: (env = {}) => run(overlayFile('usr/lib/holt/update-check'), [], { ...fixed, ...env }) }
}

test('takes a newer version and the same one, refuses an older one before anything is written', () => {
  for (const offered of ['0.2.0', '0.2.1', '0.10.0', '1.0.0-rc.1']) {
    const ran = box(offered).check()
    assert.equal(ran.status, 0, ran.err)
  }
  for (const offered of ['0.1.9', '0.2.0-rc.9', '0.0.1', 'latest', '']) {
    const { folder, check } = box(offered)
    assert.equal(check().status, 1, `'${offered}'`)
    assert.deepEqual(Object.keys(readFiles(join(folder, 'esp'))), ['loader/entries/holt-a.conf'])
    assert.notEqual(readFiles(folder)['refusal'] ?? '', '', 'the reason is left for the page')
  }
})

test('refuses when the running version is unknown, and when the boot partition has no room', () => {
  const { folder, check } = box('9.9.9')
  writeFiles(folder, { 'no-release': 'NAME=Holt\n' })
  assert.equal(check({ HOLT_OS_RELEASE: join(folder, 'no-release') }).status, 1)
  writeFiles(folder, {
    'bin/df': '#!/bin/sh\necho "Filesystem 1024-blocks Used Available Capacity Mounted on"\necho "/dev/vda1 100 90 10 90% /efi"\n',
  })
  run('chmod', ['+x', join(folder, 'bin/df')])
  assert.equal(check({ PATH: `${join(folder, 'bin')}:${process.env['PATH']}` }).status, 1)
  assert.equal(check().status, 0)
})

test('clears what an interrupted update left on the boot partition', () => {
  const { folder, check } = box('0.3.0')
  writeFiles(folder, { 'esp/loader/entries/holt-b.new': 'titl', 'esp/holt/b/linux.new': 'half' })
  assert.equal(check().status, 0)
  assert.ok(!existsSync(join(folder, 'esp/loader/entries/holt-b.new')) && !existsSync(join(folder, 'esp/holt/b/linux.new')))
})

test('the hook of a bundle puts kernel, initrd and entry on the boot partition, not to be booted before it is primary', () => {
  const { folder } = box('0.3.0')
  const bundle = join(folder, 'bundle')
  for (const file of ['image/update/install-hook', 'overlay/usr/lib/holt/boot-slot']) run('cp', [join(root, file), bundle])
  const board = 'holt-x86_64-efi'
  const told = { RAUC_SLOT_BOOTNAME: 'B', RAUC_MF_VERSION: '0.3.0', RAUC_MF_COMPATIBLE: board, RAUC_SYSTEM_COMPATIBLE: board }
  const hook = (command: string, otherwise: Record<string, string> = {}): Ran =>
    run(join(bundle, 'install-hook'), [command], { HOLT_ESP: join(folder, 'esp'), ...told, ...otherwise })
  assert.equal(hook('install-check').status, 0)
  const elsewhere = hook('install-check', { RAUC_SYSTEM_COMPATIBLE: 'holt-aarch64-efi' })
  assert.equal(elsewhere.status, 10)
  assert.match(elsewhere.err, /is for holt-x86_64-efi, this is holt-aarch64-efi/)
  assert.equal(hook('slot-post-install').status, 0)
  const files = readFiles(join(folder, 'esp'))
  assert.equal(files['holt/b/linux'], readFiles(bundle)['linux'])
  assert.equal(files['holt/b/initrd'], readFiles(bundle)['initrd'])
  const entry = files['loader/entries/holt-b+0-3.conf']
  assert.match(entry ?? '', /^title Holt 0\.3\.0$/m)
  assert.match(entry ?? '', /^options rauc\.slot=B holt\.slot=b panic=5 holt\.roothash=00$/m)
  writeFiles(bundle, { version: '0.4.0\n' })
  assert.equal(hook('install-check').status, 10)
})
