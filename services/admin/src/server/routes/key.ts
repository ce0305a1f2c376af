import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { contentDisposition } from '../files/content-type.ts'
import { checkOwner, Password } from './session.ts'

/** Needs a session; once the set-up is finished the password too, for a backup file is the root key. */
export function keyRoutes(app: AdminApp, { owner, ...rest }: AdminContext): void {
  const context = { owner, ...rest }

  app.post(
    '/api/key/backup',
    {
      schema: {
        tags: ['key'],
        operationId: 'backUpKey',
        summary: 'The root key as an age file under a passphrase',
        body: Type.Object(
          { passphrase: Type.String({ minLength: 1, maxLength: 1024 }), password: Type.Optional(Password) },
          { additionalProperties: false },
        ),
        response: {
          200: { description: 'an age file', content: { 'application/octet-stream': { schema: Type.Unknown() } } },
          ...errorResponses,
        },
      },
    },
    async (request, reply) => {
      const { passphrase, password } = request.body
      if (owner.progress.setUpFinished) {
        if (password === undefined) throw new HoltError('SIGN_IN_FAILED', 'the password is needed again')
        await checkOwner(context, request, password)
      }
      const { fileBase64 } = await context.control.call('key.backup', { passphrase })
      await context.control.call('key.markBackedUp', {})
      context.log.info('root key backup file made', { address: request.ip })
      return reply
        .header('content-disposition', contentDisposition('attachment', 'holt-root-key.age'))
        .header('cache-control', 'no-store')
        .type('application/octet-stream')
        .send(Buffer.from(fileBase64, 'base64'))
    },
  )
}
