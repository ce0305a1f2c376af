import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['peers']
const strict = { additionalProperties: false }
const { redundancyClass: Class, nines: Nines } = methods['peers.wish'].params.properties
const { of: Of, place: Place } = methods['peers.place'].params.properties
const answers = { 200: methods['peers.outlook'].result, ...errorResponses }

/** How safe everything is with friends, and what the owner wishes of it. */
export function peersOutlookRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.get(
    '/api/peers/outlook',
    { schema: { tags, operationId: 'peersOutlook', summary: methods['peers.outlook'].summary, response: answers } },
    async () => control.call('peers.outlook', {}),
  )

  app.put(
    '/api/peers/wishes/:name',
    {
      schema: {
        tags,
        operationId: 'setPeersWish',
        summary: methods['peers.wish'].summary,
        params: Type.Object({ name: Class }),
        body: Type.Object({ nines: Nines }, strict),
        response: answers,
      },
    },
    async ({ params, body, ip }) => {
      log.info('set how safe a class is to be with friends', { class: params.name, address: ip })
      return control.call('peers.wish', { redundancyClass: params.name, ...body })
    },
  )

  app.put(
    '/api/peers/repair',
    {
      schema: {
        tags,
        operationId: 'setPeersRepair',
        summary: methods['peers.repair'].summary,
        body: Type.Object(methods['peers.repair'].params.properties, strict),
        response: answers,
      },
    },
    async ({ body, ip }) => {
      log.info('set when a friend counts as gone', { address: ip })
      return control.call('peers.repair', body)
    },
  )

  app.put(
    '/api/peers/places',
    {
      schema: {
        tags,
        operationId: 'setPeerPlace',
        summary: methods['peers.place'].summary,
        body: Type.Object({ of: Of, place: Place }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async ({ body, ip }, reply) => {
      await control.call('peers.place', body)
      log.info('declared the place of a node', { of: body.of ?? 'this one', address: ip })
      return reply.code(204).send(null)
    },
  )
}
