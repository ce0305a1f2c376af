import type { Upload } from '@holt/control/streams.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { filesOf } from '../access/guarded-control.ts'
import { bodyOf, signalOf } from '../files/request-body.ts'
import { checkPath } from '../files/tree-path.ts'
import { OFFSET_TYPE, parseMetadata, TUS_EXTENSIONS, TUS_VERSION } from '../files/tus.ts'
import { Path } from './files.ts'
import { NoContent } from './session.ts'

const tags = ['uploads']
const strict = { additionalProperties: false }
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, strict)
const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Unfinished = Type.Object({
  id: Type.String(),
  path: Type.String(),
  sizeBytes: Size,
  offsetBytes: Size,
  replace: Type.Boolean(),
  expires: Type.Number({ description: 'seconds since 1970' }),
})

/** Uploads that go on after a lost connection, a reload, a restart: tus 1.0.0, and a list of those that are not finished. */
export function uploadsRoutes(app: AdminApp, context: AdminContext): void {
  app.register(async (tus: AdminApp) => {
    tus.addHook('onRequest', checkVersion)
    tus.removeAllContentTypeParsers()
    tus.addContentTypeParser(OFFSET_TYPE, (_request, payload, done) => done(null, payload))
    createRoute(tus, context)
    appendRoute(tus, context)
    tus.delete(
      '/api/uploads/:id',
      {
        schema: {
          tags,
          operationId: 'discardUpload',
          summary: 'Gives an upload up',
          params: Id,
          response: { 204: NoContent, ...errorResponses },
        },
      },
      async (request, reply) => {
        await filesOf(context, request).uploads.discard(request.params.id)
        return reply.code(204).send(null)
      },
    )
  })
  lookRoutes(app, context)
  placeRoute(app, context)
}

/** A client that names no version is taken to speak ours. */
async function checkVersion(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  reply.header('tus-resumable', TUS_VERSION)
  const version = request.headers['tus-resumable']
  if (version === undefined || version === TUS_VERSION) return undefined
  reply.code(412).header('tus-version', TUS_VERSION) // the status that tus says
  return reply.send({ code: 'UNSUPPORTED_VERSION', message: `this is tus ${TUS_VERSION}`, data: {} })
}

function createRoute(app: AdminApp, context: AdminContext): void {
  app.post(
    '/api/uploads',
    {
      schema: {
        tags,
        operationId: 'createUpload',
        summary: 'Begins an upload that can go on later (tus 1.0.0, creation)',
        headers: Type.Object({
          'upload-length': Size,
          'upload-metadata': Type.String({
            maxLength: 32768,
            description: 'path, and perhaps modified (seconds), mode, replace (true): each in base64',
          }),
        }),
        response: { 201: Type.Null({ description: 'Location is its address' }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { path, ...metadata } = parseMetadata(request.headers['upload-metadata'])
      const upload = await filesOf(context, request).uploads.create({
        path: checkPath(path),
        ...metadata,
        sizeBytes: request.headers['upload-length'],
      })
      setUploadHeaders(reply, upload)
      return reply.code(201).header('location', `/api/uploads/${upload.id}`).send()
    },
  )
}

function appendRoute(app: AdminApp, context: AdminContext): void {
  app.patch(
    '/api/uploads/:id',
    {
      schema: {
        tags,
        operationId: 'continueUpload',
        summary: 'Adds bytes to an upload; with the last one the file appears. What came before the connection broke is kept',
        consumes: [OFFSET_TYPE],
        params: Id,
        headers: Type.Object({ 'upload-offset': Size }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { uploads } = filesOf(context, request)
      const { upload } = await uploads.append(request.params.id, request.headers['upload-offset'], bodyOf(request), {
        signal: signalOf(reply),
      })
      if (upload.offsetBytes === upload.sizeBytes) request.about = upload.path
      setUploadHeaders(reply, upload)
      return reply.code(204).send(null)
    },
  )
}

function setUploadHeaders(reply: FastifyReply, upload: Upload): void {
  reply.header('upload-offset', upload.offsetBytes).header('upload-length', upload.sizeBytes)
  reply.header('upload-expires', new Date(upload.expires * 1000).toUTCString())
}

function lookRoutes(app: AdminApp, context: AdminContext): void {
  app.head(
    '/api/uploads/:id',
    {
      onRequest: checkVersion,
      config: { swagger: { exposeHeadRoute: true } },
      schema: {
        tags,
        operationId: 'findUpload',
        summary: 'How much of an upload is here; ends a request that seems dead',
        params: Id,
        response: { 200: Type.Null({ description: 'Upload-Offset is how much' }), ...errorResponses },
      },
    },
    async (request, reply) => {
      setUploadHeaders(reply, await filesOf(context, request).uploads.find(request.params.id))
      return reply.code(200).send(null)
    },
  )
  app.get(
    '/api/uploads',
    {
      schema: {
        tags,
        operationId: 'listUploads',
        summary: 'Uploads that are not finished',
        response: { 200: Type.Object({ uploads: Type.Array(Unfinished) }), ...errorResponses },
      },
    },
    async (request) => ({ uploads: await filesOf(context, request).uploads.list() }),
  )
  app.options(
    '/api/uploads',
    { schema: { tags, operationId: 'describeUploads', summary: 'Which tus this is', response: { 204: NoContent, ...errorResponses } } },
    async (_request, reply) =>
      reply.code(204).headers({ 'tus-resumable': TUS_VERSION, 'tus-version': TUS_VERSION, 'tus-extension': TUS_EXTENSIONS }).send(null),
  )
}

function placeRoute(app: AdminApp, context: AdminContext): void {
  app.put(
    '/api/uploads/:id/place',
    {
      schema: {
        tags,
        operationId: 'retargetUpload',
        summary: 'Another place for an upload, when its own was taken meanwhile; then add no bytes at its end',
        params: Id,
        body: Type.Object({ path: Path, replace: Type.Boolean() }, strict),
        response: { 200: Unfinished, ...errorResponses },
      },
    },
    async (request) => {
      const { path, replace } = request.body
      return filesOf(context, request).uploads.retarget(request.params.id, { path: checkPath(path), replace })
    },
  )
}
