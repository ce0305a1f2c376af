/**
 * Networks in which a node is reached: the /24 of an IPv4 address, the /48 of an IPv6 one, as texts to compare. What befalls one line or
 * house befalls all in it.
 *
 * @param addresses multiaddresses. Those of the machine itself and those by a relay say nothing; private ones only where there are no public ones,
 * for every second house has the same.
 */
export function subnetsOf(addresses: readonly string[]): string[] {
  const direct = addresses.filter((address) => !address.includes('/p2p-circuit')).flatMap((address) => subnetOf(address) ?? [])
  const shared = direct.filter(({ isPrivate }) => !isPrivate)
  return [...new Set((shared.length > 0 ? shared : direct).map(({ subnet }) => subnet))]
}

interface Subnet {
  subnet: string
  isPrivate: boolean
}

function subnetOf(address: string): Subnet | null {
  const [, kind, host = ''] = /^\/(ip4|ip6|dns|dns4|dns6|dnsaddr)\/([^/]+)/.exec(address) ?? []
  if (kind === undefined) return null
  if (kind === 'ip4') return ofIpv4(host)
  return kind === 'ip6' ? ofIpv6(host) : { subnet: host.toLowerCase(), isPrivate: false }
}

function ofIpv4(host: string): Subnet | null {
  const parts = host.split('.').map(Number)
  const [a = 0, b = 0, c = 0] = parts
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255)) || a === 127 || a === 0) return null
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  return { subnet: `${a}.${b}.${c}.0/24`, isPrivate }
}

function ofIpv6(host: string): Subnet | null {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host) ?? []
  if (mapped !== undefined) return ofIpv4(mapped)
  const groups = expanded(host)
  if (groups === null) return null
  const first = groups[0] as number
  if (groups.slice(0, 7).every((group) => group === 0)) return null
  const isPrivate = (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80
  return {
    subnet: `${groups
      .slice(0, 3)
      .map((group) => group.toString(16))
      .join(':')}::/48`,
    isPrivate,
  }
}

/** Eight groups. @returns null for what is no IPv6 address of groups alone. */
function expanded(host: string): number[] | null {
  const [head = '', tail, more] = host.split('::')
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN))
  const [before, after] = [read(head), read(tail ?? '')]
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  if (more !== undefined || zeros < (tail === undefined ? 0 : 1)) return null
  const groups = [...before, ...Array.from({ length: zeros }, () => 0), ...after]
  return groups.length === 8 && !groups.some(Number.isNaN) ? groups : null
}
