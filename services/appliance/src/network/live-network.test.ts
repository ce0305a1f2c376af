import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { defaultNetworkSettings as usual } from '@holt/control/box/network-settings.ts'
import { FakeTools, refuses } from '../testing/fake-tools.ts'
import { fullBox, fullSettings } from '../testing/full-settings.ts'
import { generateNetwork } from './generate.ts'
import { usualBox } from './generated-file.ts'
import { LiveNetwork } from './live-network.ts'
import { parseLeases, parsePhones } from './network-status.ts'

async function makeLive(context: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'holt-live-'))
  context.after(() => rm(root, { recursive: true }))
  const folders = { kept: join(root, 'kept'), live: join(root, 'live'), networkd: join(root, 'networkd'), links: join(root, 'links') }
  await mkdir(folders.live)
  const tools = new FakeTools({ nft: '', dnsmasq: '', systemctl: '', networkctl: '', ip: '' })
  const logged: string[] = []
  return { folders, tools, logged, live: new LiveNetwork({ folders, tools, networkdGroup: null, log: (text) => logged.push(text) }) }
}

const full = generateNetwork(fullSettings, fullBox)
const plain = generateNetwork(usual, usualBox)

test('places every file with its rights and tells who reads it, the firewall first', async (context) => {
  const { folders, tools, live } = await makeLive(context)
  await live.apply(full)
  for (const { path, text, secret } of full) {
    const place = path.startsWith('network/') ? join(folders.networkd, path.slice(8)) : join(folders.live, path)
    assert.equal(await readFile(place, 'utf8'), text)
    assert.equal((await stat(place)).mode & 0o777, secret ? 0o640 : 0o644, path)
  }
  assert.deepEqual(tools.ran, [
    'networkctl reload',
    'systemctl reload-or-restart holt-firewall.service',
    'systemctl restart holt-dnsmasq.service',
    'systemctl restart holt-pppoe.service',
    'systemctl restart holt-wifi.service',
    'systemctl restart holt-shaping.service',
  ])
})

test('the same again changes nothing; what is not wanted any more is stopped and taken away, links too', async (context) => {
  const { folders, tools, live } = await makeLive(context)
  await live.apply(full)
  tools.ran.length = 0
  await live.apply(full)
  assert.equal(tools.ran.length, 0)
  await writeFile(join(folders.networkd, '99-somebody-else.conf'), '')
  await live.apply(plain)
  assert.deepEqual(tools.ran.filter((line) => line.startsWith('ip')).sort(), [
    'ip link delete dev guest0',
    'ip link delete dev ifbwan0',
    'ip link delete dev wanv0',
    'ip link delete dev wg0',
  ])
  assert.ok(tools.ran.includes('systemctl stop holt-pppoe.service') && tools.ran.includes('systemctl stop holt-wifi.service'))
  assert.deepEqual((await readdir(folders.networkd)).sort(), [
    '20-ports.network',
    '20-wan0.network',
    '25-lan0.netdev',
    '25-lan0.network',
    '99-somebody-else.conf',
  ])
  await live.apply(null)
  assert.deepEqual(await readdir(folders.networkd), ['99-somebody-else.conf'])
  assert.deepEqual(await readdir(folders.live), [])
})

test('checks with the programs themselves, on copies that go again', async (context) => {
  const { folders, tools, live } = await makeLive(context)
  await live.check(full)
  const commands = tools.ran.map((line) => line.split(' ').slice(0, -1).join(' '))
  assert.deepEqual(commands, ['nft -c -f', 'dnsmasq --test -C'])
  tools.answers['nft'] = refuses('syntax error')
  await assert.rejects(live.check(full), { code: 'SYSTEM_REFUSED' })
  assert.deepEqual(await readdir(folders.live), [])
})

test('a part that does not start does not keep the others from their settings', async (context) => {
  const { tools, live, logged } = await makeLive(context)
  tools.answers['systemctl'] = refuses('no radio')
  await live.apply(full)
  assert.equal(logged.length, 5)
})

test('names that devices give themselves are not believed', () => {
  assert.deepEqual(
    parseLeases(
      '1790000000 02:00:00:00:00:01 192.168.77.100 laptop 01:02\n0 02:00:00:00:00:02 192.168.77.101 * *\n1 02:00:00:00:00:03 192.168.77.102 <b>x</b> *\nduid 00:01\nbroken\n',
    ),
    [
      { mac: '02:00:00:00:00:01', address: '192.168.77.100', name: 'laptop', expires: 1790000000 },
      { mac: '02:00:00:00:00:02', address: '192.168.77.101', name: null, expires: 0 },
      { mac: '02:00:00:00:00:03', address: '192.168.77.102', name: null, expires: 1 },
    ],
  )
})

test('the box never tells its own key', () => {
  const phones = parsePhones('PRIVATE\tPUBLIC\t51820\toff\nphone\tpsk\t1.2.3.4:5\t192.168.79.2/32\t1790000000\t10\t20\t25\n')
  assert.deepEqual(phones, [{ publicKey: 'phone', lastSeen: 1790000000, receivedBytes: 10, sentBytes: 20 }])
})
