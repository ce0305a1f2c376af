import { netmaskText } from '@holt/control/box/addresses.ts'
import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { type BoxFacts, fileOf, type GeneratedFile, GUEST, LAN, WIREGUARD } from './generated-file.ts'

export const LEASE_FILE = '/var/lib/dnsmasq/leases'

/** Addresses and names for the inside. */
export function dnsmasqFile(settings: NetworkSettings, { oneArmed }: BoxFacts): GeneratedFile {
  const lines = oneArmed ? nothing : [...general(settings), ...names(settings), ...upstream(settings), ...addresses(settings)]
  return { path: 'dnsmasq.conf', text: fileOf(lines) }
}

/** Somebody else's network has its own. */
const nothing = ['port=0', 'interface=lo', 'bind-interfaces', 'no-resolv', 'pid-file=']

function general({ guest, wireguard }: NetworkSettings): string[] {
  const lines = ['user=dnsmasq', 'group=dnsmasq', 'pid-file=', 'bind-dynamic', 'except-interface=lo', `interface=${LAN}`]
  if (guest.enabled) lines.push(`interface=${GUEST}`)
  if (wireguard.enabled) lines.push(`interface=${WIREGUARD}`, `no-dhcp-interface=${WIREGUARD}`)
  return [...lines, 'no-hosts', 'cache-size=2000', 'dns-forward-max=300', 'edns-packet-max=1232']
}

function names({ dns }: NetworkSettings): string[] {
  const lines = ['domain-needed', 'bogus-priv', 'domain=lan', 'local=/lan/', 'expand-hosts', 'localise-queries']
  lines.push(`interface-name=holt.lan,${LAN}`, `interface-name=holt,${LAN}`)
  if (dns.refuseRebinding) lines.push('stop-dns-rebind', 'rebind-localhost-ok', 'rebind-domain-ok=/lan/')
  // browsers ask this before they go round a network's own names
  lines.push('server=/use-application-dns.net/')
  return lines
}

function upstream({ dns }: NetworkSettings): string[] {
  if (dns.upstream.length === 0) return ['resolv-file=/run/systemd/resolve/resolv.conf']
  return ['no-resolv', 'all-servers', ...dns.upstream.map((address) => `server=${address}`)]
}

function addresses({ lan, guest }: NetworkSettings): string[] {
  const lines = [
    `dhcp-leasefile=${LEASE_FILE}`,
    'dhcp-authoritative',
    'dhcp-rapid-commit',
    'dhcp-lease-max=1000',
    'dhcp-name-match=set:wpad,wpad',
    'dhcp-ignore-names=tag:wpad',
  ]
  if (lan.dhcp !== null) {
    lines.push(...range('lan', { ...lan, dhcp: lan.dhcp }))
    lines.push(...lan.reservations.map(({ mac, address, name }) => `dhcp-host=${mac},${address},${name}`))
  }
  lines.push(...lan.reservations.map(({ address, name }) => `host-record=${name}.lan,${name},${address}`))
  if (guest.enabled) lines.push(...range('guest', guest))
  return lines
}

function range(
  tag: string,
  { address, prefixLength, dhcp }: NetworkSettings['guest'] | (NetworkSettings['lan'] & { dhcp: object }),
): string[] {
  const { first, last, leaseMinutes } = dhcp as NetworkSettings['guest']['dhcp']
  return [
    `dhcp-range=set:${tag},${first},${last},${netmaskText(prefixLength)},${leaseMinutes}m`,
    `dhcp-option=tag:${tag},option:router,${address}`,
    `dhcp-option=tag:${tag},option:dns-server,${address}`,
    `dhcp-option=tag:${tag},option:ntp-server,${address}`,
  ]
}
