import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AdminApp, AdminContext } from '../context.ts'

/** What is told of programs, in the words of the page. */
const told: Readonly<Record<string, string>> = {
  GET: 'download',
  PUT: 'upload',
  MKCOL: 'makeDirectory',
  DELETE: 'remove',
  MOVE: 'move',
  COPY: 'copy',
}

/** Writes down what programs change and fetch, and wrong passwords. */
export function recordPrograms(app: AdminApp, { activity }: AdminContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const what = request.refusal === 'SIGN_IN_FAILED' ? 'connectProgram' : told[request.method]
    if (what === undefined || !isTold(request, reply)) return
    const { caller } = request
    activity.add(
      {
        person: caller?.person ?? '',
        name: caller?.name ?? '',
        what,
        kind: what === 'connectProgram' ? 'session' : 'files',
        about: request.about ?? '',
        address: request.ip,
        token: caller?.token?.id ?? null,
        refused: request.refusal,
      },
      { together: true },
    )
  })
}

function isTold({ method, refusal, headers, caller }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  if (refusal === 'SIGN_IN_FAILED') return true
  if (caller === null || refusal === 'CANCELLED') return false
  // what is there changes under programs all the time: that they are told so is nothing to look at
  if (refusal !== null) return refusal === 'NOT_AUTHORIZED'
  return method !== 'GET' || (statusCode === 200 && headers.range === undefined)
}
