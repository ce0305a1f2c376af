import { Entry, methods } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { controlOf } from '../access/guarded-control.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { signalOf } from '../files/request-body.ts'
import { checkPath, parseVersion } from '../files/tree-path.ts'
import { NoContent } from './session.ts'

const tags = ['files']
const strict = { additionalProperties: false }
export const Path = Type.String({ minLength: 1, maxLength: 16384, description: "absolute path in the tree, '/'-separated" })
export const At = Type.Optional(Type.String({ maxLength: 64, description: 'sequence number of a version, or an ISO 8601 date' }))

/** Names and places; contents are in `content.ts`. */
export function filesRoutes(app: AdminApp, context: AdminContext): void {
  app.get(
    '/api/files',
    {
      schema: {
        tags,
        operationId: 'list',
        summary: methods['files.list'].summary,
        querystring: Type.Object(
          {
            path: Path,
            at: At,
            after: Type.Optional(Type.String({ maxLength: 1024, description: 'last name of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          },
          strict,
        ),
        response: { 200: methods['files.list'].result, ...errorResponses },
      },
    },
    async (request) =>
      controlOf(context, request).call('files.list', {
        path: checkPath(request.query.path),
        ...parseVersion(request.query.at),
        after: request.query.after,
        limit: request.query.limit ?? 500,
      }),
  )

  app.get(
    '/api/files/search',
    {
      schema: {
        tags: ['search'],
        operationId: 'search',
        summary: methods['files.search'].summary,
        querystring: Type.Object(
          {
            path: Path,
            at: At,
            text: Type.String({ minLength: 1, maxLength: 256 }),
            after: Type.Optional(Path),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          },
          strict,
        ),
        response: { 200: methods['files.search'].result, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { path, at, text, after, limit } = request.query
      const from = after === undefined ? {} : { after: checkPath(after) }
      const wish = { path: checkPath(path), ...parseVersion(at), text, ...from, limit: limit ?? 200 }
      return controlOf(context, request).call('files.search', wish, { signal: signalOf(reply) })
    },
  )

  app.get(
    '/api/files/entry',
    {
      schema: {
        tags,
        operationId: 'stat',
        summary: methods['files.stat'].summary,
        querystring: Type.Object({ path: Path, at: At }, strict),
        response: { 200: Entry, ...errorResponses },
      },
    },
    async (request) =>
      controlOf(context, request).call('files.stat', { path: checkPath(request.query.path), ...parseVersion(request.query.at) }),
  )

  app.get(
    '/api/files/versions',
    {
      schema: {
        tags,
        operationId: 'versions',
        summary: methods['files.versions'].summary,
        querystring: Type.Object({ path: Path, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }, strict),
        response: { 200: methods['files.versions'].result, ...errorResponses },
      },
    },
    async (request) =>
      controlOf(context, request).call('files.versions', { path: checkPath(request.query.path), limit: request.query.limit ?? 100 }),
  )

  app.post(
    '/api/files/directories',
    {
      schema: {
        tags,
        operationId: 'makeDirectory',
        summary: methods['files.mkdir'].summary,
        body: Type.Object({ path: Path, parents: Type.Optional(Type.Boolean()) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { body } = request
      await controlOf(context, request).call('files.mkdir', { path: checkPath(body.path), parents: body.parents })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/files/move',
    {
      schema: {
        tags,
        operationId: 'move',
        summary: methods['files.move'].summary,
        body: Type.Object({ from: Path, to: Path, replace: Type.Optional(Type.Boolean()) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { body } = request
      await controlOf(context, request).call('files.move', { from: notTop(body.from), to: notTop(body.to), replace: body.replace })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/files/remove',
    {
      schema: {
        tags,
        operationId: 'remove',
        summary: methods['files.remove'].summary,
        body: Type.Object({ paths: Type.Array(Path, { minItems: 1, maxItems: 1000 }), recursive: Type.Optional(Type.Boolean()) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { body } = request
      await controlOf(context, request).call('files.remove', { paths: body.paths.map(notTop), recursive: body.recursive })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/files/restore',
    {
      schema: {
        tags,
        operationId: 'restore',
        summary: methods['files.restore'].summary,
        body: Type.Object({ path: Path, at: Type.String({ maxLength: 64 }), to: Type.Optional(Path) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { body } = request
      const to = body.to === undefined ? undefined : notTop(body.to)
      await controlOf(context, request).call('files.restore', { path: notTop(body.path), ...parseVersion(body.at), to })
      return reply.code(204).send(null)
    },
  )
}

/** The top has no name and stays where it is. */
function notTop(path: string): string {
  if (path === '/') throw new HoltError('PATH_INVALID', 'this cannot be done to the top')
  return checkPath(path)
}
