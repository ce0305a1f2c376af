import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { bootedBox, LAN_ADDRESS, setUpCode } from './box.ts'
import { until } from './machine/connect.ts'
import { machineTest } from './machine/world.ts'

/** As `systemd-analyze security` counts it, from 0 (closed) to 10 (open). */
const MOST_EXPOSURE = 3
/**
 * SSH gives the owner a shell, and is off. What is mounted must show to all, so nothing of the file system is closed to it; what of it stays has no
 * rights, which folder.test.ts looks at. The test shell is in no image but the one that is tested.
 */
const unsandboxed = 'holt-(ssh|mount|test-shell)'

machineTest(
  'the delivered image boots with UEFI and a TPM: nothing fails, no ordering cycles, an untainted kernel',
  async (world) => {
    const { box } = await bootedBox(world)
    assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
    assert.equal(await box.shell.run('systemctl is-system-running'), 'running')
    assert.equal((await box.shell.tryRun('journalctl -b --no-pager | grep -iE "ordering cycle|breaking.*cycle"')).output, '')
    assert.equal((await box.shell.tryRun('journalctl -b -k --no-pager | grep -i segfault')).output, '')
    assert.equal(await box.shell.run('cat /proc/sys/kernel/tainted'), '0')
    assert.equal(await box.shell.run('test -d /sys/firmware/efi && echo uefi'), 'uefi')
    assert.match(await box.shell.run('cat /proc/cmdline'), /holt\.roothash=[0-9a-f]{64}/)
  },
  { limitMs: 1_200_000 },
)

machineTest('the system is read-only and verified; only the listed places are kept', async (world) => {
  const { box } = await bootedBox(world)
  assert.notEqual((await box.shell.tryRun('touch /usr/x')).code, 0)
  assert.match(await box.shell.run('findmnt -no OPTIONS /'), /(^|,)ro(,|$)/)
  assert.match(await box.shell.run('dmsetup table 2>/dev/null || cat /sys/block/dm-*/dm/uuid'), /verity|VERITY/)
  const list = (await box.shell.run('cat /usr/lib/holt/kept-paths')).split('\n')
  for (const path of list.filter((line) => line.startsWith('/')).map((line) => line.split(' ')[0])) {
    assert.match(await box.shell.run(`findmnt -no SOURCE --target ${path}`), /holt-data/, path)
  }
})

machineTest('the data partition fills the drive and opens by the TPM alone, with room kept for the system', async (world) => {
  const { box } = await bootedBox(world)
  const size = Number(await box.shell.run('blockdev --getsize64 /dev/disk/by-partlabel/holt-data'))
  assert.ok(size > 6 * 2 ** 30, `${size} of 8 GiB`)
  const header = await box.shell.run('cryptsetup luksDump /dev/disk/by-partlabel/holt-data')
  assert.match(header, /systemd-tpm2/)
  assert.equal(header.match(/^ {2}\d+: luks2$/gm)?.length, 1, header)
  assert.notEqual((await box.shell.tryRun('ls /efi/holt/data-key')).code, 0)
  const numbers = await box.shell.run('dumpe2fs -h /dev/mapper/holt-data 2>/dev/null')
  const reserved = Number(numbers.match(/^Reserved block count: +(\d+)$/m)?.[1])
  assert.ok(reserved * 4096 > 200 * 2 ** 20, `${reserved} blocks`)
})

machineTest('the watchdog hears the page answer, and would notice if it did not', async (world) => {
  const { box } = await bootedBox(world)
  const ask = `eval "$(sed -n '/^answers()/,/^}/p' /usr/lib/holt/watchdog)"; answers`
  assert.equal((await box.shell.tryRun(ask)).code, 0)
  assert.equal(await box.shell.run('systemctl is-active holt-watchdog'), 'active')
  await box.shell.run('systemctl stop holt.service')
  assert.notEqual((await box.shell.tryRun(ask)).code, 0)
})

machineTest('the screen and the serial console show the address and the set-up code', async (world) => {
  const { box } = await bootedBox(world)
  const code = await setUpCode(box)
  assert.match(code, /^\w{8}$/)
  // The first boot's console was before the snapshot; a new page is drawn when something changes.
  await box.shell.run('systemctl restart holt-console@ttyS0 holt-console@tty1')
  await box.console.expect(new RegExp(`(?:${LAN_ADDRESS}|holt\\.local)[^]*${code}|${code}[^]*holt\\.local`))
  await until('the code on the screen', async () => (await box.shell.run('cat /dev/vcs1')).includes(code), { everyMs: 500 })
  // HOLT_SCREENSHOTS names a folder that keeps it, as for the README. A black picture of its size takes 3 kB.
  const picture = join(process.env['HOLT_SCREENSHOTS'] ?? world.folder, 'box-console.png')
  const isDrawn = async (): Promise<boolean> => {
    await box.screenshot(picture)
    return (await stat(picture)).size > 5000
  }
  await until('a picture on the screen', isDrawn, { everyMs: 500 })
})

machineTest('every service of ours is sandboxed', async (world) => {
  const { box } = await bootedBox(world)
  const table = await box.shell.run(`systemd-analyze security --no-pager | grep -E '^ ?holt' | grep -vE '${unsandboxed}'`)
  const scores = table.split('\n').map((line) => line.trim().split(/\s+/))
  assert.ok(scores.length >= 3, table)
  const exposed = scores.filter(([, score]) => Number(score) > MOST_EXPOSURE)
  assert.deepEqual(exposed, [])
})

machineTest('logs are bounded, and no password or SSH key lets anyone in', async (world) => {
  const { box } = await bootedBox(world)
  assert.match(await box.shell.run('systemd-analyze cat-config systemd/journald.conf'), /^SystemMaxUse=\d+M$/m)
  const passwords = (await box.shell.run('cut -d: -f2 /etc/shadow')).split('\n')
  assert.ok(
    passwords.every((field) => field.startsWith('!') || field.startsWith('*')),
    passwords.join(' '),
  )
  assert.notEqual((await box.shell.tryRun('ss -Hltn "sport = :22" | grep .')).code, 0)
})
