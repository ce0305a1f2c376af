import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkOwner, NoContent, Password } from './session.ts'

const tags = ['box']

export function powerRoutes(app: AdminApp, context: AdminContext): void {
  const { control, log } = context

  for (const [url, operationId, method] of [
    ['/api/box/restart', 'restartBox', 'box.power.restart'],
    ['/api/box/shut-down', 'shutDownBox', 'box.power.shutdown'],
  ] as const)
    app.post(
      url,
      { schema: { tags, operationId, summary: methods[method].summary, response: { 204: NoContent, ...errorResponses } } },
      async (request, reply) => {
        log.info(methods[method].summary, { address: request.ip })
        await control.call(method, {})
        return reply.code(204).send(null)
      },
    )

  app.post(
    '/api/box/reset',
    {
      schema: {
        tags,
        operationId: 'resetBox',
        summary: methods['box.power.factoryReset'].summary,
        body: Type.Object(
          { consent: methods['box.power.factoryReset'].params.properties.consent, password: Password },
          { additionalProperties: false },
        ),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await checkOwner(context, request, request.body.password)
      await control.call('box.power.factoryReset', { consent: request.body.consent })
      log.warn('factory reset', { address: request.ip })
      return reply.code(204).send(null)
    },
  )
}
