import { NetworkState, NetworkStatus, Trial } from '@holt/control/box/methods.ts'
import { Label, NetworkSettings } from '@holt/control/box/network-settings.ts'
import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['network']
const strict = { additionalProperties: false }

/** How a box is connected; a node elsewhere answers NOT_A_BOX. */
export function networkRoutes(app: AdminApp, context: AdminContext): void {
  settingsRoutes(app, context)
  phoneRoutes(app, context)
}

function settingsRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.get(
    '/api/network',
    {
      schema: {
        tags,
        operationId: 'network',
        summary: methods['box.network.get'].summary,
        response: { 200: Type.Object({ state: NetworkState, status: NetworkStatus }), ...errorResponses },
      },
    },
    async (_request, reply) => {
      const [state, status] = await Promise.all([control.call('box.network.get', {}), control.call('box.network.status', {})])
      return reply.header('cache-control', 'no-store').send({ state, status })
    },
  )

  app.put(
    '/api/network',
    {
      schema: {
        tags,
        operationId: 'tryNetwork',
        summary: methods['box.network.set'].summary,
        body: Type.Object({ settings: NetworkSettings }, strict),
        response: { 200: Trial, ...errorResponses },
      },
    },
    async (request) => {
      log.info('network settings are tried', { address: request.ip })
      return control.call('box.network.set', request.body)
    },
  )

  app.post(
    '/api/network/confirm',
    {
      schema: {
        tags,
        operationId: 'confirmNetwork',
        summary: methods['box.network.confirm'].summary,
        body: Type.Object({ id: Type.String({ maxLength: 64 }) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('box.network.confirm', { id: request.body.id })
      log.info('network settings confirmed', { address: request.ip })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/network/roll-back',
    {
      schema: {
        tags,
        operationId: 'rollBackNetwork',
        summary: methods['box.network.rollBack'].summary,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (_request, reply) => {
      await control.call('box.network.rollBack', {})
      return reply.code(204).send(null)
    },
  )
}

function phoneRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.post(
    '/api/network/phones',
    {
      schema: {
        tags,
        operationId: 'addPhone',
        summary: methods['box.wireguard.addPhone'].summary,
        body: Type.Object({ name: Label, everything: Type.Boolean() }, strict),
        response: { 201: Type.Object({ configuration: Type.String(), address: Type.String() }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const added = await control.call('box.wireguard.addPhone', request.body)
      log.info('remote access added', { name: request.body.name, address: request.ip })
      return reply.code(201).header('cache-control', 'no-store').send(added)
    },
  )

  app.delete(
    '/api/network/phones/:name',
    {
      schema: {
        tags,
        operationId: 'removePhone',
        summary: methods['box.wireguard.removePhone'].summary,
        params: Type.Object({ name: Label }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('box.wireguard.removePhone', { name: request.params.name })
      log.info('remote access removed', { name: request.params.name, address: request.ip })
      return reply.code(204).send(null)
    },
  )
}
