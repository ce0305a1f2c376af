import { type Static, Type } from 'typebox'

/**
 * The one document that says how a box is connected. Every file of systemd-networkd, nftables, dnsmasq, hostapd, pppd and
 * WireGuard is made from it. Texts are as narrow as what they are used for, so that none of them can become more than a value there.
 */

const strict = { additionalProperties: false } as const

export const NETWORK_SETTINGS_VERSION = 1

export const Ipv4 = Type.String({ pattern: '^(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}$', description: 'IPv4 address' })
export const Ipv6 = Type.String({ pattern: '^[0-9a-f:]{2,39}$', description: 'IPv6 address in lower case, without a zone' })
const Ip = Type.String({ pattern: '^[0-9a-f:.]{2,39}$', description: 'IPv4 or IPv6 address' })
export const Mac = Type.String({ pattern: '^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$', description: 'in lower case' })
const HostLabel = Type.String({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$', maxLength: 63, description: 'a name as in DNS' })
const HostName = Type.String({
  pattern: '^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$',
  maxLength: 253,
  description: 'a name or address that others can reach',
})
/** For people only: written into comments and lists. */
export const Label = Type.String({
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,38}[A-Za-z0-9])?$',
  maxLength: 40,
  description: 'letters, digits, space . _ -',
})
const Port = Type.Integer({ minimum: 1, maximum: 65535 })
const PrefixLength = Type.Integer({ minimum: 16, maximum: 29 })
const Credential = Type.String({ pattern: '^[\\x20-\\x7e]{1,128}$', maxLength: 128 })
const Key = Type.String({ pattern: '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$', description: 'a WireGuard key' })
const Ssid = Type.String({ minLength: 1, maxLength: 32, description: 'at most 32 bytes as UTF-8' })
const Passphrase = Type.String({ pattern: '^[\\x20-\\x7e]{8,63}$', maxLength: 63, description: '8 to 63 characters of ASCII' })

const Wan = Type.Union([
  Type.Object({ kind: Type.Literal('dhcp'), vlan: Type.Union([Type.Integer({ minimum: 1, maximum: 4094 }), Type.Null()]) }, strict),
  Type.Object(
    {
      kind: Type.Literal('static'),
      vlan: Type.Union([Type.Integer({ minimum: 1, maximum: 4094 }), Type.Null()]),
      address: Ipv4,
      prefixLength: Type.Integer({ minimum: 1, maximum: 31 }),
      gateway: Ipv4,
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('pppoe'),
      vlan: Type.Union([Type.Integer({ minimum: 1, maximum: 4094 }), Type.Null()]),
      user: Credential,
      password: Credential,
    },
    strict,
  ),
])

const DhcpRange = Type.Object({ first: Ipv4, last: Ipv4, leaseMinutes: Type.Integer({ minimum: 2, maximum: 43200 }) }, strict)
const Reservation = Type.Object({ name: HostLabel, mac: Mac, address: Ipv4 }, strict)

const Lan = Type.Object(
  {
    address: Ipv4,
    prefixLength: PrefixLength,
    dhcp: Type.Union([DhcpRange, Type.Null()], { description: 'null: another device gives out addresses' }),
    reservations: Type.Array(Reservation, { maxItems: 256 }),
  },
  strict,
)

const Guest = Type.Object({ enabled: Type.Boolean(), address: Ipv4, prefixLength: PrefixLength, dhcp: DhcpRange }, strict)

const Ipv6Settings = Type.Object(
  {
    enabled: Type.Boolean({ description: 'asks the provider for a prefix and hands it on by router advertisements' }),
    ula: Type.Union([
      Type.String({
        pattern: '^fd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::$',
        description: 'a /48 that holds when the provider gives none',
      }),
      Type.Null(),
    ]),
  },
  strict,
)

const Wifi = Type.Object(
  {
    enabled: Type.Boolean(),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166; the radio obeys its rules' }),
    band: Type.Union([Type.Literal('2.4'), Type.Literal('5')]),
    channel: Type.Integer({ minimum: 0, maximum: 177, description: '0: the radio chooses' }),
    security: Type.Union([Type.Literal('wpa2'), Type.Literal('wpa2-wpa3'), Type.Literal('wpa3')]),
    ssid: Ssid,
    passphrase: Passphrase,
    guest: Type.Union([Type.Object({ ssid: Ssid, passphrase: Passphrase }, strict), Type.Null()]),
  },
  strict,
)

const Forward = Type.Object(
  {
    name: Label,
    enabled: Type.Boolean(),
    protocol: Type.Union([Type.Literal('tcp'), Type.Literal('udp'), Type.Literal('both')]),
    port: Port,
    lastPort: Type.Union([Port, Type.Null()], { description: 'of a range; null for one port' }),
    toAddress: Ipv4,
    toPort: Port,
  },
  strict,
)

const Kilobits = Type.Integer({ minimum: 100, maximum: 10_000_000 })
const Shaping = Type.Union([Type.Object({ downloadKbit: Kilobits, uploadKbit: Kilobits }, strict), Type.Null()])

const Dns = Type.Object(
  {
    upstream: Type.Array(Ip, { maxItems: 4, description: 'empty: what the provider names' }),
    refuseRebinding: Type.Boolean({ description: 'outside names must not point to inside addresses' }),
  },
  strict,
)

export const WireguardPeer = Type.Object({ name: Label, publicKey: Key, presharedKey: Key, address: Ipv4 }, strict)
export type WireguardPeer = Static<typeof WireguardPeer>

const Wireguard = Type.Object(
  {
    enabled: Type.Boolean(),
    port: Port,
    address: Ipv4,
    prefixLength: PrefixLength,
    endpoint: Type.Union([HostName, Type.Null()], { description: 'under which the box is reached from outside' }),
    peers: Type.Array(WireguardPeer, { maxItems: 64 }),
  },
  strict,
)

export const NetworkSettings = Type.Object(
  {
    version: Type.Literal(NETWORK_SETTINGS_VERSION),
    wan: Wan,
    lan: Lan,
    guest: Guest,
    ipv6: Ipv6Settings,
    wifi: Wifi,
    forwards: Type.Array(Forward, { maxItems: 128 }),
    shaping: Shaping,
    dns: Dns,
    wireguard: Wireguard,
  },
  strict,
)
export type NetworkSettings = Static<typeof NetworkSettings>
export type Forward = Static<typeof Forward>
export type Reservation = Static<typeof Reservation>

/** What a box does until its owner says otherwise. */
export const defaultNetworkSettings: NetworkSettings = {
  version: NETWORK_SETTINGS_VERSION,
  wan: { kind: 'dhcp', vlan: null },
  lan: {
    address: '192.168.77.1',
    prefixLength: 24,
    dhcp: { first: '192.168.77.100', last: '192.168.77.249', leaseMinutes: 720 },
    reservations: [],
  },
  guest: {
    enabled: false,
    address: '192.168.78.1',
    prefixLength: 24,
    dhcp: { first: '192.168.78.100', last: '192.168.78.249', leaseMinutes: 60 },
  },
  ipv6: { enabled: true, ula: null },
  wifi: {
    enabled: false,
    country: 'DE',
    band: '5',
    channel: 0,
    security: 'wpa2-wpa3',
    ssid: 'Holt',
    passphrase: 'change me first',
    guest: null,
  },
  forwards: [],
  shaping: null,
  dns: { upstream: [], refuseRebinding: true },
  wireguard: { enabled: false, port: 51820, address: '192.168.79.1', prefixLength: 24, endpoint: null, peers: [] },
}
