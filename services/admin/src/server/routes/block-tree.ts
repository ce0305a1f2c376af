import { blockTreeMethods } from '@holt/control/block-tree.ts'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { Path } from './files.ts'

const tags = ['tree']
const strict = { additionalProperties: false }
const Id = blockTreeMethods['packs.show'].params.properties.id
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }))

/** The block tree: a path down to its fragments, and a pack up to its paths. The owner's alone. */
export function blockTreeRoutes(app: AdminApp, { control }: AdminContext): void {
  app.get(
    '/api/tree',
    {
      schema: {
        tags,
        operationId: 'followPath',
        summary: blockTreeMethods['tree.follow'].summary,
        querystring: Type.Object(
          {
            path: Path,
            at: Type.Optional(Type.String({ maxLength: 64 })),
            fromByte: Type.Optional(Type.Integer({ minimum: 0 })),
            limit: Limit,
          },
          strict,
        ),
        response: { 200: blockTreeMethods['tree.follow'].result, ...errorResponses },
      },
    },
    async (request, reply) => {
      checkPath(request.query.path)
      return control.call('tree.follow', request.query, { signal: whileListening(reply) })
    },
  )

  app.get(
    '/api/packs',
    {
      schema: {
        tags,
        operationId: 'packs',
        summary: blockTreeMethods['packs.list'].summary,
        querystring: Type.Object({ after: Type.Optional(Id), limit: Limit }, strict),
        response: { 200: blockTreeMethods['packs.list'].result, ...errorResponses },
      },
    },
    async (request) => control.call('packs.list', request.query),
  )

  app.get(
    '/api/packs/:id',
    {
      schema: {
        tags,
        operationId: 'pack',
        summary: blockTreeMethods['packs.show'].summary,
        params: Type.Object({ id: Id }),
        response: { 200: blockTreeMethods['packs.show'].result, ...errorResponses },
      },
    },
    async (request) => control.call('packs.show', { id: request.params.id }),
  )

  app.get(
    '/api/packs/:id/paths',
    {
      schema: {
        tags,
        operationId: 'packPaths',
        summary: blockTreeMethods['packs.paths'].summary,
        params: Type.Object({ id: Id }),
        querystring: Type.Object({ after: Type.Optional(Path), limit: Limit }, strict),
        response: { 200: blockTreeMethods['packs.paths'].result, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { after, limit } = request.query
      if (after !== undefined) checkPath(after)
      return control.call('packs.paths', { id: request.params.id, after, limit }, { signal: whileListening(reply) })
    },
  )
}

/** Ends the search of who went away. */
function whileListening(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  return left.signal
}
