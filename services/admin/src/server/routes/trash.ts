import { OnConflict, trashMethods } from '@holt/control/trash.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { controlOf } from '../access/guarded-control.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { Path } from './files.ts'

const tags = ['trash']
const strict = { additionalProperties: false }
const Id = Type.String({ minLength: 1, maxLength: 64 })
const Ids = Type.Array(Id, { minItems: 1, maxItems: 1000 })

/** What was removed and can be put back. */
export function trashRoutes(app: AdminApp, context: AdminContext): void {
  app.get(
    '/api/trash',
    {
      schema: {
        tags,
        operationId: 'listTrash',
        summary: trashMethods['trash.list'].summary,
        querystring: Type.Object({ after: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }, strict),
        response: { 200: trashMethods['trash.list'].result, ...errorResponses },
      },
    },
    async (request) => {
      const { after, limit = 500 } = request.query
      return controlOf(context, request).call('trash.list', { after, limit })
    },
  )

  app.post(
    '/api/trash',
    {
      schema: {
        tags,
        operationId: 'putInTrash',
        summary: trashMethods['trash.put'].summary,
        body: Type.Object({ paths: Type.Array(Path, { minItems: 1, maxItems: 1000 }) }, strict),
        response: { 200: trashMethods['trash.put'].result, ...errorResponses },
      },
    },
    async (request) => controlOf(context, request).call('trash.put', { paths: request.body.paths.map(notTop) }),
  )

  app.post(
    '/api/trash/restore',
    {
      schema: {
        tags,
        operationId: 'restoreFromTrash',
        summary: trashMethods['trash.restore'].summary,
        body: Type.Object({ ids: Ids, onConflict: Type.Optional(OnConflict), into: Type.Optional(Path) }, strict),
        response: { 200: trashMethods['trash.restore'].result, ...errorResponses },
      },
    },
    async (request) => {
      const { ids, onConflict, into } = request.body
      const place = into === undefined ? {} : { into: checkPath(into) }
      return controlOf(context, request).call('trash.restore', { ids, onConflict, ...place })
    },
  )

  app.post(
    '/api/trash/empty',
    {
      schema: {
        tags,
        operationId: 'emptyTrash',
        summary: trashMethods['trash.empty'].summary,
        body: Type.Object({ ids: Type.Optional(Ids) }, strict),
        response: { 200: trashMethods['trash.empty'].result, ...errorResponses },
      },
    },
    async (request) => controlOf(context, request).call('trash.empty', request.body),
  )
}

function notTop(path: string): string {
  if (path === '/') throw new HoltError('PATH_INVALID', 'this cannot be done to the top')
  return checkPath(path)
}
