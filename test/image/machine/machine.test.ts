import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from './connect.ts'
import { diskOver, emptyDisk } from './disks.ts'
import { makeInternet, SITE, SITE_NAME } from './internet.ts'
import type { Machine } from './machine.ts'
import { tinyGuest } from './tiny-guest.ts'
import { VolatileDrive } from './volatile-drive.ts'
import { machineTest, type World } from './world.ts'

async function tinyMachine(world: World, name = 'tiny', options: { tpm?: boolean; prefix?: readonly string[] } = {}) {
  return await world.machine({ name, firmware: await tinyGuest(), memoryMiB: 256, processors: 1, ...options })
}

async function boot(machine: Machine): Promise<void> {
  await machine.powerOn()
  await machine.console.expect('TINY GUEST READY')
  await machine.shell.ready()
}

machineTest('a machine boots, shows it on its console, and runs what its shell is told', async (world) => {
  const machine = await tinyMachine(world)
  await boot(machine)
  assert.equal(await machine.shell.run('echo "two  words" | tr a-z A-Z; printf x'), 'TWO  WORDS\nx')
  assert.deepEqual(await machine.shell.tryRun('echo lost; exit 7'), { code: 7, output: 'lost\n' })
  await assert.rejects(machine.shell.run('false'), /ended with 1/)
  const [long, short] = await Promise.all([machine.shell.run('seq 3000'), machine.shell.run('echo ü')])
  assert.equal(long.split('\n').length, 3000)
  assert.equal(short, 'ü')
  machine.console.write('echo $((6 * 7))\n')
  await machine.console.expect(/^42\r?$/m)
  assert.match(await machine.consoleLog(), /TINY GUEST READY/)
})

machineTest('waiting ends: for words that do not come, and when the machine is gone', async (world) => {
  const machine = await tinyMachine(world)
  await boot(machine)
  await assert.rejects(machine.console.expect('never said', { limitMs: 200 }), /did not come on the console of tiny within 200 ms/)
  await assert.rejects(machine.shell.run('sleep 60', { limitMs: 300 }), /within 300 ms/)
  const waiting = assert.rejects(machine.console.expect('never said', { limitMs: 30_000 }), /ended before never said/)
  await machine.cutPower()
  await waiting
})

machineTest('what was flushed outlives a cut of the power, and what was not need not', async (world) => {
  const machine = await tinyMachine(world)
  machine.addDisk(await emptyDisk(join(world.folder, 'drive.qcow2'), 2 ** 30, 'one'))
  await boot(machine)
  assert.equal(await machine.shell.run('cat /sys/block/vda/serial'), 'one')
  assert.equal(await machine.shell.run('cat /sys/block/vda/queue/write_cache'), 'write back')
  await machine.shell.run('yes "kept it" | head -c 1048576 | dd of=/dev/vda bs=64k conv=fsync')
  // Written past the guest's cache, but never flushed: it is in the drive's.
  await machine.shell.run('yes lost | head -c 65536 >/tmp/x; dd if=/tmp/x of=/dev/vda bs=64k seek=64 oflag=direct')
  await machine.cutPower()
  assert.equal(machine.running, false)
  await boot(machine)
  assert.equal(await machine.shell.run('dd if=/dev/vda bs=64k count=16 2>/dev/null | sort -u'), 'kept it')
  assert.equal(await machine.shell.run('dd if=/dev/vda bs=64k skip=64 count=1 2>/dev/null | tr -d "\\0" | wc -c'), '0')
})

machineTest('a drive with a volatile cache loses some of what was not flushed, and nothing that was', async (world) => {
  const base = join(world.folder, 'base')
  await writeFile(base, 'base'.repeat(2 ** 18))
  let turn = 0
  const random = (): number => turn++ % 2
  const drive = await VolatileDrive.open(base, { ownFile: join(world.folder, 'own'), sizeBytes: 2 ** 26, random })
  world.atEnd(() => drive.close())
  await drive.serve(join(world.folder, 'nbd'))
  const machine = await tinyMachine(world)
  machine.addDisk({ file: join(world.folder, 'nbd'), format: 'nbd', serial: 'meanest' })
  await boot(machine)
  assert.equal(await machine.shell.run('dd if=/dev/vda bs=1M count=1 2>/dev/null | tr -d base | wc -c'), '0')
  await machine.shell.run('yes "kept it" | head -c 1048576 | dd of=/dev/vda bs=64k seek=16 conv=fsync')
  await machine.shell.run('yes "lost it" | head -c 65536 >/tmp/x; dd if=/tmp/x of=/dev/vda bs=64k seek=512 oflag=direct')
  await machine.cutPower()
  await drive.losePower()
  assert.equal(drive.lostBlocks, 8)
  await boot(machine)
  assert.equal(await machine.shell.run('dd if=/dev/vda bs=64k skip=16 count=16 2>/dev/null | sort -u'), 'kept it')
  assert.equal(await machine.shell.run('dd if=/dev/vda bs=64k skip=512 count=1 2>/dev/null | tr -d "\\0" | wc -c'), '32768')
})

machineTest('a drive over another one leaves that as it is', async (world) => {
  const base = await emptyDisk(join(world.folder, 'base.qcow2'), 2 ** 20, 'base')
  const before = await readFile(base.file)
  const machine = await tinyMachine(world)
  machine.addDisk(await diskOver(base, join(world.folder, 'over.qcow2'), 2 ** 21))
  await boot(machine)
  assert.equal(await machine.shell.run('cat /sys/block/vda/size'), String(2 ** 21 / 512))
  await machine.shell.run('echo changed | dd of=/dev/vda conv=fsync')
  await machine.cutPower()
  assert.deepEqual(await readFile(base.file), before)
})

machineTest('machines go on from a snapshot, each its own way', async (world) => {
  const machine = await tinyMachine(world, 'first', { tpm: true })
  machine.addDisk(await emptyDisk(join(world.folder, 'drive.qcow2'), 2 ** 24, 'one'))
  machine.addNic({ kind: 'user', guestPorts: [80] })
  await boot(machine)
  assert.equal(await machine.shell.run('cat /sys/class/tpm/tpm0/tpm_version_major'), '2')
  await machine.shell.run('ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; mkdir /www; echo one >/www/x; httpd -h /www')
  await machine.shell.run('echo before | dd of=/dev/vda conv=fsync')
  assert.equal(await (await machine.http(80, '/x')).text(), 'one\n')
  const snapshot = await machine.snapshot(join(world.folder, 'snapshot'))
  const [a, b] = [await world.resume(snapshot, { name: 'a' }), await world.resume(snapshot, { name: 'b' })]
  await a.powerOn()
  await b.powerOn()
  await a.shell.run('echo two >/www/x; echo after. | dd of=/dev/vda conv=fsync')
  assert.equal(await (await a.http(80, '/x')).text(), 'two\n')
  assert.equal(await (await b.http(80, '/x')).text(), 'one\n')
  assert.equal(await b.shell.run('head -c 6 /dev/vda'), 'before')
  await a.cutPower()
  await boot(a)
  assert.equal(await a.shell.run('head -c 6 /dev/vda; ls /www 2>/dev/null | wc -l'), 'after.0')
})

machineTest('two machines on one wire reach each other, and a pulled cable parts them', async (world) => {
  const [left, right] = [await tinyMachine(world, 'left'), await tinyMachine(world, 'right')]
  const [here, there] = [join(world.folder, 'left'), join(world.folder, 'right')]
  left.addNic({ kind: 'wire', here, there, mac: '52:54:00:00:00:01' })
  right.addNic({ kind: 'wire', here: there, there: here, mac: '52:54:00:00:00:02' })
  await boot(left)
  await boot(right)
  await left.shell.run('ip addr add 192.0.2.1/24 dev eth0; ip link set eth0 up')
  await right.shell.run('ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up')
  await left.shell.run('ping -c 3 -W 5 192.0.2.2')
  await right.setLink(0, false)
  assert.equal((await left.shell.tryRun('ping -c 2 -W 1 192.0.2.2')).code, 1)
})

machineTest('a lab gives machines a provider, names, a site far away, and nothing of this computer', async (world) => {
  const lab = await world.lab(['wan'])
  const internet = await makeInternet(lab, 'wan', world.folder)
  const laptop = await lab.host('laptop', 'wan')
  const lease = await laptop.lease()
  assert.ok(lease !== null && lease.router === '203.0.113.1', JSON.stringify(lease))
  assert.deepEqual(await laptop.lookUp(SITE_NAME, lease.router), [SITE])
  assert.deepEqual(await laptop.get(`http://${SITE}/cgi-bin/who`), { status: 200, body: `${lease.address}\n` })
  assert.deepEqual(await laptop.openPorts(SITE), [53, 80])
  assert.equal((await laptop.get('http://192.0.2.99/', { limitMs: 2000 })).status, 0)
  const machine = await tinyMachine(world, 'guest', { prefix: lab.prefix })
  machine.addNic({ kind: 'tap', device: await lab.tap('wan'), mac: '52:54:00:00:00:09' })
  await boot(machine)
  await machine.shell.run('ip link set eth0 up; udhcpc -i eth0 -n -q -s /bin/true')
  assert.match((await internet.customer('52:54:00:00:00:09')) ?? '', /^203\.0\.113\./)
})

machineTest('a machine shows its screen, and is seen to switch itself off', async (world) => {
  const machine = await tinyMachine(world)
  await boot(machine)
  await machine.screenshot(join(world.folder, 'screen.png'))
  assert.equal((await readFile(join(world.folder, 'screen.png'))).subarray(1, 4).toString(), 'PNG')
  await machine.shell.tryRun('poweroff -f', { limitMs: 1 }).catch(() => {})
  await machine.switchedOff({ limitMs: 30_000 })
  assert.equal(machine.running, false)
})

machineTest('nothing is left running when the process that runs the machines is killed', async () => {
  const program = new URL('left-running.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const pids = JSON.parse(line.toString()) as number[]
  assert.ok(pids.length >= 3 && pids.every((pid) => existsSync(`/proc/${pid}`)), line.toString())
  child.kill('SIGKILL')
  await until('the end of all', async () => !pids.some((pid) => existsSync(`/proc/${pid}`)), { limitMs: 20_000 })
})
