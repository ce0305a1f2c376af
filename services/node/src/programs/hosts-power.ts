import { HoltError } from '@holt/core/errors.ts'
import { arrayOf, text, tuple } from '@holt/core/shape.ts'
import type { FetchOut } from '../platform.ts'
import type { Grant } from './installed-record.ts'
import { fieldOf, pack, type Parcel } from '@holt/sandbox/parcel.ts'

type HostsGrant = Extract<Grant, { kind: 'hosts' }>

const MAX_ANSWER_BYTES = 8 << 20
const MAX_URL_BYTES = 8192
const FETCH_MS = 30_000
const headers = arrayOf(tuple(text({ maxBytes: 256 }), text({ maxBytes: 8192 })), { max: 64 })
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** These are of the connection, or would say who asks in another's name. */
const notForPrograms = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive',
])

/** A request to a host that was granted. Redirections are answers as others: where they lead is asked for, and looked at, anew. */
export async function useHosts(
  fetchOut: FetchOut,
  grant: HostsGrant,
  { parcel, signal }: { parcel: Parcel; signal: AbortSignal },
): Promise<Uint8Array> {
  const url = checkedUrl(fieldOf(parcel, 'url', text({ maxBytes: MAX_URL_BYTES })))
  const pattern = grant.hosts.find((host) => fits(host, url))
  if (pattern === undefined) throw new HoltError('NOT_AUTHORIZED', `'${grant.name}' does not reach ${url.host}`, { host: url.host })
  const method = fieldOf(parcel, 'method', text({ maxBytes: 16 }))
  if (!methods.has(method)) throw new HoltError('INPUT_INVALID', `no request is made by ${method}`, { field: 'method' })
  const answer = await fetchOut({
    method,
    url: url.href,
    headers: fieldOf(parcel, 'headers', headers).filter(([name]) => !notForPrograms.has(name.toLowerCase())) as [string, string][],
    body: parcel.body,
    // who lists an address, or a name of the own network, means it; a public name that leads there is a trick
    mayBePrivate: isLocalName(pattern),
    maxBytes: MAX_ANSWER_BYTES,
    signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_MS)]),
  })
  return pack({ status: answer.status, headers: answer.headers }, answer.body)
}

export function checkedUrl(address: string): URL {
  if (!URL.canParse(address)) throw new HoltError('INPUT_INVALID', 'this is no address', { field: 'url' })
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new HoltError('INPUT_INVALID', 'only http and https', { field: 'url' })
  if (url.username !== '' || url.password !== '')
    throw new HoltError('INPUT_INVALID', 'a name and password are no part of an address', { field: 'url' })
  return url
}

/** Without a port the pattern means the usual one of http and https. */
export function fits(pattern: string, { hostname, port }: URL): boolean {
  const [, name = '', patternPort = ''] = /^([^:]*)(?::(\d+))?$/.exec(pattern) ?? []
  if (port !== patternPort && !(patternPort !== '' && port === '' && (patternPort === '80' || patternPort === '443'))) return false
  if (name.startsWith('*.')) return hostname.endsWith(name.slice(1)) && hostname.length > name.length - 1
  return hostname === name
}

function isLocalName(pattern: string): boolean {
  const name = pattern.replace(/:\d+$/, '')
  return /^[\d.]+$/.test(name) || !name.includes('.') || /\.(local|localhost|home\.arpa|internal|lan)$/.test(name)
}
