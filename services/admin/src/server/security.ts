import type { IncomingHttpHeaders } from 'node:http'
import helmet from '@fastify/helmet'
import type { AdminApp } from './context.ts'
import { checkHost, checkSameSite } from './guard.ts'

/** How long the body of a small request may take to arrive. An upload may take as long as it moves, and every answer as long as it is read. */
const BODY_ARRIVAL_MS = 30_000

/** Uploads. */
const slowRoutes = new Set([
  'PUT /api/files/content',
  'PUT /dav/*',
  'PATCH /api/uploads/:id',
  'PUT /api/box/updates/bundle',
  'PUT /api/programs/package',
])

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const pagePolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'worker-src': ["'self'"],
  // A PDF, by the browser's own viewer; every other content refuses to be framed.
  'frame-src': ["'self'"],
  'form-action': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  // The addresses of workers, which the page names itself.
  'trusted-types': ['holt-worker'],
}

/** The page behind a share link checks hashes in WebAssembly of its own. */
export const sharedPagePolicy = Object.entries({ ...pagePolicy, 'frame-src': ["'none'"], 'script-src': ["'self'", "'wasm-unsafe-eval'"] })
  .map(([name, values]) => `${name} ${values.join(' ')}`)
  .join(';')

export async function secure(app: AdminApp, allowedHosts: readonly string[]): Promise<void> {
  const names = allowedHosts.map((name) => name.toLowerCase())
  app.addHook('onRequest', async (request) => {
    checkHost(request, names)
    if (isApi(request.url)) checkSameSite(request)
  })
  app.addHook('onRequest', async (request, reply) => {
    if (isApi(request.url)) reply.header('cache-control', 'no-store')
  })
  forgetTypeOfNothing(app)
  limitArrival(app)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: pagePolicy },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // Served without TLS on the machine itself; a browser that remembered this would be locked out.
    strictTransportSecurity: false,
  })
}

/** Some programs name a type for a body that they do not send; there is nothing to read by it. */
const EMPTY_TYPES = /^application\/(?:json|x-www-form-urlencoded)\b/i

function forgetTypeOfNothing(app: AdminApp): void {
  app.addHook('onRequest', async ({ headers }) => {
    if (!hasBody(headers) && EMPTY_TYPES.test(headers['content-type'] ?? '')) delete headers['content-type']
  })
}

export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

export function isApi(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url)
}

function limitArrival(app: AdminApp): void {
  app.addHook('preParsing', async (request) => {
    if (!hasBody(request.headers) || slowRoutes.has(`${request.method} ${request.routeOptions.url}`)) return
    const timer = setTimeout(() => request.raw.destroy(), BODY_ARRIVAL_MS)
    timer.unref()
    request.raw.once('end', () => clearTimeout(timer))
    request.raw.once('close', () => clearTimeout(timer))
  })
}
