import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const { code, at, name } = methods['node.join'].params.properties

/** A new node becomes one of an owner who has others: in the place of a root key that is made or restored. */
export function joinRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.post(
    '/api/setup/join',
    {
      schema: {
        tags: ['setup'],
        operationId: 'joinOwner',
        summary: methods['node.join'].summary,
        body: Type.Object({ code, at, name }, { additionalProperties: false }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('node.join', request.body)
      log.info('joined the nodes of the owner', { address: request.ip })
      return reply.code(204).send(null)
    },
  )
}
