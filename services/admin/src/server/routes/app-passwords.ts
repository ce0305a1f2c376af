import { AppPasswordInfo, AppPasswordWish } from '@holt/control/app-passwords.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { controlOf } from '../access/guarded-control.ts'
import { mayRead, notYours } from '../auth/caller.ts'
import { theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { secureAddress } from '../https/trusted-redirect.ts'
import { NoContent } from './session.ts'

const tags = ['tokens']

/** Passwords for WebDAV programs; each person makes their own, for no more than they may themselves. */
export function appPasswordRoutes(app: AdminApp, context: AdminContext): void {
  const { appPasswords, log } = context

  app.get(
    '/api/app-passwords',
    {
      schema: {
        tags,
        operationId: 'appPasswords',
        summary: 'The own passwords for WebDAV programs',
        response: {
          200: Type.Object({ url: Type.String({ description: 'what programs connect to' }), passwords: Type.Array(AppPasswordInfo) }),
          ...errorResponses,
        },
      },
    },
    async (request) => ({ url: addressFor(context, request), passwords: appPasswords.listOf(theCaller(request).person) }),
  )

  app.post(
    '/api/app-passwords',
    {
      schema: {
        tags,
        operationId: 'makeAppPassword',
        summary: 'Makes a password for a WebDAV program, told once. Needs the password or a passkey given shortly before',
        body: AppPasswordWish,
        response: { 201: Type.Object({ password: Type.String(), info: AppPasswordInfo }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const caller = theCaller(request)
      const { name, path, write } = request.body
      request.about = name
      checkPath(path)
      // everything that is theirs, whatever that is then
      if (path !== '/') {
        if (!mayRead(caller, path)) throw notYours(path)
        const { type } = await controlOf(context, request).call('files.stat', { path })
        if (type !== 'directory' && type !== 'volume') throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`, { path })
      }
      const made = await appPasswords.make(caller.person, { name, path, write })
      log.info('an app password was made', { id: made.info.id, address: request.ip })
      return reply.code(201).send(made)
    },
  )

  app.delete(
    '/api/app-passwords/:id',
    {
      schema: {
        tags,
        operationId: 'revokeAppPassword',
        summary: 'Revokes one',
        params: Type.Object({ id: Type.String({ maxLength: 32 }) }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name } = await appPasswords.revoke(theCaller(request).person, request.params.id)
      request.about = name
      return reply.code(204).send(null)
    },
  )
}

function addressFor(context: AdminContext, request: FastifyRequest): string {
  const here = `${request.protocol}://${request.headers.host ?? 'localhost'}/`
  return new URL('dav/', secureAddress(context, request) ?? here).href
}
