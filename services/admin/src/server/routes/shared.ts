import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { methods } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { networkOf } from '../auth/network-of.ts'
import { errorResponses } from '../error-table.ts'
import { FewAtOnce } from '../few-at-once.ts'

const tags = ['shared']
const { id: ShareId } = methods['shares.revoke'].params.properties
const Sealed = { description: 'sealed bytes', content: { 'application/octet-stream': { schema: Type.Unknown() } } }

/** So long a browser may show a block again without asking; which block it is never changes. */
const BLOCK_CACHE_SECONDS = 600

/** Each is a mebibyte until it is sent, and those who have a link may be slow, or wish us ill. */
const BLOCKS_AT_ONCE = { each: 6, all: 24, waiting: 64 }

/** A request of somebody whose link is good. */
export function isShared({ shared }: AdminContext, request: FastifyRequest): boolean {
  const id = /^\/api\/shared\/([0-9a-f]{32})(?:[/?]|$)/.exec(request.url)?.[1]
  return id !== undefined && shared.isActive(id)
}

/** For whoever has a share link: no account, and nothing but sealed bytes. The secret that opens them is not sent here. */
export function sharedRoutes(app: AdminApp, { shared }: AdminContext): void {
  const gate = new FewAtOnce(BLOCKS_AT_ONCE)

  app.get(
    '/api/shared/:id',
    {
      schema: {
        tags,
        operationId: 'sharedDocument',
        summary: 'What a share link is of, sealed for who has the link',
        params: Type.Object({ id: ShareId }),
        response: { 200: Sealed, ...errorResponses },
      },
    },
    async ({ params }, reply) => sendSealed(reply, await shared.document(params.id)),
  )

  app.get(
    '/api/shared/:id/blocks/:cid',
    {
      schema: {
        tags,
        operationId: 'sharedBlock',
        summary: 'A sealed block that what is shared needs',
        params: Type.Object({ id: ShareId, cid: Type.String({ minLength: 1, maxLength: 128 }) }),
        response: { 200: Sealed, ...errorResponses },
      },
    },
    async ({ params, ip }, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const end = await gate.enter(networkOf(ip), gone.signal)
      reply.raw.once('close', end)
      if (gone.signal.aborted) end()
      const sealed = await shared.block(params.id, params.cid, { signal: gone.signal })
      return sendSealed(reply.header('cache-control', `private, max-age=${BLOCK_CACHE_SECONDS}, immutable`), sealed)
    },
  )
}

function sendSealed(reply: FastifyReply, sealed: Uint8Array): FastifyReply {
  reply.type('application/octet-stream').header('content-length', sealed.length)
  return reply.send(Readable.from([sealed], { objectMode: false }))
}
