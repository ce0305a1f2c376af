import swagger from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { accessOf } from './access/access-table.ts'
import type { AdminApp } from './context.ts'
import { REQUEST_HEADER } from './guard.ts'

/** The document of every route, at /api; made from the schemas the routes themselves check by. */
export async function describeApi(app: AdminApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Holt',
        version,
        description: `What the page of a node calls. Requests that change something need the header \`${REQUEST_HEADER}: 1\`, or a token. Those that change files take the header \`Holt-Lease: TERM.NUMBER\` of a lease under which they are made. Which callers a route answers is in its security; people other than the owner are further limited to their paths.`,
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'holt-session-<id>',
            description: 'of who signed in; over HTTPS its name begins with __Host-',
          },
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'holt_<id>_<secret>',
            description: 'made on the page Security, for some kinds of calls',
          },
          setupCode: { type: 'apiKey', in: 'header', name: 'x-holt-setup-code', description: 'until there is an owner password' },
        },
      },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: { ...schema, ...rawBodyOf(schema), security: securityOf([route.method].flat()[0] ?? 'GET', url) },
    }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      nameHeads((document.openapiObject.paths ?? {}) as Paths)
      return document.openapiObject
    },
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`) },
  })
  app.get('/api', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  )
}

/** Bytes as they come are read by the route itself, which has no schema for them. */
function rawBodyOf({ consumes, body }: FastifySchema): Pick<FastifySchema, 'body'> {
  return consumes === undefined || body !== undefined ? {} : { body: { type: 'string', format: 'binary' } }
}

/** Each operation has a name of its own; of a route for both, that for HEAD is the one for GET and `Head`. */
function nameHeads(paths: Paths): void {
  for (const item of Object.values(paths).filter((one) => one !== undefined)) {
    if (item.head?.operationId === undefined) continue
    const name = item.head.operationId.replace(/-head$/, '')
    item.head = { ...item.head, operationId: item.get?.operationId === name ? `${name}Head` : name }
  }
}

type Paths = Record<string, { get?: { operationId?: string }; head?: { operationId?: string } } | undefined>

/** Who may call it, as the table of access says. */
function securityOf(method: string, url: string): { [scheme: string]: string[] }[] {
  const access = accessOf(method, url)
  if (access === 'anybody') return []
  if (access === 'setup') return [{ setupCode: [] }, { session: [] }]
  return access === 'person' ? [{ session: [] }] : [{ session: [] }, { token: [] }]
}
