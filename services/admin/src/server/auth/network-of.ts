import { isIPv6 } from 'node:net'

/** What one caller has: an IPv4 address, or all 2^64 of an IPv6 network. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const plain = address.split('%')[0] as string
  return isIPv6(plain) ? groups(plain).slice(0, 4).join(':') : address
}

/** All eight groups of an IPv6 address. */
function groups(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  if (tail === undefined) return before.map(tidy)
  const after = tail === '' ? [] : tail.split(':')
  return [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'), ...after].map(tidy)
}

function tidy(group: string): string {
  return group.toLowerCase().replace(/^0+(?=.)/, '')
}
