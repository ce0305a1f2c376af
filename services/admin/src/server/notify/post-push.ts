import { request as plainRequest } from 'node:http'
import { request as tlsRequest, type RequestOptions } from 'node:https'
import { lookupPublic } from './public-address.ts'

export interface PushAnswer {
  status: number
  /** null: it does not say when to try again. */
  retryAfterMs: number | null
}

interface PostOptions {
  headers: Record<string, string>
  body: Uint8Array
  signal: AbortSignal
}

const PATIENCE_MS = 20_000
const LONGEST_WAIT_MS = 3600_000

/** Sends to a checked endpoint, follows nothing, reads nothing but the status. @throws when there is no answer. */
export function postPush(url: URL, { headers, body, signal }: PostOptions): Promise<PushAnswer> {
  const isTls = url.protocol === 'https:'
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(body.length) },
    agent: false,
    timeout: PATIENCE_MS,
    signal: AbortSignal.any([signal, AbortSignal.timeout(2 * PATIENCE_MS)]),
    ...(isTls ? { lookup: lookupPublic } : {}),
  }
  return new Promise((resolve, reject) => {
    const request = (isTls ? tlsRequest : plainRequest)(url, options, (response) => {
      const seconds = Number(response.headers['retry-after'])
      const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(1000 * seconds, LONGEST_WAIT_MS) : null
      resolve({ status: response.statusCode ?? 0, retryAfterMs })
      response.destroy()
    })
    request.once('timeout', () => request.destroy(new Error('the push service does not answer')))
    request.once('error', reject)
    request.end(body)
  })
}
