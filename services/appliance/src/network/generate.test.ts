import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasControlCharacters } from '@holt/control/box/control-characters.ts'
import { networkFaults } from '@holt/control/box/network-rules.ts'
import { defaultNetworkSettings, NetworkSettings } from '@holt/control/box/network-settings.ts'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { fullBox, fullSettings } from '../testing/full-settings.ts'
import { generateNetwork } from './generate.ts'
import { type BoxFacts, fileOf, usualBox } from './generated-file.ts'

function made(settings: NetworkSettings, facts: BoxFacts = usualBox): Record<string, string> {
  assert.ok(Check(NetworkSettings, settings))
  assert.deepEqual(networkFaults(settings), [])
  return Object.fromEntries(generateNetwork(settings, facts).map(({ path, text }) => [path, text]))
}

const lines = (text: string | undefined) => (text ?? '').split('\n').map((line) => line.trim())

function has(text: string | undefined, ...wanted: string[]): void {
  const all = lines(text)
  for (const line of wanted) assert.ok(all.includes(line), `'${line}' is missing in\n${text}`)
}

function lacks(text: string | undefined, pattern: RegExp): void {
  assert.doesNotMatch(text ?? '', pattern)
}

test('until the owner says otherwise: DHCP outside, a bridge with addresses and names inside, nothing open', () => {
  const files = made(defaultNetworkSettings)
  assert.deepEqual(Object.keys(files).sort(), [
    'dnsmasq.conf',
    'network/20-ports.network',
    'network/20-wan0.network',
    'network/25-lan0.netdev',
    'network/25-lan0.network',
    'nftables.conf',
    'shaping.tc',
  ])
  has(files['network/20-wan0.network'], 'Name=wan0', 'DHCP=yes', 'MulticastDNS=no', 'PrefixDelegationHint=::/56')
  has(files['network/25-lan0.network'], 'Address=192.168.77.1/24', 'IPv6SendRA=yes', 'DHCPPrefixDelegation=yes', 'UplinkInterface=wan0')
  has(
    files['dnsmasq.conf'],
    'dhcp-range=set:lan,192.168.77.100,192.168.77.249,255.255.255.0,720m',
    'interface=lan0',
    'interface-name=holt.lan,lan0',
  )
  has(
    files['nftables.conf'],
    'type filter hook input priority filter; policy drop;',
    'type filter hook forward priority filter; policy drop;',
  )
  lacks(files['nftables.conf'], /guest0|dnat ip|51820/)
})

test('a static line has its address and gateway and asks nobody; a VLAN carries it when the provider wants one', () => {
  const wan = { kind: 'static', vlan: 132, address: '203.0.113.10', prefixLength: 24, gateway: '203.0.113.1' } as const
  const files = made({ ...defaultNetworkSettings, wan, ipv6: { enabled: false, ula: null } })
  has(files['network/21-wan-vlan.netdev'], 'Name=wanv0', 'Kind=vlan', 'Id=132')
  has(files['network/20-wan0.network'], 'Name=wan0', 'VLAN=wanv0', 'DHCP=no')
  has(files['network/22-wanv0.network'], 'Name=wanv0', 'Address=203.0.113.10/24', 'Gateway=203.0.113.1', 'DHCP=no', 'IPv6AcceptRA=no')
  has(files['nftables.conf'], 'oifname "wanv0" meta nfproto ipv4 masquerade')
})

test('PPPoE: pppd gets the line, packets come from ppp0, their size is kept small enough', () => {
  const files = made(fullSettings, fullBox)
  has(files['ppp-wan'], 'nic-wanv0', 'user "line#0001@provider"', 'password "a \\"quoted\\" \\\\ one"', '+ipv6')
  lacks(files['ppp-wan'], /usepeerdns/)
  has(files['network/22-ppp0.network'], 'Name=ppp0', 'KeepConfiguration=yes', 'DHCP=ipv6', 'DNS=9.9.9.9', 'UseDNS=no')
  has(files['nftables.conf'], 'tcp flags syn tcp option maxseg size set rt mtu', 'oifname "ppp0" meta nfproto ipv4 masquerade')
  has(files['network/25-lan0.network'], 'UplinkInterface=ppp0')
})

test('guests have names, addresses and the outside, and a network of their own', () => {
  const files = made(fullSettings, fullBox)
  has(files['network/26-guest0.network'], 'Address=192.168.78.1/24', 'SubnetId=1', 'MulticastDNS=no')
  has(files['dnsmasq.conf'], 'interface=guest0', 'dhcp-range=set:guest,192.168.78.100,192.168.78.249,255.255.255.0,60m')
  has(files['nftables.conf'], 'iifname "guest0" udp dport { 53, 67 } accept', 'iifname "guest0" oifname "ppp0" accept')
  lacks(files['nftables.conf'], /"guest0" oifname \{?\s*"lan0"/)
})

test('reservations, own name servers, forwards and the range of one', () => {
  const files = made(fullSettings, fullBox)
  has(files['dnsmasq.conf'], 'dhcp-host=02:00:00:00:00:05,192.168.77.5,printer', 'host-record=printer.lan,printer,192.168.77.5')
  has(files['dnsmasq.conf'], 'no-resolv', 'server=9.9.9.9', 'server=2620:fe::fe')
  has(files['nftables.conf'], 'iifname "ppp0" meta nfproto ipv4 meta l4proto tcp th dport 8080 dnat ip to 192.168.77.6:80')
  has(files['nftables.conf'], 'iifname "ppp0" meta nfproto ipv4 meta l4proto { tcp, udp } th dport 27000-27010 dnat ip to 192.168.77.5')
  lacks(files['nftables.conf'], /dport 5000/)
})

test('the access point keeps its names as bytes, and a network for guests apart', () => {
  const text = made(fullSettings, fullBox)['hostapd.conf']
  has(
    text,
    'interface=wlan0',
    'bridge=lan0',
    `ssid2=${Buffer.from('Otter’s "den"').toString('hex')}`,
    'bss=wlan0g',
    'bridge=guest0',
    'ap_isolate=1',
  )
  has(text, 'wpa_passphrase=a passphrase # with "all" of it', 'country_code=DE', 'hw_mode=a', 'channel=36')
  assert.equal(made(fullSettings, usualBox)['hostapd.conf'], undefined, 'there is no radio')
})

test('remote access: keys only in a secret file, each phone its own address', () => {
  const files = generateNetwork(fullSettings, fullBox)
  const netdev = files.find(({ path }) => path === 'network/27-wg0.netdev')
  assert.equal(netdev?.secret, true)
  has(netdev?.text, 'ListenPort=51820', 'AllowedIPs=192.168.79.2/32', `PrivateKey=${fullBox.wireguardPrivateKey}`)
  const secrets = [fullBox.wireguardPrivateKey, fullSettings.wireguard.peers[0]?.presharedKey, fullSettings.wifi.passphrase] as string[]
  for (const { path, text, secret } of files) {
    if (secret !== true) for (const value of secrets) assert.ok(!text.includes(value), path)
  }
})

test('shaping takes away what was there, and only then sets both directions', () => {
  assert.deepEqual(lines(made(defaultNetworkSettings)['shaping.tc']), ['qdisc del dev wan0 root', 'qdisc del dev wan0 ingress', ''])
  const text = made(fullSettings, fullBox)['shaping.tc'] ?? ''
  assert.match(text, /dev ppp0 root cake bandwidth 18000kbit/)
  assert.match(text, /dev ifbwan0 root cake bandwidth 90000kbit/)
})

test('with one port it is a guest in its network: no addresses given out, its page for neighbours only', () => {
  const files = made(defaultNetworkSettings, { ...usualBox, oneArmed: true })
  has(files['dnsmasq.conf'], 'port=0')
  lacks(files['dnsmasq.conf'], /dhcp-range/)
  assert.equal(files['network/25-lan0.netdev'], undefined)
  has(files['network/20-one0.network'], 'Name=one0', 'DHCP=yes', 'MulticastDNS=yes')
  assert.match(files['nftables.conf'] ?? '', /"one0" ip saddr \{ 10\.0\.0\.0\/8/)
})

/** Texts a stranger would try: line ends, quotes, comments, other commands. */
const hostile = fc.oneof(
  fc.constantFrom(
    'a\nb',
    'a\rb',
    'a"; flush ruleset; "',
    "a'b",
    'a#b',
    '\0',
    'a}b',
    '$(reboot)',
    '`reboot`',
    'a b',
    'a\\',
    '../../etc/shadow',
    'a,b',
    '\u2028',
    '%i',
  ),
  fc.string({ unit: 'binary', maxLength: 70 }),
)

type Path = readonly (string | number)[]
function textPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => textPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]))
}

function replaced(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return text
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  copy[key] = replaced(copy[key], rest, text)
  return copy
}

/** The shape of a file: its lines without what values may change. */
function skeleton(settings: NetworkSettings): string[] {
  return generateNetwork(settings, fullBox).flatMap(({ path, text }) => [
    path,
    ...text.split('\n').map((line) => (/^\s*[\w+-]*/.exec(line) as RegExpExecArray)[0]),
  ])
}

test('no text in any field adds a line to any file, or ends a quoted word', () => {
  const paths = textPaths(fullSettings)
  assert.ok(paths.length > 30)
  const usual = skeleton(fullSettings)
  let taken = 0
  fc.assert(
    fc.property(fc.constantFrom(...paths), hostile, (path, text) => {
      const settings = replaced(fullSettings, path, text) as NetworkSettings
      if (!Check(NetworkSettings, settings) || networkFaults(settings).length > 0) return
      taken++
      assert.deepEqual(skeleton(settings), usual, JSON.stringify({ path, text }))
      for (const { path: name, text: file } of generateNetwork(settings, fullBox)) {
        assert.equal(hasControlCharacters(file.replace(/[\n\t]/g, ' ')), false, name)
        if (name === 'nftables.conf') assert.doesNotMatch(file, /flush|reboot|#|\$/)
      }
      const words = /^password "((?:[^"\\]|\\.)*)"$/m.exec(
        generateNetwork(settings, fullBox).find(({ path: name }) => name === 'ppp-wan')?.text ?? '',
      )
      assert.ok(words, 'the password is one word')
    }),
    { numRuns: 3000 },
  )
  assert.ok(taken > 10, `${taken} were taken at all`)
})

test('should a line end ever come through, nothing is written', () => {
  for (const text of ['a\nb', 'a\rb', 'a\0b']) assert.throws(() => fileOf([text]), RangeError)
})
