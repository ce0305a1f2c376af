import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'

/** Of no machine on the open internet, by the registries of special addresses. */
const special = new BlockList()
for (const [address, bits] of [
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
] as const)
  special.addSubnet(address, bits, 'ipv4')
/** What is in use of IPv6, without tunnels that end at any IPv4 address. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
for (const [address, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(address, bits, 'ipv6')

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4')
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/**
 * The address of a push service that a browser named: a stranger's word, by which this node must not be led into its own network.
 *
 * @param loopback for tests: a service on this machine, without TLS too.
 * @throws HoltError INPUT_INVALID.
 */
export function checkEndpoint(text: string, { loopback = false }: { loopback?: boolean } = {}): URL {
  const wrong = (why: string): HoltError => new HoltError('INPUT_INVALID', `this is no push service: ${why}`, { field: 'endpoint' })
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw wrong('not an address')
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw wrong('more than an address')
  if (loopback && url.hostname === '127.0.0.1') return url
  if (url.protocol !== 'https:') throw wrong('not encrypted')
  if (url.port !== '') throw wrong('another port')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 ? !isPublicAddress(host) : !isPublicName(host)) throw wrong('not on the open internet')
  return url
}

function isPublicName(host: string): boolean {
  return /^(?=.{1,253}$)([\w-]{1,63}\.)+[a-z][\w-]{1,62}$/i.test(host) && !/\.(local|localhost|internal|lan|home|arpa)$/i.test(host)
}

/** Looks a name up and connects to public addresses only: what was checked is what is connected to. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const found = addresses.filter(({ address }) => isPublicAddress(address))
    const [first] = found
    if (first === undefined) {
      const refused: NodeJS.ErrnoException = new Error(`${hostname} is not on the open internet`)
      refused.code = 'ENOTFOUND'
      return callback(refused, '', 0)
    }
    if (options.all === true) callback(null, found)
    else callback(null, first.address, first.family)
  })
}
