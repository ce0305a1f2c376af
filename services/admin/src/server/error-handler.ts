import { errorToJson, HoltError, type HoltErrorJson, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { AdminLog } from '../options.ts'
import { statusOf } from './error-table.ts'

/** Faults of the request that Fastify finds before any route runs, in our words. */
function fromFastify(error: Partial<FastifyError>): HoltError | null {
  if (error.validation)
    return new HoltError(
      'INPUT_INVALID',
      invalidField(error),
      { part: error.validationContext ?? 'request', field: fieldOf(error) },
      { cause: error },
    )
  if (error.statusCode === 413) return new HoltError('TOO_LARGE', 'the request is too large', {}, { cause: error })
  if (error.statusCode === 429) return new HoltError('TOO_MANY_TRIES', 'too many requests', {}, { cause: error })
  if (error.statusCode === 404) return new HoltError('NOT_FOUND', 'no such page', {}, { cause: error })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new HoltError('INPUT_INVALID', error.message ?? 'bad request', {}, { cause: error })
  }
  return null
}

function invalidField(error: Partial<FastifyError>): string {
  const first = error.validation?.[0]
  return `${error.validationContext ?? 'request'}${first?.instancePath ?? ''} ${first?.message ?? 'does not fit its schema'}`
}

/** 'settings.lan.address': the first that does not fit. */
function fieldOf(error: Partial<FastifyError>): string {
  return (error.validation?.[0]?.instancePath ?? '').slice(1, 100).replaceAll('/', '.')
}

export function knownErrorOf(error: unknown): HoltError {
  return (isHoltError(error) ? error : fromFastify(error as Partial<FastifyError>)) ?? toHoltError(error)
}

export function errorHandler(log: AdminLog) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const known = knownErrorOf(error)
    request.refusal = known.code
    reportFault(log, `${request.method} ${request.routeOptions.url ?? ''}`, known)
    await sendError(reply, known)
  }
}

/** Addresses that fit no route's form: none of the hooks have run, so that the headers they set are set here. */
export function addressErrors(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  sendError(reply, fromFastify(error) ?? toHoltError(error))
}

/** Writes down what is no fault of the caller. */
export function reportFault(log: AdminLog, where: string, error: HoltError): void {
  if (statusOf[error.code] < 500 || error.code === 'DISK_FULL') return
  const { stack } = error.cause instanceof Error ? error.cause : error
  log.error(`${where}: ${error.message} (${error.code})${error.code === 'INTERNAL' ? `\n${stack}` : ''}`, { code: error.code, stack })
}

/** What a caller is told: nothing about the inside of Holt. */
export function errorForCaller(error: unknown): HoltErrorJson {
  const body = errorToJson(error)
  return body.code === 'INTERNAL' ? { ...body, message: 'an internal fault; the log of the node says more' } : body
}

export function sendError(reply: FastifyReply, error: HoltError): FastifyReply {
  const body = errorForCaller(error)
  if (error.code === 'TOO_MANY_TRIES' && typeof error.data.retryAfterMs === 'number') {
    reply.header('retry-after', Math.ceil(error.data.retryAfterMs / 1000))
  }
  // A download that failed before its first byte must not keep the headers of the file.
  for (const name of ['content-length', 'content-range', 'content-disposition', 'etag', 'last-modified', 'accept-ranges'])
    reply.removeHeader(name)
  return reply
    .code(statusOf[error.code])
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(body)
}
