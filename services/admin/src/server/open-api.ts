import swagger from '@fastify/swagger'
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
        description: `What the page of a node calls. Requests that change something need the header \`${REQUEST_HEADER}: 1\`, or a token. Which callers a route answers is in its security; people other than the owner are further limited to their paths.`,
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
      schema: { ...schema, security: securityOf([route.method].flat()[0] ?? 'GET', url) },
    }),
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`) },
  })
  app.get('/api', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  )
}

/** Who may call it, as the table of access says. */
function securityOf(method: string, url: string): { [scheme: string]: string[] }[] {
  const access = accessOf(method, url)
  if (access === 'anybody') return []
  if (access === 'setup') return [{ setupCode: [] }, { session: [] }]
  return access === 'person' ? [{ session: [] }] : [{ session: [] }, { token: [] }]
}
