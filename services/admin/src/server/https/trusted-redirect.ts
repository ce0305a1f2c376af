import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { AdminApp, AdminContext } from '../context.ts'
import { hostName } from '../guard.ts'

const DAYS = 60
/** Opens the page without HTTPS again, for a browser that cannot any more. */
const PLAIN_QUERY = 'plain'

/**
 * Over HTTP the page itself is redirected to HTTPS only where this very browser has shown that it trusts the authority: the page tells it
 * (`POST /api/authority/trusted`) once a service worker runs, which no browser allows with a certificate that was merely clicked through. The mark is a cookie
 * that names the authority, so that one of another authority means nothing. Who puts such a mark into a browser over plain HTTP gains nothing but this redirection.
 */
export function redirectTrusted(app: AdminApp, context: AdminContext): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.protocol !== 'http' || request.method !== 'GET' || !isPage(request.url)) return
    const target = secureAddress(context, request)
    const { name, value } = markOf(context)
    if (target === null || value === null || request.cookies[name] !== value) return
    const query = request.url.slice(request.url.indexOf('?') + 1)
    if (request.url.includes('?') && new URLSearchParams(query).has(PLAIN_QUERY)) return void reply.clearCookie(name, { path: '/' })
    return reply.header('cache-control', 'no-store').redirect(target, 307)
  })
}

/** @returns the cookie that says that this browser trusts our authority; value null while there is none. */
export function markOf({ https, owner }: AdminContext): { name: string; value: string | null; maxAge: number } {
  const authority = https?.authority() ?? null
  const value = authority && createHash('sha256').update(authority.fingerprint).digest('hex').slice(0, 32)
  return { name: `holt-https-${owner.id}`, value, maxAge: DAYS * 86_400 }
}

/** The document; what it loads, and the API, are asked relative to it. */
function isPage(url: string): boolean {
  return /^\/(?:index\.html)?(?:\?|$)/.test(url)
}

/** Of this server over HTTPS, by the name that the request has for it; null where it is not. */
export function secureAddress({ https }: Pick<AdminContext, 'https'>, request: FastifyRequest): string | null {
  const port = https?.port() ?? null
  const name = hostName(request.headers.host)
  if (port === null || name === null) return null
  return `https://${name.includes(':') ? `[${name}]` : name}${port === 443 ? '' : `:${port}`}/`
}
