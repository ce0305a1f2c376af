import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** A comment now and then keeps proxies and idle limits from closing a quiet stream. */
const HEARTBEAT_MS = 15_000

/** Answers with server-sent events, one for each value; ends with the values or when the reader leaves. */
export function sendEvents(reply: FastifyReply, name: string, values: (signal: AbortSignal) => AsyncIterable<unknown>): FastifyReply {
  const left = new AbortController()
  const stream = new Readable({ read() {} })
  const heartbeat = setInterval(() => stream.push(': still here\n\n'), HEARTBEAT_MS)
  const stop = (): void => {
    clearInterval(heartbeat)
    left.abort()
  }
  stream.once('close', stop)
  reply.raw.once('close', () => stream.destroy())
  pump(stream, name, values(left.signal)).catch((error: unknown) => stream.destroy(error as Error))
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(stream)
}

async function pump(stream: Readable, name: string, values: AsyncIterable<unknown>): Promise<void> {
  for await (const value of values) {
    if (stream.destroyed) return
    stream.push(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`)
  }
  if (!stream.destroyed) stream.push(null)
}
