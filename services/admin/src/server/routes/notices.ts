import { Type } from 'typebox'
import { deviceNameOf } from '../auth/device-name.ts'
import { theCaller } from '../auth/recognise.ts'
import { idOf } from '../auth/sessions.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { kindsFor, NoticeKind } from '../notify/notice-kinds.ts'
import { Notice } from '../notify/notices.ts'
import { NewSubscription } from '../notify/push.ts'
import { NoContent } from './session.ts'

const tags = ['notices']
const strict = { additionalProperties: false }
const PushId = Type.Object({ id: Type.String({ maxLength: 32 }) })

const PushDevice = Type.Object({
  id: Type.String(),
  device: Type.String({ description: "as its browser calls itself; '' when it does not" }),
  kinds: Type.Array(NoticeKind),
  createdMs: Type.Integer(),
  failing: Type.Boolean({ description: 'what was sent last did not arrive' }),
})

/** What somebody was told, and on which of their devices they want to hear of what. */
export function noticesRoutes(app: AdminApp, { notices }: AdminContext): void {
  app.get(
    '/api/notices',
    {
      schema: {
        tags,
        operationId: 'notices',
        summary: 'What the caller was told, newest first',
        response: { 200: Type.Object({ notices: Type.Array(Notice), unread: Type.Integer() }), ...errorResponses },
      },
    },
    async (request) => {
      const { person } = theCaller(request)
      return { notices: notices.listOf(person), unread: notices.unreadOf(person) }
    },
  )

  app.post(
    '/api/notices/read',
    {
      schema: {
        tags,
        operationId: 'readNotices',
        summary: 'Marks these as read; without numbers all of them',
        body: Type.Object({ which: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 100 })) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      notices.markRead(theCaller(request).person, request.body.which ?? null)
      return reply.code(204).send(null)
    },
  )
}

export function pushRoutes(app: AdminApp, { push }: AdminContext): void {
  app.get(
    '/api/push',
    {
      schema: {
        tags,
        operationId: 'push',
        summary: 'The key for subscribing, the kinds there are for the caller, and the devices that have subscribed',
        response: {
          200: Type.Object({
            key: Type.String({ description: 'applicationServerKey, base64url' }),
            kinds: Type.Array(NoticeKind),
            devices: Type.Array(PushDevice),
          }),
          ...errorResponses,
        },
      },
    },
    async (request) => {
      const { person } = theCaller(request)
      const devices = push.listOf(person).map(({ id, device, kinds, createdMs, failingMs }) => ({
        id,
        device,
        kinds,
        createdMs,
        failing: failingMs !== null,
      }))
      return { key: push.publicKey, kinds: kindsFor(person), devices }
    },
  )

  app.put(
    '/api/push',
    {
      schema: {
        tags,
        operationId: 'subscribePush',
        summary: 'Sends push messages of these kinds to this browser from now on; again, to choose other kinds',
        body: NewSubscription,
        response: { 200: Type.Object({ id: Type.String() }), ...errorResponses },
      },
    },
    async (request) => {
      const { person, session } = theCaller(request)
      const kinds = request.body.kinds.filter((kind) => kindsFor(person).includes(kind))
      const device = deviceNameOf(request.headers['user-agent'])
      const { id } = await push.subscribe({ ...request.body, kinds }, { person, device, session: session === null ? '' : idOf(session) })
      request.about = device
      return { id }
    },
  )

  app.delete(
    '/api/push/:id',
    {
      schema: {
        tags,
        operationId: 'unsubscribePush',
        summary: 'Sends nothing more to a device',
        params: PushId,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await push.unsubscribe(theCaller(request).person, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/push/:id/test',
    {
      schema: {
        tags,
        operationId: 'testPush',
        summary: 'Sends a message to a device, to see whether it arrives',
        params: PushId,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await push.test(theCaller(request).person, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
