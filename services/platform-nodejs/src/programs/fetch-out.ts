import { lookup, type LookupAddress } from 'node:dns'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import { isPublicAddress } from '@holt/core/public-address.ts'

interface FetchOptions {
  method: string
  url: string
  headers: [string, string][]
  body: Uint8Array
  mayBePrivate: boolean
  maxBytes: number
  signal: AbortSignal
}

interface Answer {
  status: number
  headers: [string, string][]
  body: Uint8Array
}

/** The address that a connection is made to is the one that was looked at: a name cannot lead elsewhere between. */
function checkedLookup(mayBePrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []) as LookupAddress[]
      const allowed = addresses.filter(({ address }) => mayBePrivate || isPublicAddress(address))
      const first = allowed[0]
      if (error !== null) callback(error, '', 0)
      else if (first === undefined) callback(refused(hostname), '', 0)
      else if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

const refused = (host: string): HoltError =>
  new HoltError('NOT_AUTHORIZED', `${host} is not on the internet but on a network of one's own`, { host })

/** One request of a program, its answer bounded in bytes. @throws HoltError PEER_UNREACHABLE, TIMED_OUT, TOO_LARGE, NOT_AUTHORIZED. */
export async function fetchOut({ method, url, headers, body, mayBePrivate, maxBytes, signal }: FetchOptions): Promise<Answer> {
  const { protocol, hostname } = new URL(url)
  const address = hostname.replace(/^\[|\]$/g, '')
  if (!mayBePrivate && isIP(address) !== 0 && !isPublicAddress(address)) throw refused(hostname)
  const sent: Record<string, string | string[]> = { 'accept-encoding': 'identity', 'user-agent': 'Holt' }
  for (const [name, value] of headers) sent[name.toLowerCase()] = value
  if (body.length > 0) sent['content-length'] = String(body.length)
  const options: RequestOptions = {
    method,
    headers: sent,
    signal,
    agent: false,
    lookup: checkedLookup(mayBePrivate),
    maxHeaderSize: 32 << 10,
  }
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve)
      request.on('error', reject)
      request.end(body)
    })
    return { status: checkedStatus(response), headers: pairsOf(response), body: await bodyOf(response, maxBytes) }
  } catch (cause) {
    if (cause instanceof HoltError) throw cause
    if (signal.aborted && (signal.reason as Error | undefined)?.name === 'TimeoutError')
      throw new HoltError('TIMED_OUT', `${hostname} did not answer in time`, { host: hostname }, { cause })
    if (signal.aborted) throw new HoltError('CANCELLED', 'the program ended meanwhile', {}, { cause })
    throw new HoltError('PEER_UNREACHABLE', `${hostname} cannot be reached: ${(cause as Error).message}`, { host: hostname }, { cause })
  }
}

function checkedStatus({ statusCode = 0 }: IncomingMessage): number {
  if (statusCode < 200 || statusCode > 599) throw new HoltError('PEER_UNREACHABLE', `an answer of status ${statusCode}`)
  return statusCode
}

function pairsOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.push([(rawHeaders[i] as string).toLowerCase(), rawHeaders[i + 1] as string])
  return pairs
}

async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBytes) {
      response.destroy()
      throw new HoltError('TOO_LARGE', `the answer has more than ${maxBytes} bytes`, { limit: maxBytes })
    }
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
