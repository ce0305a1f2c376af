import { isIPv6 } from 'node:net'
import os, { type NetworkInterfaceInfo } from 'node:os'

/** An address of the phone, as Java tells it. */
export interface PhoneNetwork {
  name: string
  address: string
  prefixLength: number
  internal: boolean
}

/**
 * Puts what the app tells in the place of what the kernel would: since Android 11 it refuses to say. What looks after networks asks
 * `os.networkInterfaces` each time, so it follows.
 */
export function useNetworks(networks: readonly PhoneNetwork[]): void {
  const interfaces: Record<string, NetworkInterfaceInfo[]> = {}
  for (const network of networks) (interfaces[network.name] ??= []).push(infoOf(network))
  os.networkInterfaces = () => interfaces
}

function infoOf({ address, prefixLength, internal }: PhoneNetwork): NetworkInterfaceInfo {
  const shared = { address, internal, mac: '00:00:00:00:00:00', cidr: `${address}/${prefixLength}` }
  return isIPv6(address)
    ? { ...shared, family: 'IPv6', netmask: netmask(prefixLength, 8, 16), scopeid: 0 }
    : { ...shared, family: 'IPv4', netmask: netmask(prefixLength, 4, 8) }
}

/** @param groups of so many bits each. */
function netmask(prefixLength: number, groups: number, bits: number): string {
  const parts = Array.from({ length: groups }, (_, i) => {
    const ones = Math.min(bits, Math.max(0, prefixLength - i * bits))
    return 2 ** bits - 2 ** (bits - ones)
  })
  return groups === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')
}
