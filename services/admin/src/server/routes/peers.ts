import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['peers']
const strict = { additionalProperties: false }
const { relation: Relation, name: Name, code: Code } = methods['peers.pair'].params.properties

const { give: Give, mostBytes: MostBytes } = methods['peers.share'].params.properties

/** Other nodes, as the owner sees them. */
export function peersRoutes(app: AdminApp, { control, log }: AdminContext): void {
  const answers = { 200: methods['peers.list'].result, ...errorResponses }
  app.get('/api/peers', { schema: { tags, operationId: 'peers', summary: methods['peers.list'].summary, response: answers } }, async () =>
    control.call('peers.list', {}),
  )

  app.put(
    '/api/peers',
    {
      schema: {
        tags,
        operationId: 'setPeers',
        summary: methods['peers.set'].summary,
        body: Type.Object({ on: Type.Boolean() }, strict),
        response: answers,
      },
    },
    async ({ body, ip }) => {
      log.info(body.on ? 'turned other nodes on' : 'turned other nodes off', { address: ip })
      return control.call('peers.set', body)
    },
  )

  app.post(
    '/api/peers/pair',
    {
      schema: {
        tags,
        operationId: 'pair',
        summary: methods['peers.pair'].summary,
        body: Type.Object({ code: Code, relation: Relation, name: Name }, strict),
        response: { 201: methods['peers.pair'].result, ...errorResponses },
      },
    },
    async ({ body, ip }, reply) => {
      const peer = await control.call('peers.pair', body)
      log.info('paired with a node', { peer: peer.peer, address: ip })
      return reply.code(201).send(peer)
    },
  )

  app.put(
    '/api/peers/relations/:id/share',
    {
      schema: {
        tags,
        operationId: 'setFriendShare',
        summary: methods['peers.share'].summary,
        params: methods['peers.end'].params,
        body: Type.Object({ give: Give, mostBytes: MostBytes }, strict),
        response: { 200: methods['peers.share'].result, ...errorResponses },
      },
    },
    async ({ params, body, ip }) => {
      const share = await control.call('peers.share', { ...params, ...body })
      log.info('set what a friend keeps', { relation: params.id, address: ip })
      return share
    },
  )

  app.delete(
    '/api/peers/relations/:id',
    {
      schema: {
        tags,
        operationId: 'endRelation',
        summary: methods['peers.end'].summary,
        params: methods['peers.end'].params,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async ({ params, ip }, reply) => {
      await control.call('peers.end', params)
      log.info('ended a relation', { relation: params.id, address: ip })
      return reply.code(204).send(null)
    },
  )
  codeRoutes(app, { control, log })
}

/** The code that is shown to another node. */
function codeRoutes(app: AdminApp, { control, log }: Pick<AdminContext, 'control' | 'log'>): void {
  app.post(
    '/api/peers/code',
    {
      schema: {
        tags,
        operationId: 'showPairingCode',
        summary: methods['peers.showCode'].summary,
        body: Type.Object({ relation: Relation, name: Name }, strict),
        response: { 201: methods['peers.showCode'].result, ...errorResponses },
      },
    },
    async ({ body, ip }, reply) => {
      const code = await control.call('peers.showCode', body)
      log.info('showed a code for pairing', { relation: body.relation, address: ip })
      return reply.code(201).send(code)
    },
  )

  app.get(
    '/api/peers/code',
    {
      schema: {
        tags,
        operationId: 'pairingCode',
        summary: methods['peers.code'].summary,
        response: { 200: methods['peers.code'].result, ...errorResponses },
      },
    },
    async () => control.call('peers.code', {}),
  )

  app.delete(
    '/api/peers/code',
    {
      schema: {
        tags,
        operationId: 'hidePairingCode',
        summary: methods['peers.hideCode'].summary,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (_request, reply) => {
      await control.call('peers.hideCode', {})
      return reply.code(204).send(null)
    },
  )
}
