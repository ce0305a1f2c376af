/** Of no machine on the open internet, by the registries of special addresses. */
const special4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** What is in use of IPv6. */
const GLOBAL_6 = ['2000::', 3] as const
/** Of that: tunnels, which end at any IPv4 address, and what is for documents. */
const special6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/**
 * Whether an address (no name) is one of the open internet: whoever gives one must not lead this node into its own networks.
 *
 * @returns false also for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  const four = bitsOf4(address)
  if (four !== null) return !special4.some(([network, length]) => isWithin(four, bitsOf4(network), length))
  const six = bitsOf6(address)
  if (six === null || !isWithin(six, bitsOf6(GLOBAL_6[0]), GLOBAL_6[1])) return false
  return !special6.some(([network, length]) => isWithin(six, bitsOf6(network), length))
}

function isWithin(bits: string, network: string | null, length: number): boolean {
  return network !== null && bits.slice(0, length) === network.slice(0, length)
}

function bitsOf4(address: string): string | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  const bytes = match?.slice(1).map(Number)
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return null
  return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
}

/** URLs know all ways to write one, and give it back as groups with one gap at most. */
function bitsOf6(address: string): string | null {
  if (!/^[\da-f:.]+$/i.test(address) || !address.includes(':') || !URL.canParse(`http://[${address}]/`)) return null
  const [before = '', after] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const [left, right] = [before, after ?? ''].map((text) => (text === '' ? [] : text.split(':'))) as [string[], string[]]
  const gap = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...gap, ...right].map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}
