import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { mayRead } from '../auth/caller.ts'
import { theCaller } from '../auth/recognise.ts'
import { type ApiToken, TokenCall } from '../auth/tokens.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { NoContent } from './session.ts'

const tags = ['tokens']
const strict = { additionalProperties: false }
const HOUR_MS = 3_600_000
const OfMembers: readonly TokenCall[] = ['files', 'events']

const Paths = Type.Union([Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 64 }), Type.Null()], {
  description: 'folders it is limited to; null: wherever its person may',
})
const TokenInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  write: Type.Boolean(),
  calls: Type.Array(TokenCall),
  paths: Paths,
  createdMs: Type.Integer(),
  expiresMs: Type.Union([Type.Integer(), Type.Null()]),
  usedMs: Type.Union([Type.Integer(), Type.Null()], { description: 'to the hour' }),
})

/** Keys for programs; each person makes their own, for no more than they may themselves. */
export function tokensRoutes(app: AdminApp, context: AdminContext): void {
  const { tokens, log, now } = context

  app.get(
    '/api/tokens',
    {
      schema: {
        tags,
        operationId: 'tokens',
        summary: 'The own tokens',
        response: { 200: Type.Object({ tokens: Type.Array(TokenInfo) }), ...errorResponses },
      },
    },
    async (request) => ({ tokens: tokens.listOf(theCaller(request).person).map(infoOf) }),
  )

  app.post(
    '/api/tokens',
    {
      schema: {
        tags,
        operationId: 'makeToken',
        summary: 'Makes a token for a program, told once. Needs the password or a passkey given shortly before',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 64 }),
            write: Type.Boolean({ description: 'false: it only reads' }),
            calls: Type.Array(TokenCall, { minItems: 1, maxItems: 16 }),
            paths: Paths,
            hours: Type.Union([Type.Integer({ minimum: 1, maximum: 24 * 3660 }), Type.Null()], {
              description: 'until it expires; null: never',
            }),
          },
          strict,
        ),
        response: { 201: Type.Object({ token: Type.String(), info: TokenInfo }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const caller = theCaller(request)
      const { name, write, calls, paths, hours } = request.body
      request.about = name
      if (caller.role !== 'owner' && calls.some((call) => !OfMembers.includes(call)))
        throw new HoltError('NOT_AUTHORIZED', 'only the owner may do this')
      for (const path of paths ?? [])
        if (!mayRead(caller, checkPath(path))) throw new HoltError('NOT_AUTHORIZED', 'this was not shared with you', { path })
      const expiresMs = hours === null ? null : now() + hours * HOUR_MS
      const { token, secret } = await tokens.make({ person: caller.person, name, write, calls, paths, expiresMs })
      log.info('a token was made', { token: token.id, address: request.ip })
      return reply.code(201).send({ token: secret, info: infoOf(token) })
    },
  )

  app.delete(
    '/api/tokens/:id',
    {
      schema: {
        tags,
        operationId: 'revokeToken',
        summary: 'Revokes one',
        params: Type.Object({ id: Type.String({ maxLength: 32 }) }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name } = await tokens.revoke(theCaller(request).person, request.params.id)
      request.about = name
      return reply.code(204).send(null)
    },
  )
}

function infoOf({ hash: _, person: _person, ...info }: ApiToken) {
  return info
}
