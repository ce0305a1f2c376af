import { BlockList, isIP, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { plainAddress, PRIVATE_NETWORKS } from './certificates.ts'

const privateNetworks = new BlockList()
for (const network of PRIVATE_NETWORKS) {
  const [address = '', prefix = ''] = network.split('/')
  privateNetworks.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** Of a box: the line to the provider and the guests, where the page does not answer. */
const OUTSIDE = /^(?:wan|ppp|guest)\d*/

/**
 * The addresses under which this machine's page is reached at home; never a public one.
 *
 * @param host what it listens on: one address, or all of them.
 */
export function ownAddresses(host: string, interfaces = networkInterfaces()): string[] {
  if (isIP(host) !== 0 && host !== '::' && host !== '0.0.0.0') return isPrivate(host) ? [plainAddress(host)] : []
  const inside = Object.entries(interfaces).filter(([name]) => !OUTSIDE.test(name))
  const addresses = inside.flatMap(([, list]) => list ?? []).filter(({ internal, address }) => !internal && isPrivate(address))
  return [...new Set(addresses.map(({ address }) => plainAddress(address)))]
}

/** Made by programs for machines inside this one; no phone reaches them. */
const VIRTUAL = /^(?:docker|veth|br-|virbr|vnet|tun|tap|wg|lxc|podman|cni)/

/**
 * Where a phone in the same network reaches this machine, or null: where it listens to itself alone, or has no private address.
 *
 * @param near the address at which somebody reached it just now, which is the best answer unless it is its own.
 */
export function addressForPhones(host: string, { near, interfaces = networkInterfaces() }: AddressChoice = {}): string | null {
  const reached = near?.replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
  if (isIP(reached) !== 0 && !isOwn(reached) && !/^fe80:/i.test(reached)) return plainAddress(reached)
  const outer = Object.fromEntries(Object.entries(interfaces).filter(([name]) => !VIRTUAL.test(name)))
  const found = ownAddresses(host, outer).filter((address) => !isOwn(address))
  return found.find((address) => !isIPv6(address)) ?? found[0] ?? null
}

interface AddressChoice {
  near?: string | undefined
  interfaces?: ReturnType<typeof networkInterfaces>
}

function isOwn(address: string): boolean {
  const plain = plainAddress(address)
  return plain === '::1' || plain.startsWith('127.')
}

function isPrivate(address: string): boolean {
  const plain = plainAddress(address)
  return privateNetworks.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}
