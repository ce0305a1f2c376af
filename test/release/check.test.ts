import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Ran, root, run, scratchFolder } from './scratch.ts'

const parts = ['image', 'overlay', 'scripts', 'firmware', 'buildroot.config', 'package.json', 'package-lock.json', 'CHANGELOG.md']

/** The checkout's own files, to be spoilt. */
function copyOfCheckout(): string {
  const folder = scratchFolder()
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true })
  return folder
}

const check = (folder: string, board: string, env: Record<string, string> = {}): Ran =>
  run(process.execPath, [join(folder, 'scripts/image.mjs'), '--check', '--board', board], { BUILDROOT_DIR: '', ...env })

for (const board of ['x86_64-efi', 'aarch64-efi', 'orangepi-5-plus']) {
  test(`all that can be verified without downloads is good for ${board}`, () => {
    const ran = check(root, board)
    assert.equal(ran.status, 0, ran.out + ran.err)
    assert.equal(ran.out.match(/ good /g)?.length, 7)
  })
}

interface Fault {
  what: string
  file: string
  from: RegExp | string
  to: string
  found: RegExp
}

const faults: Fault[] = [
  {
    what: 'a misspelt symbol',
    file: 'buildroot.config',
    from: 'BR2_PACKAGE_NFTABLES=y',
    to: 'BR2_PACKAGE_NFTABLE=y',
    found: /NFTABLE is no symbol/,
  },
  {
    what: 'a symbol off that a Debian package stands for',
    file: 'buildroot.config',
    from: 'BR2_PACKAGE_PPPD=y\n',
    to: '',
    found: /PPPD is off; ppp needs it/,
  },
  {
    what: 'a line that is no setting',
    file: 'buildroot.config',
    from: 'BR2_PACKAGE_IW=y',
    to: 'BR2_PACKAGE_IW =y',
    found: /not a setting/,
  },
  {
    what: 'a board that changes the base',
    file: 'image/board/x86_64-efi/buildroot.config',
    from: /$/,
    to: 'BR2_OPTIMIZE_2=n\n',
    found: /changes BR2_OPTIMIZE_2/,
  },
  {
    what: 'a kernel option taken out',
    file: 'image/board/common/kernel.config',
    from: 'CONFIG_DM_VERITY=y\n',
    to: '',
    found: /DM_VERITY is off in the kernel/,
  },
  {
    what: 'another kernel than the pinned one',
    file: 'buildroot.config',
    from: '"6.12.103"',
    to: '"6.12.104"',
    found: /does not build Linux/,
  },
  {
    what: 'a hash that is not the pinned one',
    file: 'image/package/holt-node/holt-node.hash',
    from: 'sha512  d',
    to: 'sha512  e',
    found: /is not what image\/pins\.json gives/,
  },
  {
    what: 'a hash file with one space',
    file: 'image/patches/linux/linux.hash',
    from: 'sha256  ',
    to: 'sha256 ',
    found: /not "type, two spaces/,
  },
  { what: 'a recipe that make cannot read', file: 'image/package/holt/holt.mk', from: 'endef', to: 'endeff', found: /missing 'endef'/ },
  {
    what: 'a recipe without a place to download from',
    file: 'image/package/holt-node/holt-node.mk',
    from: /^HOLT_NODE_SITE = .*$/m,
    to: '',
    found: /holt-node: no SITE/,
  },
  {
    what: 'an archive without a hash',
    file: 'image/package/node-linux-pam/node-linux-pam.mk',
    from: 'addon-api-3.1.0',
    to: 'addon-api-3.1.1',
    found: /no hash for .*3\.1\.1/,
  },
  {
    what: 'a partition of another name',
    file: 'image/partition/slots.cfg',
    from: 'partition holt-b',
    to: 'partition holt-c',
    found: /partitions are/,
  },
  {
    what: 'slots of different sizes',
    file: 'image/partition/slots.cfg',
    from: 'size = 512M',
    to: 'size = 500M',
    found: /slots differ in size/,
  },
  {
    what: 'partitions that genimage refuses',
    file: 'image/partition/slots.cfg',
    from: 'image = "slot.img"',
    to: 'imag = "slot.img"',
    found: /genimage/,
  },
  { what: 'a system.conf that rauc refuses', file: 'overlay/etc/rauc/system.conf', from: 'type=raw', to: 'typ=raw', found: /rauc/ },
]

for (const { what, file, from, to, found } of faults) {
  test(`finds ${what}`, () => {
    const folder = copyOfCheckout()
    const text = readFileSync(join(folder, file), 'utf8')
    assert.notEqual(text.replace(from, to), text, 'the fault was not put in')
    writeFileSync(join(folder, file), text.replace(from, to))
    const ran = check(folder, 'x86_64-efi')
    assert.equal(ran.status, 1)
    assert.match(ran.out, found)
    rmSync(folder, { recursive: true })
  })
}

test('a folder that is no Buildroot is not taken for one', () => {
  const ran = check(root, 'x86_64-efi', { BUILDROOT_DIR: scratchFolder() })
  assert.equal(ran.status, 1)
  assert.match(ran.out, /no Buildroot source folder/)
})

test('an unknown board is refused with the names of those there are', () => {
  const ran = check(root, 'toaster')
  assert.equal(ran.status, 1)
  assert.match(ran.err, /aarch64-efi, orangepi-5-plus, x86_64-efi/)
})
