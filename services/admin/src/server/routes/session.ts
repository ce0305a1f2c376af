import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Grant, OWNER, Role } from '../auth/caller.ts'
import { PASSWORD_LENGTH } from '../auth/password.ts'
import { deviceNameOf } from '../auth/device-name.ts'
import { checkOwner, checkPasswordOf, cookieOf, recognise, sessionToken, signIn, signInAndTell, theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { hostName } from '../guard.ts'

export { checkOwner, signIn } from '../auth/recognise.ts'

const tags = ['session']
const strict = { additionalProperties: false }
export const Password = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.maximum })
export const NoContent = Type.Null({ description: 'done' })

export const SessionState = Type.Object({
  state: Type.Union([
    Type.Literal('set-up', { description: 'no owner password yet: the set-up code is needed' }),
    Type.Literal('signed-out'),
    Type.Literal('signed-in'),
  ]),
  setUpFinished: Type.Boolean(),
  person: Type.Optional(
    Type.Object(
      {
        id: Type.String(),
        name: Type.String({ description: "'' for the owner" }),
        role: Role,
        home: Type.Union([Type.String(), Type.Null()], { description: 'folder of a member' }),
        given: Type.Array(Grant),
      },
      { description: 'who is signed in' },
    ),
  ),
  others: Type.Boolean({ description: 'there are people besides the owner, who sign in with their names' }),
})

export function sessionRoutes(app: AdminApp, context: AdminContext): void {
  stateRoute(app, context)
  signInRoutes(app, context)
  passwordRoutes(app, context)
}

function stateRoute(app: AdminApp, context: AdminContext): void {
  const { owner, people } = context
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
      const caller = recognise(context, request)
      const state = !owner.hasPassword ? 'set-up' : caller !== null ? 'signed-in' : 'signed-out'
      const found = caller && people.get(caller.person)
      const person = caller && {
        id: caller.person,
        name: caller.name,
        role: caller.role,
        home: found?.home ?? null,
        given: found?.given ?? [],
      }
      const others = people.list().length > 0
      return { state, setUpFinished: owner.progress.setUpFinished, others, ...(person === null ? {} : { person }) } as const
    },
  )
}

function signInRoutes(app: AdminApp, context: AdminContext): void {
  const { owner, people, sessions, log } = context

  app.post(
    '/api/session',
    {
      schema: {
        tags,
        operationId: 'signIn',
        summary: 'Signs in; without a name the owner',
        body: Type.Object({ password: Password, name: Type.Optional(Type.String({ maxLength: 64 })) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      if (!owner.hasPassword) throw new HoltError('NOT_INITIALIZED', 'there is no owner password yet')
      const { password, name = '' } = request.body
      const person = name.trim() === '' ? OWNER : (people.byName(name)?.id ?? 'nobody')
      await checkPasswordOf(context, request, person, password)
      await signInAndTell(context, request, reply, person)
      log.info('signed in', { address: request.ip, person })
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
      // Contents of files may be in the browser's cache, to be asked for before they show again.
      if (heedsClearing(request)) reply.header('clear-site-data', '"cache"')
      return reply.clearCookie(name, options).code(204).send(null)
    },
  )

  app.post(
    '/api/session/confirm',
    {
      schema: {
        tags,
        operationId: 'confirm',
        summary: 'The password again: for some minutes this session may do what is dangerous',
        body: Type.Object({ password: Password }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await checkOwner(context, request, request.body.password)
      return reply.code(204).send(null)
    },
  )
}

/** Over plain HTTP browsers do not, but for this very machine; they complain instead. */
function heedsClearing({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || /^(localhost|127\.0\.0\.1|::1)$/.test(hostName(headers.host) ?? '')
}

function passwordRoutes(app: AdminApp, context: AdminContext): void {
  const { owner, people, sessions, tokens, appPasswords, log } = context
  app.put(
    '/api/session/password',
    {
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Changes the own password, signs out everywhere else and revokes the own tokens and app passwords',
        body: Type.Object({ password: Password, newPassword: Password }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { person } = theCaller(request)
      const { password, newPassword } = request.body
      await checkOwner(context, request, password)
      if (person === OWNER) await owner.setPassword(newPassword, password)
      else await people.setPassword(person, newPassword)
      await sessions.endOthers(person, null)
      if (person === OWNER) await sessions.forgetDevices()
      await tokens.revokeAllOf(person)
      await appPasswords.revokeAllOf(person)
      await signIn(context, request, reply, person)
      context.notices.add(person, 'password-changed', deviceNameOf(request.headers['user-agent']))
      log.info('password changed', { address: request.ip, person })
      return reply.code(204).send(null)
    },
  )
}
