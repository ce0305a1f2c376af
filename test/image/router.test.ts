import assert from 'node:assert/strict'
import { join } from 'node:path'
import { bootedBox, LAN_ADDRESS, WAN_MAC } from './box.ts'
import { until } from './machine/connect.ts'
import { SITE, SITE_NAME } from './machine/internet.ts'
import type { LabHost } from './machine/lab.ts'
import type { Machine } from './machine/machine.ts'
import { machineTest } from './machine/world.ts'

/** Sign-in page and name service; DHCP is UDP. */
const LAN_PORTS = [53, 80, 443]
const askMdns = ['node', '--import', 'tsx', join(import.meta.dirname, 'machine/ask-mdns.ts')]

machineTest('the wizard answers on the LAN under its names', async (world) => {
  const { home } = await bootedBox(world)
  const { laptop } = home
  const page = await laptop.get(`http://${LAN_ADDRESS}/`)
  assert.equal(page.status, 200)
  assert.match(page.body, /<title>[^<]*Holt/i)
  assert.deepEqual(await laptop.lookUp('holt.lan', LAN_ADDRESS), [LAN_ADDRESS])
  assert.equal((await laptop.run([process.execPath, ...askMdns.slice(1), 'holt.local'])).trim(), LAN_ADDRESS)
  for (const name of ['holt.lan', 'holt.local']) {
    const named = await laptop.get(`http://${name}/api/session`, { options: ['--resolve', `${name}:80:${LAN_ADDRESS}`] })
    assert.equal(named.status, 200, `${name}: ${named.body}`)
  }
  const other = await laptop.get('http://evil.example/api/session', { options: ['--resolve', `evil.example:80:${LAN_ADDRESS}`] })
  assert.ok(other.status >= 400, 'a name that was made to point here is refused')
})

machineTest('a computer on the LAN gets address, names and the way to the internet through NAT', async (world) => {
  const { home } = await bootedBox(world)
  const { internet, laptop } = home
  const lease = await laptop.lease()
  assert.ok(lease !== null)
  assert.equal(lease.router, LAN_ADDRESS)
  assert.deepEqual(lease.nameServers, [LAN_ADDRESS])
  assert.match(lease.address, /^192\.168\.77\.\d+$/)
  const resolves = async (): Promise<boolean> => (await laptop.lookUp(SITE_NAME, LAN_ADDRESS)).includes(SITE)
  await until('a name of the internet', resolves)
  const who = await laptop.get(`http://${SITE}/cgi-bin/who`)
  assert.equal(who.status, 200, who.body)
  const address = who.body.trim()
  assert.match(address, /^203\.0\.113\./, 'the site sees the address of the box')
  await laptop.run(['ping', '-c', '2', '-W', '5', SITE])
  assert.notEqual((await internet.host.tryRun(['ping', '-c', '1', '-W', '2', lease.address])).code, 0)
})

machineTest('from the WAN no port answers; on the LAN only the page and the name service do', async (world) => {
  const { box, home } = await bootedBox(world)
  const { internet, laptop } = home
  const outside = await box.shell.run("ip -4 -o address show dev wan0 | sed -n 's/.* inet \\([0-9.]*\\).*/\\1/p'")
  assert.match(outside, /^203\.0\.113\./)
  await until('the box on the WAN cable', async () => (await internet.host.tryRun(['ping', '-c', '1', '-W', '2', outside])).code === 0)
  assert.deepEqual(await scanned(box, 'wan0', internet.host, outside), [])
  assert.deepEqual(await scanned(box, 'port1', laptop, LAN_ADDRESS), LAN_PORTS)
  // Someone at the provider who knows the inner network and sends there by way of the box.
  await internet.host.run(['ip', 'route', 'add', '192.168.77.0/24', 'via', outside])
  assert.equal((await internet.host.get(`http://${LAN_ADDRESS}/`, { limitMs: 5000 })).status, 0)
  const page = await internet.host.get(`http://${outside}/`, { limitMs: 5000 })
  assert.equal(page.status, 0)
  assert.ok(WAN_MAC)
})

machineTest('IPv6 from the WAN opens nothing either', async (world) => {
  const { box, home } = await bootedBox(world)
  const { internet } = home
  const address = await box.shell.run("ip -6 -o address show dev wan0 scope link | sed -n 's/.* inet6 \\([0-9a-f:]*\\).*/\\1/p'")
  assert.match(address, /^fe80:/)
  const which = ['-p', '1-1024,5353,8080,8443', '--max-retries', '1', '--min-rate', '1000']
  const ports = await internet.host.run(['nmap', '-6', '-Pn', '-n', '-sS', ...which, '-oG', '-', `${address}%eth0`])
  assert.doesNotMatch(ports, /\/open\//)
})

/** Of all TCP ports those that are open, in a scan that the box has seen whole: an emulated one may lose what comes too fast. */
async function scanned(box: Machine, port: string, host: LabHost, address: string): Promise<number[]> {
  const received = async (): Promise<number> => Number(await box.shell.run(`cat /sys/class/net/${port}/statistics/rx_packets`))
  for (const perSecond of [3000, 1000, 300]) {
    const before = await received()
    const ports = await host.openPorts(address, { perSecond })
    if ((await received()) - before >= 65_535) return ports
  }
  throw new Error(`${port} lost packets of every scan`)
}
