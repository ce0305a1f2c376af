import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { ipv4Number, ipv4Text, ipv4NetworkText, netmaskText } from './addresses.ts'
import { networkFaults } from './network-rules.ts'
import { defaultNetworkSettings as usual, NetworkSettings } from './network-settings.ts'

const fields = (settings: NetworkSettings) => networkFaults(settings).map(({ field }) => field)
const dhcp = { first: '192.168.77.100', last: '192.168.77.249', leaseMinutes: 60 }

test('the settings of a new box are right', () => {
  assert.ok(Check(NetworkSettings, usual))
  assert.deepEqual(networkFaults(usual), [])
})

test('addresses are read and written alike', () => {
  fc.assert(fc.property(fc.ipV4(), (text) => assert.equal(ipv4Text(ipv4Number(text)), text)))
  assert.equal(ipv4NetworkText('192.168.77.130', 25), '192.168.77.128/25')
  assert.equal(netmaskText(22), '255.255.252.0')
})

test('a range outside of its network, backwards, or over the box itself is named', () => {
  const withRange = (first: string, last: string) => ({ ...usual, lan: { ...usual.lan, dhcp: { ...dhcp, first, last } } })
  assert.deepEqual(fields(withRange('192.168.76.1', '192.168.77.9')), ['lan.dhcp.first'])
  assert.deepEqual(fields(withRange('192.168.77.9', '192.168.77.255')), ['lan.dhcp.last'])
  assert.deepEqual(fields(withRange('192.168.77.20', '192.168.77.19')), ['lan.dhcp.last'])
  assert.deepEqual(fields(withRange('192.168.77.1', '192.168.77.19')), ['lan.dhcp.first'])
})

test('inside networks are private, apart from each other and from the outside', () => {
  assert.deepEqual(fields({ ...usual, lan: { ...usual.lan, address: '8.8.8.1', dhcp: null } }), ['lan.address'])
  assert.deepEqual(fields({ ...usual, lan: { ...usual.lan, address: '192.168.77.0', dhcp: null } }), ['lan.address'])
  const guest = {
    enabled: true,
    address: '192.168.77.129',
    prefixLength: 25,
    dhcp: { first: '192.168.77.130', last: '192.168.77.140', leaseMinutes: 5 },
  }
  assert.deepEqual(fields({ ...usual, guest }), ['guest.address'])
  assert.deepEqual(fields({ ...usual, guest: { ...guest, enabled: false } }), [])
  const wan = { kind: 'static', vlan: null, address: '192.168.77.20', prefixLength: 24, gateway: '192.168.77.254' } as const
  assert.deepEqual(fields({ ...usual, wan }), ['lan.address'])
  assert.deepEqual(fields({ ...usual, wan: { ...wan, address: '203.0.113.4', gateway: '203.0.114.1' } }), ['wan.gateway'])
  assert.deepEqual(fields({ ...usual, wan: { ...wan, address: '203.0.113.4', prefixLength: 31, gateway: '203.0.113.5' } }), [])
})

test('two that want the same name, address or port are named', () => {
  const reservations = [
    { name: 'tv', mac: '02:00:00:00:00:01', address: '192.168.77.9' },
    { name: 'tv', mac: '02:00:00:00:00:01', address: '192.168.77.9' },
    { name: 'holt', mac: '02:00:00:00:00:02', address: '192.168.78.9' },
  ]
  assert.deepEqual(fields({ ...usual, lan: { ...usual.lan, reservations } }), [
    'lan.reservations.1.name',
    'lan.reservations.1.mac',
    'lan.reservations.1.address',
    'lan.reservations.2.address',
    'lan.reservations.2.name',
  ])
  const forward = { name: 'a', enabled: true, protocol: 'tcp', port: 80, lastPort: null, toAddress: '192.168.77.5', toPort: 80 } as const
  assert.deepEqual(fields({ ...usual, forwards: [forward, { ...forward, protocol: 'both' }, { ...forward, protocol: 'udp', port: 81 }] }), [
    'forwards.1.port',
  ])
  assert.deepEqual(
    fields({
      ...usual,
      forwards: [
        { ...forward, lastPort: 79 },
        { ...forward, enabled: false, toAddress: '192.168.77.1' },
      ],
    }),
    ['forwards.0.lastPort', 'forwards.1.toAddress'],
  )
  assert.deepEqual(
    fields({
      ...usual,
      wireguard: { ...usual.wireguard, enabled: true, port: 81 },
      forwards: [{ ...forward, protocol: 'udp', port: 80, lastPort: 90, toPort: 80 }],
    }),
    ['forwards.0.port'],
  )
})

test('Wi-Fi: a name of 32 bytes, a channel of its band, a passphrase somebody chose, guests only with their network', () => {
  const wifi = { ...usual.wifi, enabled: true, passphrase: 'somebody chose this' }
  assert.deepEqual(fields({ ...usual, wifi }), [])
  assert.deepEqual(fields({ ...usual, wifi: { ...wifi, ssid: 'ä'.repeat(17) } }), ['wifi.ssid'])
  assert.deepEqual(fields({ ...usual, wifi: { ...wifi, channel: 6 } }), ['wifi.channel'])
  assert.deepEqual(fields({ ...usual, wifi: { ...usual.wifi, enabled: true } }), ['wifi.passphrase'])
  assert.deepEqual(fields({ ...usual, wifi: { ...wifi, guest: { ssid: wifi.ssid, passphrase: 'somebody else' } } }), [
    'wifi.guest',
    'wifi.guest.ssid',
  ])
})

test('name servers are addresses, phones have addresses of their own', () => {
  assert.deepEqual(fields({ ...usual, dns: { ...usual.dns, upstream: ['1.1.1.1', '2606:4700::1111', '1.1.1', '::::'] } }), [
    'dns.upstream.2',
    'dns.upstream.3',
  ])
  const peer = {
    name: 'a',
    publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
    presharedKey: 'FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=',
    address: '192.168.79.2',
  }
  const peers = [peer, { ...peer, name: 'b', address: '192.168.80.2' }]
  assert.deepEqual(fields({ ...usual, wireguard: { ...usual.wireguard, peers } }), [
    'wireguard.peers.1.address',
    'wireguard.peers.1.publicKey',
  ])
})

test('the schema takes nothing that could be more than a value', () => {
  const refused: [string, (text: string) => unknown, string[]][] = [
    [
      'address',
      (text) => ({ ...usual, lan: { ...usual.lan, address: text } }),
      ['192.168.77.1\n', ' 192.168.77.1', '192.168.077.1', '1.2.3.4/8', ''],
    ],
    ['user', (user) => ({ ...usual, wan: { kind: 'pppoe', vlan: null, user, password: 'x' } }), ['a\nb', 'a\0', 'ä', '']],
    [
      'mac',
      (mac) => ({ ...usual, lan: { ...usual.lan, reservations: [{ name: 'a', mac, address: '192.168.77.9' }] } }),
      ['02:00:00:00:00', '02:00:00:00:00:01,x', '*'],
    ],
    [
      'name',
      (name) => ({ ...usual, lan: { ...usual.lan, reservations: [{ name, mac: '02:00:00:00:00:01', address: '192.168.77.9' }] } }),
      ['a.b', '-a', 'a_b', 'a,ignore', 'A'],
    ],
    ['passphrase', (passphrase) => ({ ...usual, wifi: { ...usual.wifi, passphrase } }), ['short', 'x'.repeat(64), 'a passphrase\nwpa=0']],
    ['upstream', (text) => ({ ...usual, dns: { ...usual.dns, upstream: [text] } }), ['9.9.9.9#5353', 'fe80::1%wan0', 'a\nb']],
  ]
  for (const [field, make, texts] of refused)
    for (const text of texts) assert.equal(Check(NetworkSettings, make(text)), false, `${field}: ${JSON.stringify(text)}`)
  assert.equal(Check(NetworkSettings, { ...usual, colour: 'red' }), false, 'a field it does not know')
  assert.equal(Check(NetworkSettings, { ...usual, version: 2 }), false, 'another version')
})
