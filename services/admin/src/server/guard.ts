import { isIP } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'

/** Any script of ours sends it; no form, picture or link of another site can. */
export const REQUEST_HEADER = 'x-holt'

const readMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses names that are not ours: a page of another site whose name was made to point here (DNS rebinding) calls
 * with its own name in Host. An IP address or localhost cannot be pointed elsewhere.
 */
export function checkHost(request: FastifyRequest, allowedHosts: readonly string[]): void {
  const name = hostName(request.headers.host)
  if (name !== null && (name === 'localhost' || isIP(name) !== 0 || allowedHosts.includes(name))) return
  throw new HoltError('NOT_AUTHORIZED', 'this page does not answer under this host name', { host: name ?? '' })
}

/** @returns the name without its port; null for what is none. */
export function hostName(host: string | undefined): string | null {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host ?? '')
  return (parts?.[1] ?? parts?.[2])?.toLowerCase().replace(/\.$/, '') ?? null
}

/** Refuses what a page of another site (or of another port of this host) may have made the browser send. */
export function checkSameSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw crossSite('sec-fetch-site')
  if (readMethods.has(request.method)) return
  if (site === 'none') throw crossSite('sec-fetch-site')
  // A token is never sent by itself, as a cookie is.
  if (request.headers[REQUEST_HEADER] === undefined && request.headers.authorization === undefined) throw crossSite(REQUEST_HEADER)
  const origin = request.headers.origin
  if (origin !== undefined && !sameHost(origin, request)) throw crossSite('origin')
}

/** What came over TLS must come from the page over TLS; without it there may be a proxy before us that has TLS. */
function sameHost(origin: string, { headers, protocol }: FastifyRequest): boolean {
  if (!URL.canParse(origin)) return false
  const from = new URL(origin)
  return from.host === headers.host?.toLowerCase() && (protocol === 'http' || from.protocol === 'https:')
}

function crossSite(header: string): HoltError {
  return new HoltError('NOT_AUTHORIZED', 'this request came from another site', { header })
}
