import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { type BoxFacts, fileOf, type GeneratedFile, outsideOf } from './generated-file.ts'

/** For pppd, as its options file; null when the line needs none. */
export function pppoeFile({ wan, ipv6, dns }: NetworkSettings, { oneArmed }: BoxFacts): GeneratedFile | null {
  if (wan.kind !== 'pppoe') return null
  const lines = [
    // both the newer and the older pppd know the plugin under this name
    'plugin rp-pppoe.so',
    `nic-${outsideOf(wan, oneArmed).carrier}`,
    `user ${quoted(wan.user)}`,
    `password ${quoted(wan.password)}`,
    'unit 0',
    'noauth',
    'hide-password',
    'noipdefault',
    'defaultroute',
    'persist',
    'maxfail 0',
    'holdoff 5',
    'lcp-echo-interval 15',
    'lcp-echo-failure 3',
    'mtu 1492',
    'mru 1492',
    'noaccomp',
    'nopcomp',
    'nodetach',
  ]
  if (ipv6.enabled) lines.push('+ipv6')
  if (dns.upstream.length === 0) lines.push('usepeerdns')
  return { path: 'ppp-wan', text: fileOf(lines), secret: true }
}

/** A word of pppd's options file. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
