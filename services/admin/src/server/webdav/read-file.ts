import { Readable } from 'node:stream'
import type { Entry } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply } from 'fastify'
import { contentDisposition, inlineTypeOf } from '../files/content-type.ts'
import { openDownload } from '../files/download.ts'
import { nameOf } from '../files/tree-path.ts'
import { type DavRequest, isDirectory } from './dav-request.ts'
import { refuse } from './refusal.ts'

const READ_BUFFER_BYTES = 1 << 20
/** This is the origin of the page: whatever a file contains, in a browser it has no script and nothing to call. */
const CONTENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
const FOLDER_TEXT = 'This address is for programs that speak WebDAV; docs/webdav.md of Holt says how they connect.\n'

/** GET and HEAD. */
export async function readFile(dav: DavRequest): Promise<FastifyReply> {
  const { reply, request, path, signal } = dav
  reply.header('content-security-policy', CONTENT_POLICY).header('cache-control', 'private, no-cache')
  const stat = async (): Promise<Entry> => {
    const entry = await dav.entryAt(path)
    if (entry === null) throw new HoltError('NOT_FOUND', 'there is nothing here')
    return entry
  }
  const entry = await stat()
  if (isDirectory(entry)) return reply.type('text/plain; charset=utf-8').send(request.method === 'HEAD' ? undefined : FOLDER_TEXT)
  if (dav.hasSlash) throw refuse(404, 'this is no folder')
  await checkReading(dav, entry)
  const { status, etag, range, body, entry: found } = await openDownload(dav.files, stat, { path, headers: request.headers, signal })
  reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    .header('last-modified', new Date(Math.max(0, found.modified) * 1000).toUTCString())
  if (status === 416) reply.header('content-range', `bytes */${found.sizeBytes}`)
  if (body === null) return reply.code(status).send()
  reply
    .type(inlineTypeOf(nameOf(path)) ?? 'application/octet-stream')
    .header('content-disposition', contentDisposition('attachment', nameOf(path)))
  reply.header('content-length', range?.lengthBytes ?? found.sizeBytes)
  if (range) reply.header('content-range', `bytes ${range.offset}-${range.offset + range.lengthBytes - 1}/${found.sizeBytes}`)
  if (request.method === 'HEAD') return reply.code(status).send()
  return reply.code(status).send(Readable.from(body, { objectMode: false, highWaterMark: READ_BUFFER_BYTES }))
}

/** If-None-Match is answered by 304, with the rest. */
async function checkReading(dav: DavRequest, entry: Entry): Promise<void> {
  if (dav.header('if-none-match') === undefined) await dav.checkConditions(entry)
}
