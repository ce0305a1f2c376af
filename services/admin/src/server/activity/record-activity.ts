import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HoltErrorCode } from '@holt/core/errors.ts'
import type { AdminApp, AdminContext } from '../context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was refused; set by the error handler. */
    refusal: HoltErrorCode | null
    /** What it was about, where the request itself does not say it in a way that may be written down. */
    about: string | null
  }
}

/** Calls that change nothing anybody would look for, or that ask the same again and again. */
const notTold = new Set([
  'createUpload',
  'retargetUpload',
  'checkSetupCode',
  'lookAtInvitation',
  'passkeyOptions',
  'newPasskeyOptions',
  'trustAuthority',
  'askWords',
  'findDrives',
  'previewRetention',
  'readNotices',
  'testPush',
  'bringPackage',
])
/** A resumed upload is told when it is whole, as any other. */
const WHOLE_UPLOAD = 'continueUpload'
/** Reads that are told: what leaves the box, and what is most secret. */
const toldReads = new Set(['download', 'showWords', 'diagnostics'])
/** The field of a request that names what it is about; none of them is ever secret. */
const aboutFields = ['path', 'from', 'paths', 'folder', 'drive', 'device', 'name', 'kind', 'id'] as const

/** Writes down each request that changed something, or would have, when it is answered. */
export function recordActivity(app: AdminApp, { activity }: AdminContext): void {
  app.decorateRequest('refusal', null)
  app.decorateRequest('about', null)
  app.addHook('onResponse', async (request, reply) => {
    const { operationId, tags } = (request.routeOptions.schema ?? {}) as { operationId?: string; tags?: string[] }
    if (operationId === undefined || !isTold(request, reply, operationId)) return
    const { caller } = request
    const isUpload = operationId === WHOLE_UPLOAD
    const kind = isUpload ? 'files' : (tags?.[0] ?? '')
    activity.add(
      {
        person: caller?.person ?? '',
        name: caller?.name ?? '',
        what: isUpload ? 'upload' : operationId,
        kind,
        about: request.about ?? aboutOf(request),
        address: request.ip,
        token: caller?.token?.id ?? null,
        refused: request.refusal,
      },
      // Files come in thousands, and so do the tries of a stranger.
      { together: kind === 'files' || request.refusal !== null },
    )
  })
}

function isTold(request: FastifyRequest, reply: FastifyReply, operationId: string): boolean {
  if (request.method === 'GET') {
    if (!toldReads.has(operationId) || reply.statusCode >= 400) return false
    const { view } = request.query as { view?: string }
    return view === undefined && request.headers.range === undefined && reply.statusCode !== 304
  }
  if (request.method === 'HEAD' || request.method === 'OPTIONS' || notTold.has(operationId)) return false
  if (operationId === WHOLE_UPLOAD && request.about === null) return false
  // A page that was left open, and a browser that just looks whether it is signed in, did nothing.
  return request.refusal !== 'NOT_SIGNED_IN' && request.refusal !== 'CANCELLED'
}

function aboutOf({ body, query, params }: FastifyRequest): string {
  for (const part of [body, query, params] as (Record<string, unknown> | null | undefined)[])
    for (const field of aboutFields) {
      const value = [part?.[field]].flat()[0]
      if (typeof value === 'string' && value !== '') return value
    }
  return ''
}
