import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { networkOf } from '../auth/network-of.ts'
import { PASSWORD_LENGTH } from '../auth/password.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'

const tags = ['session']
export const Password = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.maximum })
export const NoContent = Type.Null({ description: 'done' })

export const SessionState = Type.Object({
  state: Type.Union([
    Type.Literal('set-up', { description: 'no owner password yet: the set-up code is needed' }),
    Type.Literal('signed-out'),
    Type.Literal('signed-in'),
  ]),
  setUpFinished: Type.Boolean(),
})

/** Over TLS a cookie is for TLS only, and by its name nobody without it can have set it. The page without TLS has its own. */
function cookieOf({ owner }: AdminContext, kind: 'session' | 'device', request: FastifyRequest) {
  const secure = request.protocol === 'https'
  return {
    name: `${secure ? '__Host-' : ''}holt-${kind}-${owner.id}`,
    options: { path: '/', httpOnly: true, sameSite: 'strict', secure } as const,
  }
}

export function sessionToken(context: AdminContext, request: FastifyRequest): string | undefined {
  return request.cookies[cookieOf(context, 'session', request).name]
}

export function isSignedIn(context: AdminContext, request: FastifyRequest): boolean {
  return context.sessions.isOpen(sessionToken(context, request))
}

/** A browser that is signed in or was before: nobody else can use up its tries. */
export function isKnown(context: AdminContext, request: FastifyRequest): boolean {
  return isSignedIn(context, request) || deviceOf(context, request) !== null
}

function deviceOf(context: AdminContext, request: FastifyRequest): string | null {
  return context.sessions.deviceOf(request.cookies[cookieOf(context, 'device', request).name])
}

/** @throws HoltError NOT_SIGNED_IN. */
export function checkSignedIn(context: AdminContext, request: FastifyRequest): void {
  if (!isSignedIn(context, request)) throw new HoltError('NOT_SIGNED_IN', 'sign in first')
}

/** Gives the browser a session, and a device token that later sign-ins are recognised by. */
export async function signIn(context: AdminContext, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { sessions } = context
  const [device, session] = [cookieOf(context, 'device', request), cookieOf(context, 'session', request)]
  if (deviceOf(context, request) === null)
    reply.setCookie(device.name, await sessions.startDevice(), { ...device.options, maxAge: 400 * 86_400 })
  reply.setCookie(session.name, await sessions.start(), { ...session.options, maxAge: 90 * 86_400 })
}

/**
 * Checks the password, slowly after wrong ones. A browser that was signed in before is counted by itself; a stranger by
 * address, and with all other strangers from its first wrong try on: guessing from many addresses is slow too, while an
 * owner at a new address always has a try.
 *
 * @throws HoltError SIGN_IN_FAILED, TOO_MANY_TRIES.
 */
export async function checkOwner(context: AdminContext, request: FastifyRequest, password: string): Promise<void> {
  const { owner, backOff } = context
  const device = deviceOf(context, request)
  const self = device === null ? `address ${networkOf(request.ip)}` : `device ${device}`
  const counted = device === null ? [self, 'strangers'] : [self]
  backOff.check(backOff.hasFailed(self) ? counted : [self])
  // Counted before it is known to be wrong: many tries at once are many tries.
  backOff.failed(counted)
  await owner.checkPassword(password)
  backOff.succeeded(counted)
}

export function sessionRoutes(app: AdminApp, context: AdminContext): void {
  const { owner, sessions, log } = context

  app.get(
    '/api/session',
    {
      schema: {
        tags,
        operationId: 'session',
        summary: 'Who is calling, and whether the node is set up',
        response: { 200: SessionState, ...errorResponses },
      },
    },
    async (request) => {
      const state = !owner.hasPassword ? 'set-up' : isSignedIn(context, request) ? 'signed-in' : 'signed-out'
      return { state, setUpFinished: owner.progress.setUpFinished } as const
    },
  )

  app.post(
    '/api/session',
    {
      schema: {
        tags,
        operationId: 'signIn',
        summary: 'Signs in',
        body: Type.Object({ password: Password }, { additionalProperties: false }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      if (!owner.hasPassword) throw new HoltError('NOT_INITIALIZED', 'there is no owner password yet')
      await checkOwner(context, request, request.body.password)
      await signIn(context, request, reply)
      log.info('signed in', { address: request.ip })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/session',
    { schema: { tags, operationId: 'signOut', summary: 'Signs out', response: { 204: NoContent, ...errorResponses } } },
    async (request, reply) => {
      const token = sessionToken(context, request)
      if (token !== undefined) await sessions.end(token)
      const { name, options } = cookieOf(context, 'session', request)
      return reply.clearCookie(name, options).code(204).send(null)
    },
  )

  app.put(
    '/api/session/password',
    {
      onRequest: async (request) => checkSignedIn(context, request),
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Changes the owner password and signs out everywhere else',
        body: Type.Object({ password: Password, newPassword: Password }, { additionalProperties: false }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await checkOwner(context, request, request.body.password)
      await owner.setPassword(request.body.newPassword, request.body.password)
      await sessions.endAll()
      await signIn(context, request, reply)
      log.info('owner password changed', { address: request.ip })
      return reply.code(204).send(null)
    },
  )
}
