import type { FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { type Caller, mayRead, OWNER } from '../auth/caller.ts'
import { recognise, theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import type { LiveEvent, NumberedEvent } from '../events/live-events.ts'

/** A comment now and then keeps proxies and idle limits from closing a quiet stream. */
const HEARTBEAT_MS = 15_000
/** What a reader who does not read may cost. */
const MOST_UNREAD_BYTES = 1 << 20
/** Of one person, on all devices; each holds a connection. */
const MOST_STREAMS = 32

/** Live updates: server-sent events of every kind, gone on with after a lost connection. */
export function eventsRoutes(app: AdminApp, context: AdminContext): void {
  const open = new Map<string, number>()

  app.get(
    '/api/events',
    {
      schema: {
        tags: ['events'],
        operationId: 'events',
        summary:
          'Server-sent events, named by kind, each with an id; Last-Event-ID goes on after that one, and `gap` says that some were missed',
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) }),
        response: { 200: { description: 'events', content: { 'text/event-stream': { schema: Type.Unknown() } } }, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { person } = theCaller(request)
      const count = open.get(person) ?? 0
      if (count >= MOST_STREAMS) throw new HoltError('TOO_MANY_TRIES', 'too many streams of events are open', { retryAfterMs: 10_000 })
      open.set(person, count + 1)
      const left = new AbortController()
      const stream = new Readable({ read() {} })
      stream.once('close', () => {
        left.abort()
        const now = (open.get(person) ?? 1) - 1
        if (now === 0) open.delete(person)
        else open.set(person, now)
      })
      reply.raw.once('close', () => stream.destroy())
      send(context, request, stream, left.signal).catch((error: unknown) => stream.destroy(error as Error))
      return reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
    },
  )
}

async function send(context: AdminContext, request: FastifyRequest, stream: Readable, signal: AbortSignal): Promise<void> {
  const { events } = context
  const after = request.headers['last-event-id'] as string | undefined
  const heartbeat = setInterval(() => {
    // Somebody who was signed out meanwhile hears nothing more.
    if (recognise(context, request) === null) stream.push(null)
    else stream.push(': still here\n\n')
  }, HEARTBEAT_MS)
  signal.addEventListener('abort', () => clearInterval(heartbeat), { once: true })
  try {
    stream.push(`retry: 2000\nid: ${after ?? events.lastId}\n\n`)
    for await (const numbered of events.watch(after, signal)) {
      const caller = recognise(context, request)
      if (caller === null || stream.destroyed) break
      const text = numbered.filter(({ event }) => isFor(caller, event)).map(textOf)
      // The browser comes back by itself, and goes on where it was.
      if (stream.readableLength > MOST_UNREAD_BYTES) break
      if (text.length > 0) stream.push(text.join(''))
    }
  } finally {
    clearInterval(heartbeat)
    if (!stream.destroyed) stream.push(null)
  }
}

function textOf({ id, event: { kind, ...data } }: NumberedEvent): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Others than the owner hear of their own paths and of what they did. */
function isFor(caller: Caller, event: LiveEvent): boolean {
  if (event.kind === 'gap') return true
  if (event.kind === 'changed') return event.path !== undefined && mayRead(caller, event.path)
  if (event.kind === 'notice') return caller.token === null && event.person === caller.person
  if (caller.person === OWNER && caller.limits.length === 0) return true
  return event.kind === 'activity' && caller.token === null && event.person === caller.person
}
