import swagger from '@fastify/swagger'
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
        description: `What the page of a node calls. Requests that change something need the header \`${REQUEST_HEADER}: 1\`; all but the session and set-up routes need the session cookie.`,
      },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'holt-session-<id>' } } },
    },
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`) },
  })
  app.get('/api', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  )
}
