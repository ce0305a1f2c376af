/** An IPv4 address as a number, for ranges. The text fits the schema. */
export function ipv4Number(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

export interface Ipv4Network {
  first: number
  last: number
}

/** The network an address lies in, with its own and its broadcast address. */
export function ipv4Network(address: string, prefixLength: number): Ipv4Network {
  const size = 2 ** (32 - prefixLength)
  const first = Math.floor(ipv4Number(address) / size) * size
  return { first, last: first + size - 1 }
}

/** '192.168.77.0/24' */
export function ipv4NetworkText(address: string, prefixLength: number): string {
  return `${ipv4Text(ipv4Network(address, prefixLength).first)}/${prefixLength}`
}

/** 24 → '255.255.255.0' */
export function netmaskText(prefixLength: number): string {
  return ipv4Text(2 ** 32 - 2 ** (32 - prefixLength))
}

/** True when hosts can have it: in the network, neither its first nor its last address. */
export function isHostIn({ first, last }: Ipv4Network, address: string): boolean {
  const number = ipv4Number(address)
  return number > first && number < last
}

export function overlap(a: Ipv4Network, b: Ipv4Network): boolean {
  return a.first <= b.last && b.first <= a.last
}

const privateNetworks = [ipv4Network('10.0.0.0', 8), ipv4Network('172.16.0.0', 12), ipv4Network('192.168.0.0', 16)]

/** RFC 1918 */
export function isPrivate(network: Ipv4Network): boolean {
  return privateNetworks.some(({ first, last }) => first <= network.first && network.last <= last)
}

/** The URL parser of every platform knows IPv6. */
export function isIpv6(text: string): boolean {
  return text.includes(':') && URL.canParse(`http://[${text}]/`)
}

export function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)
}
