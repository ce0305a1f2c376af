import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { Grant, Role } from '../auth/caller.ts'
import { PersonName, PersonRole } from '../auth/people.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { NoContent } from './session.ts'

const tags = ['people']
const strict = { additionalProperties: false }
const Grants = Type.Array(Grant, { maxItems: 256 })
const Id = Type.Object({ id: Type.String({ maxLength: 32 }) })
const HOUR_MS = 3_600_000

const PersonInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  home: Type.Union([Type.String(), Type.Null()]),
  given: Grants,
  createdMs: Type.Integer(),
  seenMs: Type.Union([Type.Integer(), Type.Null()], { description: 'null: signed in nowhere now' }),
})
const InvitationInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: PersonRole,
  given: Grants,
  expiresMs: Type.Integer(),
})

/** Who else uses this node; the owner's to decide. */
export function peopleRoutes(app: AdminApp, context: AdminContext): void {
  listRoute(app, context)
  invitationRoutes(app, context)
  personRoutes(app, context)
  signOutRoute(app, context)
}

function listRoute(app: AdminApp, { people, sessions }: AdminContext): void {
  app.get(
    '/api/people',
    {
      schema: {
        tags,
        operationId: 'people',
        summary: 'Members, guests, and who is invited',
        response: { 200: Type.Object({ people: Type.Array(PersonInfo), invitations: Type.Array(InvitationInfo) }), ...errorResponses },
      },
    },
    async () => ({
      people: people.list().map(({ password: _, ...person }) => ({ ...person, seenMs: sessions.listOf(person.id)[0]?.seenMs ?? null })),
      invitations: people.invitations().map(({ id, name, role, given, expiresMs }) => ({ id, name, role, given, expiresMs })),
    }),
  )
}

function invitationRoutes(app: AdminApp, context: AdminContext): void {
  const { people, log, now } = context

  app.post(
    '/api/people/invitations',
    {
      schema: {
        tags,
        operationId: 'invite',
        summary: 'Invites somebody; the code is told once. Needs the password or a passkey given shortly before',
        body: Type.Object(
          {
            name: PersonName,
            role: PersonRole,
            given: Grants,
            hours: Type.Integer({ minimum: 1, maximum: 720, description: 'until it expires' }),
          },
          strict,
        ),
        response: { 201: Type.Object({ id: Type.String(), code: Type.String(), expiresMs: Type.Integer() }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name, role, given, hours } = request.body
      const { invitation, code } = await people.invite({ name, role, given: tidy(given), expiresMs: now() + hours * HOUR_MS })
      log.info('somebody is invited', { role, address: request.ip })
      return reply.code(201).send({ id: invitation.id, code, expiresMs: invitation.expiresMs })
    },
  )

  app.delete(
    '/api/people/invitations/:id',
    {
      schema: {
        tags,
        operationId: 'withdrawInvitation',
        summary: 'Takes an invitation back',
        params: Id,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await people.withdraw(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function personRoutes(app: AdminApp, context: AdminContext): void {
  const { people, sessions, tokens, appPasswords, passkeys, push, notices, log } = context

  app.put(
    '/api/people/:id',
    {
      schema: {
        tags,
        operationId: 'changePerson',
        summary: 'What somebody is called and what is shared with them. Needs the password or a passkey given shortly before',
        params: Id,
        body: Type.Object({ name: Type.Optional(PersonName), given: Type.Optional(Grants) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name, given } = request.body
      request.about = people.the(request.params.id).name
      await people.change(request.params.id, {
        ...(name === undefined ? {} : { name }),
        ...(given === undefined ? {} : { given: tidy(given) }),
      })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/people/:id',
    {
      schema: {
        tags,
        operationId: 'removePerson',
        summary: 'Lets somebody in no more; their folder stays. Needs the password or a passkey given shortly before',
        params: Id,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      request.about = people.the(id).name
      await people.remove(id)
      await Promise.all([
        sessions.endOthers(id, null),
        tokens.revokeAllOf(id),
        appPasswords.revokeAllOf(id),
        passkeys.removeAllOf(id),
        push.drop(({ person }) => person === id),
      ])
      notices.forget(id)
      log.info('somebody was removed', { person: id, address: request.ip })
      return reply.code(204).send(null)
    },
  )
}

/** For a lost phone it should be quick: nothing is asked again. */
function signOutRoute(app: AdminApp, { people, sessions, log }: AdminContext): void {
  app.delete(
    '/api/people/:id/sessions',
    {
      schema: {
        tags,
        operationId: 'endSessionsOf',
        summary: 'Signs somebody out everywhere; they can sign in again',
        params: Id,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      request.about = people.the(id).name
      await sessions.endOthers(id, null)
      log.info('somebody was signed out everywhere', { person: id, address: request.ip })
      return reply.code(204).send(null)
    },
  )
}

/** @throws HoltError PATH_INVALID, NAME_INVALID. */
function tidy(given: readonly { path: string; write: boolean }[]): { path: string; write: boolean }[] {
  const paths = new Set(given.map(({ path }) => path))
  if (paths.size < given.length) throw new HoltError('INPUT_INVALID', 'a path is there twice', { field: 'given' })
  return given.map(({ path, write }) => ({ path: checkPath(path), write }))
}
