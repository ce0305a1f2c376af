import { LockLeases } from '@holt/control/node/lock-leases.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import { theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { knownErrorOf, reportFault } from '../error-handler.ts'
import { FewAtOnce } from '../few-at-once.ts'
import { copyOrMove, makeFolder, remove } from './change-tree.ts'
import { TOP } from './dav-path.ts'
import { DavRequest, type DavWorld } from './dav-request.ts'
import { lock, unlock } from './lock-methods.ts'
import { type Lock, Locks } from './locks.ts'
import { propfind } from './propfind.ts'
import { proppatch } from './proppatch.ts'
import { readFile } from './read-file.ts'
import { checkNobodyReadsAlong, checkNoPage, recogniseProgram } from './recognise-program.ts'
import { refusalOf, refuse } from './refusal.ts'
import { recordPrograms } from './record-programs.ts'
import { writeFile } from './write-file.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the app password of a WebDAV program opens. */
    davTop: string
  }
}

type Handler = (dav: DavRequest) => Promise<FastifyReply>

const handlers: Readonly<Record<string, Handler>> = {
  GET: readFile,
  HEAD: readFile,
  PUT: writeFile,
  DELETE: remove,
  PROPFIND: propfind,
  PROPPATCH: proppatch,
  MKCOL: makeFolder,
  COPY: copyOrMove,
  MOVE: copyOrMove,
  LOCK: lock,
  UNLOCK: unlock,
}
const ownMethods = ['PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK']
const ALLOW = ['OPTIONS', ...Object.keys(handlers)].join(', ')
/** As many as programs that copy whole folders have going on; each of them may hold some mebibytes. */
const AT_ONCE = { each: 16, all: 64, waiting: 128 }

/** WebDAV, classes 1 and 2 (RFC 4918), below `/dav/`: for programs with an app password, and for nobody else. */
export function davRoutes(app: AdminApp, context: AdminContext): void {
  const locks: Locks = new Locks(context.now, (ended) => void leases.release(ended))
  const leases = new LockLeases<Lock>(context.control, (lost) => locks.end(lost))
  const world: DavWorld = { context, locks, leases }
  const gate = new FewAtOnce(AT_ONCE)
  app.addHook('preClose', () => leases.close())
  for (const method of ownMethods) app.addHttpMethod(method, { hasBody: true })
  app.decorateRequest('davTop', '')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.setErrorHandler((error, request, reply) => sendRefusal(context, { error, request, reply }))
  recordPrograms(app, context)

  app.addHook('onRequest', async (request) => {
    checkNoPage(request)
    checkNobodyReadsAlong(request)
    if (request.method === 'OPTIONS') return
    const { caller, top } = await recogniseProgram(context, request)
    request.caller = caller
    request.davTop = top
  })

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const handler = handlers[request.method]
    if (request.method === 'OPTIONS') return sendOptions(reply)
    if (handler === undefined) throw refuse(405, 'WebDAV has no such method here')
    const dav = new DavRequest(world, { request, reply, top: request.davTop })
    request.about = dav.path
    const end = await gate.enter(holderOf(theCaller(request)), dav.signal)
    reply.raw.once('close', end)
    if (reply.raw.closed) end()
    return handler(dav)
  }
  const method = ['OPTIONS', 'POST', 'PATCH', ...Object.keys(handlers)].filter((one) => one !== 'HEAD')
  for (const url of [TOP, `${TOP}/*`])
    app.route({ method: [...method, 'HEAD'], url, helmet: { contentSecurityPolicy: false }, schema: { hide: true }, handler: answer })
}

/** Windows asks the top of a server before it goes on to a path. */
export function optionsOfTop(app: AdminApp): void {
  app.options('/', { schema: { hide: true } }, async (_request, reply) => sendOptions(reply))
}

function sendOptions(reply: FastifyReply): FastifyReply {
  return reply.code(200).header('dav', '1, 2').header('ms-author-via', 'DAV').header('allow', ALLOW).header('accept-ranges', 'bytes').send()
}

function holderOf({ token }: Caller): string {
  return token?.id ?? ''
}

function sendRefusal(
  { log }: Pick<AdminContext, 'log'>,
  { error, request, reply }: { error: unknown; request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const known = knownErrorOf(error)
  request.refusal = known.code
  reportFault(log, `${request.method} ${TOP}`, known)
  const { status, type, body } = refusalOf(known)
  for (const name of ['content-length', 'content-range', 'content-disposition', 'etag', 'last-modified', 'accept-ranges'])
    reply.removeHeader(name)
  if (status === 401) reply.header('www-authenticate', 'Basic realm="Holt", charset="UTF-8"')
  if (status === 405) reply.header('allow', ALLOW)
  if (status === 429) reply.header('retry-after', Math.ceil(Number(known.data['retryAfterMs'] ?? 1000) / 1000))
  return reply.code(status).header('cache-control', 'no-store').type(type).send(body)
}
