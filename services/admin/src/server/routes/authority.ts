import { Type } from 'typebox'
import { HoltError } from '@holt/core/errors.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { markOf } from '../https/trusted-redirect.ts'
import { NoContent } from './session.ts'

const tags = ['https']

export const AuthorityState = Type.Object({
  fingerprint: Type.String({ description: 'SHA-256 of the authority, as devices show it' }),
  validTo: Type.String({ description: 'ISO 8601' }),
  port: Type.Union([Type.Integer(), Type.Null()], { description: 'where the page answers over HTTPS; null: it does not now' }),
  secure: Type.Boolean({ description: 'this very request came over HTTPS' }),
})

/** What a device needs to trust this page. Nothing of it is secret: whoever connects over TLS is told most of it. */
export function authorityRoutes(app: AdminApp, context: AdminContext): void {
  const { https } = context

  app.post(
    '/api/authority/trusted',
    {
      schema: {
        tags,
        operationId: 'trustAuthority',
        summary: 'This browser trusts the authority: from now on it is sent to HTTPS. Asked over HTTPS only',
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name, value, maxAge } = markOf(context)
      if (request.protocol !== 'https' || value === null) throw new HoltError('NOT_AUTHORIZED', 'this is known over HTTPS only')
      // Read where there is no TLS: it must not be for TLS only.
      return reply.setCookie(name, value, { path: '/', httpOnly: true, sameSite: 'lax', maxAge }).code(204).send(null)
    },
  )

  app.get(
    '/api/authority',
    {
      schema: {
        tags,
        operationId: 'authority',
        summary: 'The authority that signs the certificate of the page; null where there is no HTTPS',
        response: { 200: Type.Object({ authority: Type.Union([AuthorityState, Type.Null()]) }), ...errorResponses },
      },
    },
    async (request) => {
      const found = https?.authority()
      if (!found) return { authority: null }
      const { fingerprint, validTo } = found
      return { authority: { fingerprint, validTo, port: https?.port() ?? null, secure: request.protocol === 'https' } }
    },
  )

  app.get(
    '/authority.crt',
    {
      schema: {
        tags,
        operationId: 'authorityFile',
        summary: 'The same as a file that devices install (X.509, DER)',
        response: {
          200: { description: 'a certificate', content: { 'application/x-x509-ca-cert': { schema: Type.Unknown() } } },
          ...errorResponses,
        },
      },
    },
    async (_request, reply) => {
      const authority = https?.authority()
      if (!authority) throw new HoltError('NOT_FOUND', 'this page has no HTTPS')
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="holt-authority.crt"')
        .type('application/x-x509-ca-cert')
        .send(Buffer.from(authority.der))
    },
  )
}
