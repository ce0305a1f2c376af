import { thumbnailTypeOf } from '@holt/control/picture-type.ts'
import { thumbnailMethods } from '@holt/control/thumbnails.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { controlOf } from '../access/guarded-control.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { Path } from './files.ts'
import { NoContent } from './session.ts'

const tags = ['files']
const put = thumbnailMethods['thumbnails.put']

/** A picture that somebody's browser sent: it is shown as a picture and can be nothing else. */
const PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** Small pictures of files. The node makes none; browsers do, and whoever may write a file may keep one of it. */
export function thumbnailRoutes(app: AdminApp, context: AdminContext): void {
  app.get(
    '/api/files/thumbnail',
    {
      schema: {
        tags,
        operationId: 'thumbnail',
        summary: thumbnailMethods['thumbnails.get'].summary,
        querystring: Type.Object(
          { path: Path, content: Type.String({ minLength: 1, maxLength: 128, description: 'of the file as it was seen' }) },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'JPEG or WebP',
            content: { 'image/webp': { schema: Type.Unknown() }, 'image/jpeg': { schema: Type.Unknown() } },
          },
          204: NoContent,
          ...errorResponses,
        },
      },
    },
    async (request, reply) => {
      const { path, content } = request.query
      const kept = await controlOf(context, request).call('thumbnails.get', { path: checkPath(path) })
      if (kept.base64 === null || kept.content !== content) return reply.code(204).send(null)
      const picture = Buffer.from(kept.base64, 'base64')
      const type = thumbnailTypeOf(picture)
      if (type === null) throw new HoltError('INTERNAL', 'what is kept is no picture')
      reply.header('content-security-policy', PICTURE_POLICY).header('content-disposition', 'inline')
      return reply.type(type).send(picture)
    },
  )

  app.put(
    '/api/files/thumbnail',
    {
      schema: {
        tags,
        operationId: 'keepThumbnail',
        summary: put.summary,
        body: Type.Object({ ...put.params.properties, path: Path }, { additionalProperties: false }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { path, content, base64 } = request.body
      await controlOf(context, request).call('thumbnails.put', { path: checkPath(path), content, base64 })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/files/thumbnails',
    {
      schema: {
        tags,
        operationId: 'clearThumbnails',
        summary: thumbnailMethods['thumbnails.clear'].summary,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await controlOf(context, request).call('thumbnails.clear', {})
      return reply.code(204).send(null)
    },
  )
}
