import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import {
  type BoxFacts,
  fileOf,
  type GeneratedFile,
  GUEST,
  LAN,
  outsideOf,
  ONLY_PORT,
  SHAPED_INGRESS,
  WAN_PORT,
  WIREGUARD,
} from './generated-file.ts'

type Entry = readonly [key: string, value: string | number | boolean]
type Section = readonly [name: string, ...entries: Entry[]]

/** Links, bridges and addresses, for systemd-networkd. */
export function networkdFiles(settings: NetworkSettings, facts: BoxFacts): GeneratedFile[] {
  const files = outside(settings, facts)
  if (settings.wireguard.enabled && facts.wireguardPrivateKey !== null) files.push(...wireguard(settings, facts.wireguardPrivateKey))
  if (facts.oneArmed) return files
  files.push(...bridge('25', LAN), ports(), inside(settings, { name: LAN, subnet: 0 }))
  if (settings.guest.enabled) files.push(...bridge('26', GUEST), inside(settings, { name: GUEST, subnet: 1 }))
  return files
}

function unit(path: string, sections: readonly Section[], secret?: true): GeneratedFile {
  const lines = sections.flatMap(([name, ...entries]) => [`[${name}]`, ...entries.map(([key, value]) => `${key}=${valueText(value)}`), ''])
  return { path: `network/${path}`, text: fileOf(lines.slice(0, -1)), ...(secret ? { secret } : {}) }
}

function valueText(value: Entry[1]): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

function outside({ wan, dns, ipv6, shaping }: NetworkSettings, { oneArmed }: BoxFacts): GeneratedFile[] {
  const { port, carrier, packets } = outsideOf(wan, oneArmed)
  const files: GeneratedFile[] = []
  const quiet: Entry[] = [
    ['LinkLocalAddressing', false],
    ['DHCP', false],
    ['IPv6AcceptRA', false],
  ]
  if (wan.vlan !== null) {
    files.push(
      unit('21-wan-vlan.netdev', [
        ['NetDev', ['Name', carrier], ['Kind', 'vlan']],
        ['VLAN', ['Id', wan.vlan]],
      ]),
    )
    files.push(unit(fileFor(port), [matching(port), notWaitedFor, ['Network', ...quiet, ['VLAN', carrier]]]))
  }
  if (shaping !== null) {
    files.push(unit('23-shaping.netdev', [['NetDev', ['Name', SHAPED_INGRESS], ['Kind', 'ifb']]]))
    files.push(unit('23-shaping.network', [matching(SHAPED_INGRESS), notWaitedFor, ['Network', ...quiet]]))
  }
  if (wan.kind === 'pppoe') files.push(unit(fileFor(carrier), [matching(carrier), notWaitedFor, ['Network', ...quiet]]))
  const network: Entry[] = [
    ['DHCP', dhcpKind(wan.kind, ipv6.enabled)],
    ['IPv6AcceptRA', ipv6.enabled],
    ['LinkLocalAddressing', ipv6.enabled ? 'ipv6' : 'no'],
    ['MulticastDNS', oneArmed],
    ['LLMNR', false],
    ['LLDP', false],
  ]
  if (wan.kind === 'static') network.push(['Address', `${wan.address}/${wan.prefixLength}`], ['Gateway', wan.gateway])
  // pppd gives the addresses; what it set must stay
  if (wan.kind === 'pppoe') network.push(['KeepConfiguration', true])
  network.push(...dns.upstream.map((address): Entry => ['DNS', address]))
  const useDns: Entry = ['UseDNS', dns.upstream.length === 0]
  files.push(
    unit(fileFor(packets), [
      matching(packets),
      notWaitedFor,
      ['Network', ...network],
      [
        'DHCPv4',
        useDns,
        ['UseDomains', false],
        ['UseHostname', false],
        ['UseTimezone', false],
        ['SendHostname', oneArmed],
        ['UseMTU', true],
      ],
      ['DHCPv6', useDns, ['UseDomains', false], ['UseHostname', false], ['WithoutRA', 'solicit'], ['PrefixDelegationHint', '::/56']],
      ['IPv6AcceptRA', useDns, ['UseDomains', false], ['DHCPv6Client', 'always']],
    ]),
  )
  return files
}

/** The image has a file of this name for the port itself, which this one must replace. */
function fileFor(link: string): string {
  return link === WAN_PORT || link === ONLY_PORT ? `20-${link}.network` : `22-${link}.network`
}

function dhcpKind(kind: NetworkSettings['wan']['kind'], ipv6: boolean): string {
  if (kind === 'dhcp') return ipv6 ? 'yes' : 'ipv4'
  return ipv6 ? 'ipv6' : 'no'
}

function matching(name: string): Section {
  return ['Match', ['Name', name]]
}

/** A cable that is not plugged in must not hold up the start. */
const notWaitedFor: Section = ['Link', ['RequiredForOnline', false]]

function bridge(order: string, name: string): GeneratedFile[] {
  return [
    unit(`${order}-${name}.netdev`, [
      ['NetDev', ['Name', name], ['Kind', 'bridge']],
      ['Bridge', ['STP', false], ['MulticastSnooping', true]],
    ]),
  ]
}

/** Every wired port that is not the outside one. */
function ports(): GeneratedFile {
  return unit('20-ports.network', [
    ['Match', ['Name', 'port*']],
    notWaitedFor,
    ['Network', ['Bridge', LAN], ['LinkLocalAddressing', false], ['LLDP', false]],
  ])
}

function inside(settings: NetworkSettings, { name, subnet }: { name: string; subnet: number }): GeneratedFile {
  const { lan, guest, ipv6, wan } = settings
  const { address, prefixLength } = name === LAN ? lan : guest
  const isLan = name === LAN
  const network: Entry[] = [
    ['Address', `${address}/${prefixLength}`],
    ['ConfigureWithoutCarrier', true],
    ['LinkLocalAddressing', 'ipv6'],
    ['IPv6AcceptRA', false],
    ['MulticastDNS', isLan],
    ['LLMNR', false],
    ['LLDP', false],
    ['IPv6SendRA', ipv6.enabled],
    ['DHCPPrefixDelegation', ipv6.enabled],
  ]
  const sections: Section[] = [matching(name), notWaitedFor, ['Network', ...network]]
  if (ipv6.enabled) {
    sections.push(['DHCPPrefixDelegation', ['UplinkInterface', outsideOf(wan, false).packets], ['SubnetId', subnet], ['Announce', true]])
    sections.push(['IPv6SendRA', ['EmitDNS', true], ['DNS', '_link_local'], ['EmitDomains', isLan], ['Domains', 'lan']])
    if (ipv6.ula !== null) {
      const prefix = ipv6.ula.replace(/::$/, `:${subnet}::`)
      network.push(['Address', `${prefix}1/64`])
      sections.push(['IPv6Prefix', ['Prefix', `${prefix}/64`]])
    }
  }
  sections[2] = ['Network', ...network]
  return unit(`${isLan ? 25 : 26}-${name}.network`, sections)
}

function wireguard({ wireguard: { port, address, prefixLength, peers } }: NetworkSettings, privateKey: string): GeneratedFile[] {
  const netdev: Section[] = [
    ['NetDev', ['Name', WIREGUARD], ['Kind', 'wireguard']],
    ['WireGuard', ['PrivateKey', privateKey], ['ListenPort', port]],
    ...peers.map(
      ({ publicKey, presharedKey, address: peer }): Section => [
        'WireGuardPeer',
        ['PublicKey', publicKey],
        ['PresharedKey', presharedKey],
        ['AllowedIPs', `${peer}/32`],
      ],
    ),
  ]
  return [
    unit(`27-${WIREGUARD}.netdev`, netdev, true),
    unit(`27-${WIREGUARD}.network`, [
      matching(WIREGUARD),
      notWaitedFor,
      ['Network', ['Address', `${address}/${prefixLength}`], ['LinkLocalAddressing', false], ['IPv6AcceptRA', false]],
    ]),
  ]
}
