import { lookup as resolve } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import { isPublicAddress } from '@holt/core/public-address.ts'

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
