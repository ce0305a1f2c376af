import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { NoContent } from './session.ts'

const tags = ['shares']
const strict = { additionalProperties: false }
const { path: Path, label: Label, expires: Expires } = methods['shares.create'].params.properties

/** Links that others read by, as their owner sees them. */
export function sharesRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.get(
    '/api/shares',
    {
      schema: {
        tags,
        operationId: 'shares',
        summary: methods['shares.list'].summary,
        response: { 200: methods['shares.list'].result, ...errorResponses },
      },
    },
    async () => control.call('shares.list', {}),
  )

  app.post(
    '/api/shares',
    {
      schema: {
        tags,
        operationId: 'createShare',
        summary: methods['shares.create'].summary,
        body: Type.Object({ path: Path, label: Label, expires: Expires }, strict),
        response: { 201: methods['shares.create'].result, ...errorResponses },
      },
    },
    async ({ body, ip }, reply) => {
      const share = await control.call('shares.create', { ...body, path: checkPath(body.path) })
      log.info('made a share link', { share: share.id, address: ip })
      return reply.code(201).send(share)
    },
  )

  app.delete(
    '/api/shares/:id',
    {
      schema: {
        tags,
        operationId: 'revokeShare',
        summary: methods['shares.revoke'].summary,
        params: methods['shares.revoke'].params,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async ({ params, ip }, reply) => {
      await control.call('shares.revoke', params)
      log.info('took a share link back', { share: params.id, address: ip })
      return reply.code(204).send(null)
    },
  )
}
