import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { theCaller } from '../auth/recognise.ts'
import { idOf } from '../auth/sessions.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['session']
export const SessionInfo = Type.Object({
  id: Type.String(),
  device: Type.String({ description: 'browser and system, as the browser says; may be empty' }),
  address: Type.String(),
  createdMs: Type.Integer(),
  seenMs: Type.Integer({ description: 'to the hour' }),
  current: Type.Boolean({ description: 'the one that asks' }),
})

/** Where somebody is signed in, and how they end that from afar. */
export function devicesRoutes(app: AdminApp, { sessions }: AdminContext): void {
  app.get(
    '/api/sessions',
    {
      schema: {
        tags,
        operationId: 'sessions',
        summary: 'Where one is signed in',
        response: { 200: Type.Object({ sessions: Type.Array(SessionInfo) }), ...errorResponses },
      },
    },
    async (request) => {
      const { person, session: own } = theCaller(request)
      const found = sessions.listOf(person).map((one) => {
        const { device, address, createdMs, seenMs } = one
        return { id: idOf(one), device, address, createdMs, seenMs, current: one.hash === own?.hash }
      })
      return { sessions: found }
    },
  )

  app.delete(
    '/api/sessions/:id',
    {
      schema: {
        tags,
        operationId: 'endSession',
        summary: 'Signs one of them out',
        params: Type.Object({ id: Type.String({ maxLength: 32 }) }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      if (!(await sessions.endOne(theCaller(request).person, request.params.id)))
        throw new HoltError('NOT_FOUND', 'there is no such session')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/sessions',
    {
      schema: {
        tags,
        operationId: 'endOtherSessions',
        summary: 'Signs out everywhere but here',
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { person, session } = theCaller(request)
      await sessions.endOthers(person, session)
      return reply.code(204).send(null)
    },
  )
}
