import type { Forward, NetworkSettings } from '@holt/control/box/network-settings.ts'
import { type BoxFacts, fileOf, type GeneratedFile, GUEST, LAN, outsideOf, WIREGUARD } from './generated-file.ts'

/** The node runs as this user; what it sends out gives way to everything else. */
const NODE_USER_ID = 990

const PRIVATE_IPV4 = '{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10 }'

/**
 * The firewall: one table, exchanged as a whole. What is not allowed is dropped; from outside nothing is, but answers, what keeps a
 * line alive, and what the owner opened.
 */
export function nftablesFile(settings: NetworkSettings, facts: BoxFacts): GeneratedFile {
  const chains = [inputChain(settings, facts), forwardChain(settings, facts), ...natChains(settings, facts), outputChain(settings, facts)]
  const lines = ['table inet holt', 'delete table inet holt', 'table inet holt {', ...chains.flat(), '}']
  return { path: 'nftables.conf', text: fileOf(lines) }
}

function chain(name: string, rules: readonly string[]): string[] {
  return [`\tchain ${name} {`, ...rules.map((rule) => `\t\t${rule}`), '\t}']
}

const knownConnections = 'ct state vmap { established : accept, related : accept, invalid : drop }'

/** Without these an IPv6 host does not even have an address. Never from another network: they would not have 255 hops left. */
const neighbours = 'ip6 hoplimit 255 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept'

function inputChain({ wan, guest, wireguard }: NetworkSettings, { oneArmed }: BoxFacts): string[] {
  const { packets } = outsideOf(wan, oneArmed)
  const rules = [
    'type filter hook input priority filter; policy drop;',
    knownConnections,
    'iifname "lo" accept',
    neighbours,
    'icmpv6 type { mld-listener-query, mld-listener-report, mld2-listener-report } accept',
    `iifname { "${LAN}", "${WIREGUARD}" } accept`,
  ]
  if (guest.enabled) {
    rules.push(`iifname "${GUEST}" udp dport { 53, 67 } accept`, `iifname "${GUEST}" tcp dport 53 accept`)
    rules.push(`iifname "${GUEST}" icmp type echo-request limit rate 10/second accept`)
  }
  rules.push(`iifname "${packets}" udp sport 67 udp dport 68 accept`)
  rules.push(`iifname "${packets}" ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept`)
  if (wireguard.enabled) rules.push(`iifname "${packets}" udp dport ${wireguard.port} accept`)
  if (oneArmed) {
    rules.push(`iifname "${packets}" ip saddr ${PRIVATE_IPV4} accept`, `iifname "${packets}" ip6 saddr { fe80::/10, fc00::/7 } accept`)
  }
  return chain('input', rules)
}

function forwardChain({ wan, guest }: NetworkSettings, { oneArmed }: BoxFacts): string[] {
  const { packets } = outsideOf(wan, oneArmed)
  const inside = `{ "${LAN}", "${WIREGUARD}" }`
  const rules = ['type filter hook forward priority filter; policy drop;']
  // a packet over PPPoE is smaller than what hosts believe, and many a network drops the message that says so
  if (wan.kind === 'pppoe') rules.push('tcp flags syn tcp option maxseg size set rt mtu')
  rules.push(
    knownConnections,
    `iifname "${packets}" ct status dnat accept`,
    `iifname ${inside} oifname { "${LAN}", "${WIREGUARD}", "${packets}" } accept`,
  )
  if (guest.enabled) {
    rules.push(`iifname "${GUEST}" oifname "${packets}" ip daddr ${PRIVATE_IPV4} drop`)
    rules.push(`iifname "${GUEST}" oifname "${packets}" ip6 daddr { fe80::/10, fc00::/7 } drop`)
    rules.push(`iifname "${GUEST}" oifname "${packets}" accept`)
  }
  return chain('forward', rules)
}

function natChains({ wan, lan, forwards }: NetworkSettings, { oneArmed }: BoxFacts): string[][] {
  const { packets } = outsideOf(wan, oneArmed)
  const open = forwards.filter(({ enabled }) => enabled)
  const destination = [
    'type nat hook prerouting priority dstnat; policy accept;',
    ...open.flatMap((forward) => [
      `iifname "${packets}" meta nfproto ipv4 ${destinationRule(forward)}`,
      // the same name works at home: packets to the outside address turn round here
      `iifname "${LAN}" fib daddr type local ip daddr != ${lan.address} ${destinationRule(forward)}`,
    ]),
  ]
  const source = ['type nat hook postrouting priority srcnat; policy accept;', `oifname "${packets}" meta nfproto ipv4 masquerade`]
  if (open.length > 0) source.push(`iifname "${LAN}" oifname "${LAN}" ct status dnat masquerade`)
  return [chain('prerouting', destination), chain('postrouting', source)]
}

function destinationRule({ protocol, port, lastPort, toAddress, toPort }: Forward): string {
  const isRange = lastPort !== null && lastPort > port
  const ports = isRange ? `${port}-${lastPort}` : `${port}`
  const target = isRange || toPort === port ? toAddress : `${toAddress}:${toPort}`
  const protocols = protocol === 'both' ? '{ tcp, udp }' : protocol
  return `meta l4proto ${protocols} th dport ${ports} dnat ip to ${target}`
}

/** Marked as what may wait (RFC 8622's forerunner CS1): cake puts it behind everything else, and so does many a provider. */
function outputChain({ wan }: NetworkSettings, { oneArmed }: BoxFacts): string[] {
  const { packets } = outsideOf(wan, oneArmed)
  const node = `oifname "${packets}" meta skuid ${NODE_USER_ID}`
  return chain('output', ['type filter hook output priority mangle; policy accept;', `${node} ip dscp set cs1`, `${node} ip6 dscp set cs1`])
}
