import { Readable } from 'node:stream'
import { Entry } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { controlOf, filesOf, leaseOf } from '../access/guarded-control.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { contentDisposition, inlineTypeOf } from '../files/content-type.ts'
import { type Download, openDownload } from '../files/download.ts'
import { bodyOf, signalOf } from '../files/request-body.ts'
import { checkPath, nameOf, parseVersion } from '../files/tree-path.ts'
import { At, Path } from './files.ts'

const tags = ['files']
const strict = { additionalProperties: false }

/** Between the tree and the socket: enough to keep both busy, little enough to forget. */
const DOWNLOAD_BUFFER_BYTES = 1 << 20

/** Whatever a file contains, it has no origin, no script and nothing to call. */
const CONTENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
/**
 * A viewer of the browser itself shows PDF, in a process and an origin of its own; a sandbox keeps it from starting. `nosniff` and the type
 * see to it that the bytes are nothing else. Our own page may frame it, and nobody's else.
 */
const PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"

export function contentRoutes(app: AdminApp, context: AdminContext): void {
  downloadRoute(app, context)
  app.register(async (uploads: AdminApp) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    uploadRoute(uploads, context)
  })
}

function downloadRoute(app: AdminApp, context: AdminContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/files/content',
    helmet: { contentSecurityPolicy: false },
    schema: {
      tags,
      operationId: 'download',
      summary: 'The bytes of a file; Range, If-Range and If-None-Match as in RFC 9110',
      querystring: Type.Object(
        {
          path: Path,
          at: At,
          view: Type.Optional(Type.String({ maxLength: 8, description: 'present: shown in place where that is safe' })),
        },
        strict,
      ),
      response: {
        200: { description: 'the bytes', content: { 'application/octet-stream': { schema: Type.Unknown() } } },
        ...errorResponses,
      },
    },
    handler: async (request, reply) => {
      const [control, files] = [controlOf(context, request), filesOf(context, request)]
      const path = checkPath(request.query.path)
      const version = parseVersion(request.query.at)
      const signal = signalOf(reply)
      const stat = (): Promise<Entry> => control.call('files.stat', { path, ...version }, { signal })
      const download = await openDownload(files, stat, { path, ...version, headers: request.headers, signal })
      setContentHeaders(reply, download, nameOf(path), request.query.view !== undefined)
      return send(request, reply, download)
    },
  })
}

function setContentHeaders(reply: FastifyReply, { entry, etag, range, status }: Download, name: string, view: boolean): void {
  const type = view ? inlineTypeOf(name) : null
  const isPdf = type === 'application/pdf'
  reply.header('content-security-policy', isPdf ? PDF_POLICY : CONTENT_POLICY)
  if (isPdf) reply.header('x-frame-options', 'SAMEORIGIN')
  reply.header('cache-control', 'private, no-cache').header('etag', etag).header('accept-ranges', 'bytes')
  const modified = new Date(entry.modified * 1000)
  if (!Number.isNaN(modified.getTime()) && modified.getUTCFullYear() >= 1970 && modified.getUTCFullYear() < 10000)
    reply.header('last-modified', modified.toUTCString())
  if (status === 416) reply.header('content-range', `bytes */${entry.sizeBytes}`)
  if (status === 416 || status === 304) return
  reply.type(type ?? 'application/octet-stream')
  reply.header('content-disposition', contentDisposition(type === null ? 'attachment' : 'inline', name))
  reply.header('content-length', range?.lengthBytes ?? entry.sizeBytes)
  if (range) reply.header('content-range', `bytes ${range.offset}-${range.offset + range.lengthBytes - 1}/${entry.sizeBytes}`)
}

async function send(request: FastifyRequest, reply: FastifyReply, { status, body }: Download): Promise<FastifyReply> {
  reply.code(status)
  if (body === null || request.method === 'HEAD') return reply.send()
  return reply.send(Readable.from(body, { objectMode: false, highWaterMark: DOWNLOAD_BUFFER_BYTES }))
}

function uploadRoute(app: AdminApp, context: AdminContext): void {
  app.put(
    '/api/files/content',
    {
      schema: {
        tags,
        operationId: 'upload',
        summary: 'Writes a file from the raw body; it appears when all of it is there',
        consumes: ['application/octet-stream'],
        querystring: Type.Object({ path: Path, replace: Type.Optional(Type.Boolean()) }, strict),
        headers: Type.Object({
          'x-holt-modified': Type.Optional(
            Type.Number({ minimum: -1e12, maximum: 1e12, description: 'seconds since 1970, with a fraction' }),
          ),
          'x-holt-mode': Type.Optional(Type.Integer({ minimum: 0, maximum: 0o7777 })),
        }),
        response: { 201: Entry, ...errorResponses },
      },
    },
    async (request, reply) => {
      const [control, files] = [controlOf(context, request), filesOf(context, request)]
      const path = checkPath(request.query.path)
      const { replace = false } = request.query
      const lease = leaseOf(request)
      if (!replace) await checkFree(control, path)
      const entry = await files.write(path, bodyOf(request), {
        modified: request.headers['x-holt-modified'],
        mode: request.headers['x-holt-mode'],
        replace,
        ...(lease === null ? {} : { token: lease }),
        signal: signalOf(reply),
      })
      return reply.code(201).send(entry)
    },
  )
}

/** Tells before the bytes are sent, where it can. @throws HoltError ALREADY_EXISTS. */
async function checkFree(control: AdminContext['control'], path: string): Promise<void> {
  const there = await control.call('files.stat', { path }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof HoltError && error.code === 'NOT_FOUND') return false
      throw error
    },
  )
  if (there) throw new HoltError('ALREADY_EXISTS', 'something has this name already')
}
