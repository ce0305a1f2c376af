import type { Readable } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** @throws HoltError CANCELLED while iterating, when the sender leaves before the end. */
export async function* bodyOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  const body = request.body as Readable | undefined
  if (body === undefined || body === null) return
  try {
    for await (const chunk of body) yield chunk as Uint8Array
  } catch (error) {
    throw new HoltError('CANCELLED', 'the sender left before the end', {}, { cause: error })
  }
}

/** Aborts when the connection closes before the answer is out. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}
