import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { defaultNetworkSettings, type NetworkSettings } from '@holt/control/box/network-settings.ts'
import { generateNetwork } from '@holt/appliance/network/generate.ts'
import { type BoxFacts, usualBox } from '@holt/appliance/network/generated-file.ts'
import { phoneFile } from '@holt/appliance/network/phones.ts'
import { newWireguardKeys, publicKeyOf } from '@holt/appliance/network/wireguard-keys.ts'
import { fullBox, fullSettings } from '@holt/appliance/testing/full-settings.ts'
import { Lab, until } from './lab.ts'

/** Every kind of settings, through the programs that read the files. */

const fixed: NetworkSettings = {
  ...fullSettings,
  wan: { kind: 'static', vlan: 7, address: '203.0.113.4', prefixLength: 31, gateway: '203.0.113.5' },
  wifi: { ...fullSettings.wifi, band: '2.4', channel: 6, security: 'wpa3' },
  dns: { upstream: [], refuseRebinding: false },
  forwards: fullSettings.forwards.map((forward) => ({ ...forward, protocol: 'both' as const })),
}
const kinds: Record<string, [NetworkSettings, BoxFacts]> = {
  'as it came': [defaultNetworkSettings, usualBox],
  everything: [fullSettings, fullBox],
  'fixed line': [fixed, fullBox],
  'one port': [fullSettings, { ...fullBox, oneArmed: true }],
  'no IPv6': [{ ...defaultNetworkSettings, ipv6: { enabled: false, ula: null } }, usualBox],
}

let lab: Lab
before(async () => {
  lab = await Lab.open()
})
after(() => lab?.close())

/** @returns the folder with its files. */
function written(kind: string): string {
  const [settings, facts] = kinds[kind] as [NetworkSettings, BoxFacts]
  const folder = kind.replaceAll(' ', '-')
  mkdirSync(join(lab.folder, folder, 'network'), { recursive: true })
  for (const { path, text } of generateNetwork(settings, facts)) lab.write(`${folder}/${path}`, text)
  return join(lab.folder, folder)
}

for (const kind of Object.keys(kinds)) {
  test(`${kind}: nft takes the firewall, also on top of itself; dnsmasq its settings`, async () => {
    const folder = written(kind)
    await lab.must('nft', ['-c', '-f', join(folder, 'nftables.conf')])
    await lab.must('dnsmasq', ['--test', '-C', join(folder, 'dnsmasq.conf')])
    if (kind === 'everything') return // this kernel may lack what PPPoE wants of it
    for (let i = 0; i < 2; i++) await lab.must('nft', ['-f', join(folder, 'nftables.conf')])
    assert.match(await lab.must('nft', ['list', 'table', 'inet', 'holt']), /policy drop/)
  })
}

for (const kind of ['everything', 'fixed line', 'one port', 'as it came']) {
  test(`${kind}: systemd-networkd knows every setting`, async () => {
    await lab.must('sh', [
      '-c',
      `cd /run/systemd/network && rm -f * && cp ${written(kind)}/network/* . && printf '[Match]\nName=none\n[Network]\nColour=red\n' >99-wrong.network && chmod 644 *`,
    ])
    const said = lab.start('env', ['SYSTEMD_LOG_LEVEL=info', 'timeout', '3', '/lib/systemd/systemd-networkd'])
    await until('networkd to say that it runs', async () => /Enumeration completed/.test(said()))
    const complaints = said()
      .split('\n')
      .filter((line) => /\.(network|netdev):\d+:|Unknown|Invalid|Failed to parse/i.test(line))
    assert.equal(complaints.length, 1, complaints.join('\n'))
    assert.match(
      complaints[0] as string,
      /99-wrong.network:4: Unknown key 'Colour'|99-wrong.network:4: Unknown key name 'Colour'/,
      'it tells what it does not know',
    )
    await new Promise((resolve) => setTimeout(resolve, 3000))
  })
}

test('hostapd reads the access point to the end, and only then misses the radio', async () => {
  for (const kind of ['everything', 'fixed line']) {
    const { stdout } = await lab.run('timeout', ['5', 'hostapd', join(written(kind), 'hostapd.conf')])
    assert.match(stdout, /nl80211/)
    assert.doesNotMatch(stdout, /Line \d+|errors? found/)
  }
})

test('WireGuard takes the keys, and derives the same public key', async () => {
  const { privateKey, publicKey } = newWireguardKeys()
  assert.equal(publicKeyOf(privateKey), publicKey)
  assert.equal((await lab.must('sh', ['-c', `echo '${privateKey}' | wg pubkey`])).trim(), publicKey)
  const file = phoneFile(fullSettings, {
    privateKey,
    presharedKey: fullSettings.wireguard.peers[0]?.presharedKey as string,
    address: '192.168.79.2',
    boxPublicKey: publicKey,
    everything: true,
  })
  await lab.must('sh', ['-c', `mkdir -p /run/wg && cat > /run/wg/phone.conf <<'END'\n${file}END\nwg-quick strip /run/wg/phone.conf`])
})
