import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { bootedBox, LAN_ADDRESS, LAN_MAC, resumedBox, WAN_MAC } from './box.ts'
import { askHelper, type HelperAnswer } from './helper-calls.ts'
import { runCommand } from './machine/child.ts'
import { until } from './machine/connect.ts'
import { SITE } from './machine/internet.ts'
import type { Disk } from './machine/disks.ts'
import type { Machine } from './machine/machine.ts'
import { PppoeProvider } from './machine/pppoe-provider.ts'
import { machineTest, type World } from './machine/world.ts'

const CUSTOMER = '203.0.113.77'
const LINE = { user: 'customer@provider.example', password: 'a "quoted" \\ word' }
const SSID = 'Otters & friends'
const PASSPHRASE = 'swim in a small wood'
/** What Debian's wpa_supplicant needs and the image does not have. */
const STATION_PACKAGES = ['wpasupplicant', 'libpcsclite1', 'libdbus-1-3', 'libreadline8', 'libtinfo6']

machineTest('PPPoE: the box signs in at the provider, and a laptop reaches the internet through the line', async (world) => {
  const path = join(world.folder, 'provider')
  const provider = await PppoeProvider.start(path, { ...LINE, provider: '203.0.113.1', customer: CUSTOMER, site: SITE })
  world.atEnd(() => provider.close())
  const lab = await world.lab(['lan'])
  const laptop = await lab.host('laptop', 'lan')
  const cable = { kind: 'tap', device: await lab.tap('lan'), mac: LAN_MAC } as const
  const box = await resumedBox(world, { lab, laptop }, [{ kind: 'socket', path, mac: WAN_MAC }, cable])
  await change(box, (settings) => ({ ...settings, wan: { kind: 'pppoe', vlan: null, ...LINE } }))
  await until('the line', async () => provider.events.includes('address'), { limitMs: 180_000 })
  assert.deepEqual(
    provider.events.filter((event) => event === 'refused'),
    [],
  )
  const pings = async (): Promise<boolean> => (await laptop.tryRun(['ping', '-c', '1', '-W', '5', SITE])).code === 0
  await until('an answer of the site', pings, { limitMs: 120_000 })
  assert.deepEqual([...new Set(provider.askedFrom)], [CUSTOMER], 'the provider sees its customer, not the laptop')
  assert.match(await box.shell.run('ip -4 -o address show dev ppp0'), new RegExp(`inet ${CUSTOMER} `))
  assert.equal(await box.shell.run('cat /sys/class/net/ppp0/mtu'), '1492')
})

machineTest('Wi-Fi: a phone joins by WPA3, gets an address of the LAN and reaches the box', async (world) => {
  const { box } = await bootedBox(world)
  await box.shell.run('modprobe mac80211_hwsim radios=2')
  await until('two radios', async () => (await box.shell.tryRun('test -e /sys/class/net/wlan1')).code === 0, { everyMs: 500 })
  const wifi = { enabled: true, country: 'DE', band: '2.4', channel: 6, security: 'wpa2-wpa3', ssid: SSID, passphrase: PASSPHRASE } as const
  await change(box, (settings) => ({ ...settings, wifi: { ...wifi, guest: null } }))
  await box.plugIn(await stationStick(world))
  await until('the stick', async () => (await box.shell.tryRun('test -e /dev/disk/by-label/station')).code === 0, { everyMs: 500 })
  const phone = 'ip netns exec phone'
  await box.shell.run(`mkdir /run/station && mount -o ro /dev/disk/by-label/station /run/station
    ip netns add phone && iw phy $(cat /sys/class/net/wlan1/phy80211/name) set netns name phone
    ${phone} ip link set wlan1 up`)
  await box.shell.run(`LD_LIBRARY_PATH=/run/station ${phone} /run/station/wpa_supplicant -B -Dnl80211 -i wlan1 -c /run/station/conf`)
  const joined = async (): Promise<boolean> => /authorized:\s+yes/.test(await box.shell.run('iw dev wlan0 station dump'))
  await until('the phone in the network', joined, { limitMs: 240_000, everyMs: 1000 })
  assert.match(await box.shell.run(`${phone} iw dev wlan1 link`), new RegExp(`SSID: ${SSID}`))
  await box.shell.run(`${phone} busybox udhcpc -i wlan1 -n -q -t 40 -s /run/station/take-lease`, { limitMs: 240_000 })
  assert.match(await box.shell.run(`${phone} ip -4 -o address show dev wlan1`), /inet 192\.168\.77\.\d+/)
  await box.shell.run(`${phone} busybox ping -c 2 -W 5 ${LAN_ADDRESS}`)
})

/** As on the page Network: set, and confirmed within a minute. */
async function change(box: Machine, by: (settings: NetworkSettings) => NetworkSettings): Promise<void> {
  const [now] = await askHelper(box, [['network.get']])
  const { settings } = (now as HelperAnswer).result as { settings: NetworkSettings }
  const [set] = await askHelper(box, [['network.set', { settings: by(settings) }]])
  assert.equal(set?.error, undefined)
  const [confirmed] = await askHelper(box, [['network.confirm', { id: ((set as HelperAnswer).result as { id: string }).id }]])
  assert.equal(confirmed?.error, undefined)
}

/** A phone's part of Wi-Fi, on a USB stick: the image has only the access point's. */
async function stationStick(world: World): Promise<Disk> {
  const [packages, files] = [join(world.folder, 'packages'), join(world.folder, 'station')]
  for (const folder of [packages, files]) await mkdir(folder)
  await runCommand(['apt-get', 'download', '-q', ...STATION_PACKAGES], { cwd: packages, limitMs: 300_000 })
  for (const name of await readdir(packages)) await runCommand(['dpkg-deb', '-x', join(packages, name), packages])
  const wanted = ['-path', '*/sbin/wpa_supplicant', '-o', '-name', '*.so.*']
  await runCommand(['sh', '-c', `find . \\( "$@" \\) ! -type d -exec cp -L {} ${files} \\;`, 'sh', ...wanted], { cwd: packages })
  const secret = `sae_password="${PASSPHRASE}"\n  key_mgmt=SAE\n  ieee80211w=2`
  await writeFile(join(files, 'conf'), `sae_pwe=2\nnetwork={\n  ssid="${SSID}"\n  ${secret}\n}\n`)
  const script = '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip addr add "$ip/$mask" dev "$interface"\n'
  await writeFile(join(files, 'take-lease'), script, { mode: 0o755 })
  const stick: Disk = { file: join(world.folder, 'station.img'), format: 'raw', serial: 'station' }
  await runCommand(['mke2fs', '-q', '-t', 'ext4', '-L', 'station', '-d', files, stick.file, '32M'])
  return stick
}
