import { Type } from 'typebox'
import { checkAgain } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { contentDisposition } from '../files/content-type.ts'
import { Password } from './session.ts'

/** Needs a session; once the set-up is finished the password too, or one given shortly before, for a backup file is the root key. */
export function keyRoutes(app: AdminApp, context: AdminContext): void {
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
      if (context.owner.progress.setUpFinished) await checkAgain(context, request, password)
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
