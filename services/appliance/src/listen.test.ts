import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { type BoxMethods, boxMethods } from '@holt/control/box/methods.ts'
import { defaultNetworkSettings } from '@holt/control/box/network-settings.ts'
import { rpcOverSocket } from '@holt/control/node/connection.ts'
import type { RpcClient } from '@holt/control/rpc-client.ts'
import { OwnerAccount } from './accounts/owner-account.ts'
import { ShadowFile } from './accounts/shadow.ts'
import { Ssh } from './accounts/ssh.ts'
import { DataKey } from './disks/data-key.ts'
import { Disks } from './disks/disks.ts'
import { createHelper } from './helper.ts'
import { listenHelper } from './listen.ts'
import { usualBox } from './network/generated-file.ts'
import { LiveNetwork } from './network/live-network.ts'
import { NetworkKeeper } from './network/network-keeper.ts'
import { Phones } from './network/phones.ts'
import { SettingsStore } from './network/settings-store.ts'
import { publicKeyOf } from './network/wireguard-keys.ts'
import { Clock } from './system/clock.ts'
import { Power } from './system/power.ts'
import { FakeTools } from './testing/fake-tools.ts'
import { openAutomaticUpdates } from './updates/open-automatic-updates.ts'
import { Updates } from './updates/updates.ts'

/** The whole helper over programs that only remember what they were asked, and a client of it. */
async function start(context: TestContext): Promise<{ client: RpcClient<BoxMethods>; tools: FakeTools; path: string; root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'holt-helper-'))
  const folders = { kept: join(root, 'kept'), live: join(root, 'live'), networkd: join(root, 'networkd'), links: join(root, 'links') }
  const tools = new FakeTools({
    nft: '',
    dnsmasq: '',
    systemctl: '',
    networkctl: '',
    ip: '[]',
    wg: '',
    lsblk: '{"blockdevices":[]}',
    timedatectl: 'NTPSynchronized=no\nTimezone=UTC\n',
    date: '',
  })
  const log = (): void => {}
  const facts = async () => usualBox
  const network = new NetworkKeeper({
    folders,
    store: new SettingsStore(folders),
    system: new LiveNetwork({ folders, tools, networkdGroup: null, log }),
    facts,
    log,
  })
  await network.open()
  const account = new OwnerAccount({ shadow: new ShadowFile(join(root, 'shadow'), 1000), pam: async () => false, now: () => 0 })
  const power = new Power(tools, join(root, 'efi'))
  const updates = new Updates(tools)
  const helper = createHelper({
    network,
    phones: new Phones(network, folders),
    account,
    ssh: new Ssh(tools, { keptFolder: join(root, 'kept'), hostKeyFile: join(root, 'host-key.pub') }),
    updates,
    automaticUpdates: openAutomaticUpdates({ updates, tools, outside: tools, power, log }),
    power,
    disks: new Disks({ tools, outside: tools, log }),
    dataKey: new DataKey(tools),
    clock: new Clock(tools, tools),
    tools,
    outside: tools,
    facts,
    log,
  })
  const path = join(root, 'run', 'appliance.sock')
  const listener = await listenHelper(path, helper, { group: null })
  const socket = createConnection(path)
  await new Promise((resolve) => socket.once('connect', resolve))
  const client = rpcOverSocket({ methods: boxMethods }, socket)
  context.after(async () => {
    client.close()
    network.close()
    await listener.close()
    await rm(root, { recursive: true })
  })
  return { client, tools, path, root }
}

test('answers over its socket, which is for nobody else', async (context) => {
  const { client, path } = await start(context)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await client.call('network.get', {}), { settings: defaultNetworkSettings, byOwner: false, trial: null })
  const { id, remainingMs } = await client.call('network.set', {
    settings: { ...defaultNetworkSettings, dns: { upstream: ['9.9.9.9'], refuseRebinding: true } },
  })
  assert.ok(remainingMs > 50_000)
  await client.call('network.confirm', { id })
  assert.deepEqual((await client.call('network.get', {})).settings.dns.upstream, ['9.9.9.9'])
  assert.equal((await client.call('network.status', {})).online, false)
})

test('params that do not fit are refused before anything is run', async (context) => {
  const { client, tools } = await start(context)
  tools.ran.length = 0
  const wrong: [string, object][] = [
    ['network.set', { settings: { ...defaultNetworkSettings, colour: 'red' } }],
    ['network.set', { settings: { ...defaultNetworkSettings, lan: { ...defaultNetworkSettings.lan, address: '1.2.3.4; reboot' } } }],
    ['disks.prepare', { device: '/dev/sda1', consent: 'x' }],
    ['disks.prepare', { device: '/dev/../etc/shadow', consent: 'x' }],
    ['disks.health', { device: '--scan' }],
    ['updates.install', { path: '--version' }],
    ['updates.install', { path: '/data/holt/../../etc/x.raucb' }],
    ['updates.install', { path: 'http://example.org/x.raucb' }],
    ['accounts.verify', { password: 5 }],
    ['wireguard.addPhone', { name: 'a\nb', everything: true }],
    ['power.restart', { force: true }],
  ]
  for (const [name, params] of wrong)
    await assert.rejects(client.call(name as 'power.restart', params as never), { code: 'INPUT_INVALID' }, name)
  await assert.rejects(client.call('system.run' as 'power.restart', {}), { code: 'UNKNOWN_METHOD' })
  assert.equal(tools.ran.length, 0)
})

test('a phone gets a file that the box understands, once; the box keeps only what it needs to know it again', async (context) => {
  const { client } = await start(context)
  await assert.rejects(client.call('wireguard.addPhone', { name: 'Phone', everything: true }), { code: 'INPUT_INVALID' })
  const settings = {
    ...defaultNetworkSettings,
    wireguard: { ...defaultNetworkSettings.wireguard, enabled: true, endpoint: 'home.example.org' },
  }
  await client.call('network.confirm', { id: (await client.call('network.set', { settings })).id })
  const { configuration, address } = await client.call('wireguard.addPhone', { name: 'Phone', everything: true })
  assert.equal(address, '192.168.79.2')
  const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(configuration)?.[1] ?? ''
  assert.equal(value('Endpoint'), 'home.example.org:51820')
  assert.equal(value('AllowedIPs'), '0.0.0.0/0, ::/0')
  const [peer] = (await client.call('network.get', {})).settings.wireguard.peers
  assert.equal(peer?.publicKey, publicKeyOf(value('PrivateKey')))
  assert.equal(peer?.presharedKey, value('PresharedKey'))
  assert.ok(!JSON.stringify(await client.call('network.get', {})).includes(value('PrivateKey')))
  await assert.rejects(client.call('wireguard.addPhone', { name: 'Phone', everything: false }), { code: 'ALREADY_EXISTS' })
  const second = await client.call('wireguard.addPhone', { name: 'Laptop', everything: false })
  assert.equal(second.address, '192.168.79.3')
  assert.match(second.configuration, /AllowedIPs = 192\.168\.77\.0\/24, 192\.168\.79\.0\/24/)
  await client.call('wireguard.removePhone', { name: 'Phone' })
  await assert.rejects(client.call('wireguard.removePhone', { name: 'Phone' }), { code: 'NOT_FOUND' })
})

test('a reset needs the very words; restart and shutdown go to systemd', async (context) => {
  const { client, tools, root } = await start(context)
  tools.ran.length = 0
  for (const consent of ['', 'yes', 'Erase everything'])
    await assert.rejects(client.call('power.factoryReset', { consent }), { code: 'CONSENT_MISSING' })
  assert.equal(tools.ran.length, 0)
  await client.call('power.factoryReset', { consent: 'erase everything' })
  assert.ok((await stat(join(root, 'efi', 'reset'))).isFile())
  await client.call('power.shutdown', {})
  assert.deepEqual(tools.ran, ['systemctl --no-block reboot', 'systemctl --no-block poweroff'])
})

test('the clock is set by a person only while the network has not, and only to a time that can be', async (context) => {
  const { client, tools } = await start(context)
  await client.call('time.set', { now: 1_800_000_000.7 })
  assert.equal(tools.ran.at(-1), 'date --set @1800000000')
  await assert.rejects(client.call('time.set', { now: 5 }), { code: 'INPUT_INVALID' })
  tools.answers['timedatectl'] = 'NTPSynchronized=yes\n'
  await assert.rejects(client.call('time.set', { now: 1_800_000_000 }), { code: 'CONFLICT' })
  assert.equal((await client.call('time.get', {})).synchronized, true)
})

test('tells what the security chip is, or that there is none', async (context) => {
  const { client } = await start(context)
  const { present, dataKeySealed } = await client.call('tpm.status', {})
  assert.equal(typeof present, 'boolean')
  assert.equal(dataKeySealed, false)
})
