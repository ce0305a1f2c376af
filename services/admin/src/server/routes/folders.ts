import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['folders']
const strict = { additionalProperties: false }
const done = { 204: NoContent, ...errorResponses }
const Id = methods['folders.accept'].params
const { friend: Friend, path: Inside, expires: Expires, depth: Depth } = methods['folders.letWrite'].params.properties
const Right = { path: Inside, expires: Expires, depth: Depth }
const { request: RequestId } = methods['folders.refuse'].params.properties
const { grant: GrantId } = methods['folders.revoke'].params.properties
const { note: Note } = methods['folders.ask'].params.properties

/** Folders that friends read, and may be let write, as the owner sees them. */
export function folderRoutes(app: AdminApp, context: AdminContext): void {
  const { control, log } = context
  app.get(
    '/api/folders',
    {
      schema: {
        tags,
        operationId: 'sharedFolders',
        summary: methods['folders.list'].summary,
        response: { 200: methods['folders.list'].result, ...errorResponses },
      },
    },
    async () => control.call('folders.list', {}),
  )

  app.post(
    '/api/folders',
    {
      schema: {
        tags,
        operationId: 'shareFolder',
        summary: methods['folders.share'].summary,
        body: Type.Object(methods['folders.share'].params.properties, strict),
        response: { 201: methods['folders.share'].result, ...errorResponses },
      },
    },
    async ({ body, ip }, reply) => {
      const shared = await control.call('folders.share', body)
      log.info('shared a folder with a friend', { folder: shared.id, address: ip })
      return reply.code(201).send(shared)
    },
  )

  app.post(
    '/api/folders/:id/unshare',
    {
      schema: {
        tags,
        operationId: 'unshareFolder',
        summary: methods['folders.unshare'].summary,
        params: Id,
        body: Type.Object({ friend: methods['folders.unshare'].params.properties.friend }, strict),
        response: done,
      },
    },
    async ({ params, body, ip }, reply) => {
      await control.call('folders.unshare', { ...params, ...body })
      log.info('shut out of a folder', { folder: params.id, address: ip })
      return reply.code(204).send(null)
    },
  )
  rightRoutes(app, context)
  takenRoutes(app, context)
}

/** Who may write, and who would like to. */
function rightRoutes(app: AdminApp, { control, log }: AdminContext): void {
  const given = { 200: methods['folders.share'].result, ...errorResponses }
  app.post(
    '/api/folders/:id/grants',
    {
      schema: {
        tags,
        operationId: 'letWrite',
        summary: methods['folders.letWrite'].summary,
        params: Id,
        body: Type.Object({ friend: Friend, ...Right }, strict),
        response: given,
      },
    },
    async ({ params, body, ip }) => {
      log.info('let a friend write', { folder: params.id, address: ip })
      return control.call('folders.letWrite', { ...params, ...body })
    },
  )

  app.delete(
    '/api/folders/:id/grants/:grant',
    {
      schema: {
        tags,
        operationId: 'revokeGrant',
        summary: methods['folders.revoke'].summary,
        params: Type.Object({ id: Id.properties.id, grant: GrantId }),
        response: done,
      },
    },
    async ({ params, ip }, reply) => {
      await control.call('folders.revoke', params)
      log.info('took a right to write back', { folder: params.id, address: ip })
      return reply.code(204).send(null)
    },
  )

  const Request = Type.Object({ id: Id.properties.id, request: RequestId })
  app.post(
    '/api/folders/:id/requests/:request/approve',
    {
      schema: {
        tags,
        operationId: 'approveRequest',
        summary: methods['folders.approve'].summary,
        params: Request,
        body: Type.Object(Right, strict),
        response: given,
      },
    },
    async ({ params, body, ip }) => {
      log.info('approved a request to write', { folder: params.id, address: ip })
      return control.call('folders.approve', { ...params, ...body })
    },
  )

  app.post(
    '/api/folders/:id/requests/:request/refuse',
    { schema: { tags, operationId: 'refuseRequest', summary: methods['folders.refuse'].summary, params: Request, response: done } },
    async ({ params }, reply) => {
      await control.call('folders.refuse', params)
      return reply.code(204).send(null)
    },
  )
}

/** Folders of friends. */
function takenRoutes(app: AdminApp, { control, log }: AdminContext): void {
  const steps = [
    ['accept', 'acceptFolder', 'folders.accept'],
    ['decline', 'declineFolder', 'folders.decline'],
    ['leave', 'leaveFolder', 'folders.leave'],
    ['take-over', 'takeOverFolder', 'folders.takeOver'],
  ] as const
  for (const [name, operationId, method] of steps)
    app.post(
      `/api/folders/:id/${name}`,
      { schema: { tags, operationId, summary: methods[method].summary, params: Id, response: done } },
      async ({ params }, reply) => {
        await control.call(method, params as { id: string })
        return reply.code(204).send(null)
      },
    )

  app.post(
    '/api/folders/:id/hand-on',
    {
      schema: {
        tags,
        operationId: 'handOnRight',
        summary: methods['folders.handOn'].summary,
        params: Id,
        body: Type.Object({ friend: Friend, ...Right }, strict),
        response: done,
      },
    },
    async ({ params, body, ip }, reply) => {
      await control.call('folders.handOn', { ...params, ...body })
      log.info('handed a right to write on', { folder: params.id, address: ip })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/folders/:id/ask',
    {
      schema: {
        tags,
        operationId: 'askToWrite',
        summary: methods['folders.ask'].summary,
        params: Id,
        body: Type.Object({ path: Inside, note: Note }, strict),
        response: done,
      },
    },
    async ({ params, body }, reply) => {
      await control.call('folders.ask', { ...params, ...body })
      return reply.code(204).send(null)
    },
  )
}
