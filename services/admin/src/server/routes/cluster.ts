import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['peers']
const strict = { additionalProperties: false }
const { nodes: Nodes } = methods['cluster.setVoters'].params.properties
const { name: Name } = methods['cluster.setName'].params.properties
const { path: Path, seconds: Seconds } = methods['cluster.lease'].params.properties
const { token: Token } = methods['cluster.release'].params.properties

/** The owner's own nodes, which share their files. */
export function clusterRoutes(app: AdminApp, { control, log }: Pick<AdminContext, 'control' | 'log'>): void {
  const answers = { 200: methods['cluster.show'].result, ...errorResponses }
  app.get(
    '/api/cluster',
    { schema: { tags, operationId: 'cluster', summary: methods['cluster.show'].summary, response: answers } },
    async () => control.call('cluster.show', {}),
  )

  app.put(
    '/api/cluster/name',
    {
      schema: {
        tags,
        operationId: 'setNodeName',
        summary: methods['cluster.setName'].summary,
        body: Type.Object({ name: Name }, strict),
        response: answers,
      },
    },
    async ({ body }) => control.call('cluster.setName', body),
  )

  app.put(
    '/api/cluster/voters',
    {
      schema: {
        tags,
        operationId: 'setVoters',
        summary: methods['cluster.setVoters'].summary,
        body: Type.Object({ nodes: Nodes }, strict),
        response: answers,
      },
    },
    async ({ body, ip }) => {
      log.info('said which nodes elect the leader', { nodes: body.nodes.length, address: ip })
      return control.call('cluster.setVoters', body)
    },
  )
  invitationRoutes(app, { control, log })
  leaseRoutes(app, { control })
}

/** The code by which a new node becomes the owner's. */
function invitationRoutes(app: AdminApp, { control, log }: Pick<AdminContext, 'control' | 'log'>): void {
  const url = '/api/cluster/invitation'
  app.post(
    url,
    {
      schema: {
        tags,
        operationId: 'inviteNode',
        summary: methods['cluster.invite'].summary,
        response: { 201: methods['cluster.invite'].result, ...errorResponses },
      },
    },
    async ({ ip }, reply) => {
      const shown = await control.call('cluster.invite', {})
      log.info('showed a code that gives the root key to a new node', { address: ip })
      return reply.code(201).send(shown)
    },
  )

  app.get(
    url,
    {
      schema: {
        tags,
        operationId: 'nodeInvitation',
        summary: methods['cluster.invitation'].summary,
        response: { 200: methods['cluster.invitation'].result, ...errorResponses },
      },
    },
    async () => control.call('cluster.invitation', {}),
  )

  app.delete(
    url,
    {
      schema: {
        tags,
        operationId: 'endNodeInvitation',
        summary: methods['cluster.endInvitation'].summary,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (_request, reply) => {
      await control.call('cluster.endInvitation', {})
      return reply.code(204).send(null)
    },
  )
}

/** For programs: what is changed with the header Holt-Lease is refused when the lease is over. */
function leaseRoutes(app: AdminApp, { control }: Pick<AdminContext, 'control'>): void {
  const leases = { tags: ['leases'] }
  app.put(
    '/api/cluster/lease',
    {
      schema: {
        ...leases,
        operationId: 'takeLease',
        summary: methods['cluster.lease'].summary,
        body: Type.Object({ path: Path, seconds: Seconds }, strict),
        response: { 200: methods['cluster.lease'].result, ...errorResponses },
      },
    },
    async ({ body }) => control.call('cluster.lease', body),
  )

  app.post(
    '/api/cluster/lease/release',
    {
      schema: {
        ...leases,
        operationId: 'releaseLease',
        summary: methods['cluster.release'].summary,
        body: Type.Object({ path: Path, token: Token }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async ({ body }, reply) => {
      await control.call('cluster.release', body)
      return reply.code(204).send(null)
    },
  )
}
