import { BlockList, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

export interface LanAddress {
  interface: string
  address: string
  family: 'ipv4' | 'ipv6'
}

/** Private (RFC 1918), link-local (RFC 3927) and unique local (RFC 4193) addresses; those of IPv6 that need a zone are left out. */
const local = new BlockList()
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  local.addSubnet(net, prefix, 'ipv4')
local.addSubnet('fc00::', 7, 'ipv6')

export function isLanAddress(address: string): boolean {
  return local.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/**
 * The addresses that this machine has on local networks.
 *
 * @param only the interfaces that count, loopback among them if it is named; null: all but loopback.
 */
export function lanAddresses(only: readonly string[] | null): LanAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ address, internal }) =>
        only === null ? !internal && isLanAddress(address) : only.includes(name) && (internal || isLanAddress(address)),
      )
      .map(({ address, family }) => ({ interface: name, address, family: family === 'IPv6' ? ('ipv6' as const) : ('ipv4' as const) })),
  )
}

/** Those that are reached from everywhere. */
export function publicAddresses(): LanAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ address, internal }) => !internal && !isLanAddress(address) && !address.toLowerCase().startsWith('fe80:'))
      .map(({ address, family }) => ({ interface: name, address, family: family === 'IPv6' ? ('ipv6' as const) : ('ipv4' as const) })),
  )
}

/** Listen there, as multiaddresses; with `webSocket` at the next port, too. */
export function listenAddresses({ address, family }: LanAddress, port: number, { webSocket }: { webSocket: boolean }): string[] {
  const host = `/${family === 'ipv6' ? 'ip6' : 'ip4'}/${address}/tcp`
  return [`${host}/${port}`, ...(webSocket ? [`${host}/${port === 0 ? 0 : port + 1}/ws`] : [])]
}
