import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { controlOf, filesOf } from '../access/guarded-control.ts'
import { theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { contentDisposition } from '../files/content-type.ts'
import { signalOf } from '../files/request-body.ts'
import { checkPath, nameOf } from '../files/tree-path.ts'
import { zipOf } from '../zip/zip-tree.ts'
import { portableName } from '../zip/zip-names.ts'
import { Path } from './files.ts'

const tags = ['files']
const strict = { additionalProperties: false }
const MOST_TICKETS = 200
const TICKET_MS = 10 * 60_000

interface Ticket {
  person: string
  paths: string[]
  endsMs: number
}

/** Folders and selections as one archive. What is chosen is said first, for it may be more than an address holds; then a browser downloads it. */
export function zipRoutes(app: AdminApp, context: AdminContext): void {
  const tickets = new Map<string, Ticket>()

  app.post(
    '/api/files/zip',
    {
      schema: {
        tags,
        operationId: 'prepareZip',
        summary: 'Says what an archive shall hold; it can be downloaded for ten minutes',
        body: Type.Object({ paths: Type.Array(Path, { minItems: 1, maxItems: 1000 }) }, strict),
        response: { 201: Type.Object({ id: Type.String(), name: Type.String() }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const paths = request.body.paths.map(notTop)
      const control = controlOf(context, request)
      for (const path of paths) await control.call('files.stat', { path })
      const now = context.now()
      for (const [id, { endsMs }] of tickets) if (endsMs < now || tickets.size >= MOST_TICKETS) tickets.delete(id)
      const id = randomBytes(16).toString('hex')
      tickets.set(id, { person: theCaller(request).person, paths, endsMs: now + TICKET_MS })
      return reply.code(201).send({ id, name: nameOfZip(paths) })
    },
  )

  app.get(
    '/api/files/zip/:id',
    {
      schema: {
        tags,
        operationId: 'downloadZip',
        summary: 'The archive, made while it is sent: a ZIP without packing, of one version of the tree',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }, strict),
        response: { 200: { description: 'the archive', content: { 'application/zip': { schema: Type.Unknown() } } }, ...errorResponses },
      },
    },
    async (request, reply) => {
      const ticket = tickets.get(request.params.id)
      if (ticket === undefined || ticket.endsMs < context.now() || ticket.person !== theCaller(request).person)
        throw new HoltError('NOT_FOUND', 'this archive is not prepared (any more)')
      const { sequence } = await context.control.call('node.status', {})
      const source = { control: controlOf(context, request), files: filesOf(context, request), at: sequence, signal: signalOf(reply) }
      reply.type('application/zip').header('content-disposition', contentDisposition('attachment', nameOfZip(ticket.paths)))
      reply.header('content-security-policy', "default-src 'none'; sandbox")
      return reply.send(Readable.from(zipOf(source, ticket.paths), { objectMode: false, highWaterMark: 1 << 20 }))
    },
  )
}

function nameOfZip(paths: readonly string[]): string {
  const [first = ''] = paths
  return `${portableName(paths.length === 1 ? nameOf(first) : 'Holt')}.zip`
}

function notTop(path: string): string {
  if (path === '/') throw new HoltError('PATH_INVALID', 'this cannot be done to the top')
  return checkPath(path)
}
