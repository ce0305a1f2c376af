import { HoltError, type HoltErrorCode, toHoltError } from '@holt/core/errors.ts'
import type { ProgramPackage } from '@holt/core/package/archive.ts'
import { arrayOf, text, tuple, uint } from '@holt/core/shape.ts'
import type { PageAnswer, PageRequest, PageResponse } from '../platform.ts'
import { cookiesForProgram, cookiesOfProgram } from './page-cookies.ts'
import { fieldOf, pack, unpack } from '@holt/sandbox/parcel.ts'
import { partOf, staticFile } from './static-file.ts'
import type { ProgramStream } from './streams/program-stream.ts'
import { openOf, type ProgramStreams } from './streams/program-streams.ts'

export interface PageOptions {
  /** Of the program: keeps its cookies apart. */
  id: string
  package: ProgramPackage
  /** One request to the program. @param onTurn called when its turn comes. */
  deliver(name: 'http', body: Uint8Array, onTurn: () => void): Promise<Uint8Array>
  streams: ProgramStreams
  warn(text: string): void
}

const responseHeaders = arrayOf(tuple(text({ maxBytes: 256 }), text({ maxBytes: 8192 })), { max: 100 })
/** Those of the connection are the node's to say. */
const notFromPrograms = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'trailer',
  'date',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'clear-site-data',
])
/** With it a connection becomes a WebSocket. */
const SWITCHING = 101
const always: [string, string][] = [['x-content-type-options', 'nosniff']]

/** Answers the requests to a program's page: a file of its `pages` folder where there is one, else what the program says. */
export async function answerPage(options: PageOptions, request: PageRequest): Promise<PageAnswer> {
  const isWebSocket = request.webSocket === true
  const file = isWebSocket ? null : staticFile(options.package, request)
  if (file !== null) return { ...file, headers: [...always, ...file.headers] }
  const { id, streams } = options
  let stream: ProgramStream | null = null
  try {
    const offered = streams.offer(isWebSocket)
    stream = offered
    const head = {
      method: request.method,
      url: request.url,
      headers: cookiesForProgram(id, request.headers),
      stream: offered.id,
      ...(isWebSocket ? { webSocket: true } : {}),
    }
    const answer = await options.deliver('http', pack(head, request.body), () => streams.answering(offered))
    const { stays, ...response } = fromProgram(id, answer, isWebSocket)
    if (stays) return { ...response, open: streams.open(offered) }
    streams.withdraw(offered)
    return hasParts(request, response) ? partOf(response, request.headers) : response
  } catch (caught) {
    if (stream !== null && stream.state !== 'over') streams.withdraw(stream)
    const { code, message } = toHoltError(caught)
    options.warn(`${request.method} ${new URL(request.url).pathname}: ${message} (${code})`)
    // visitors learn that it failed; why is for the owner
    return plain(statusOf(code), code === 'LIMIT_REACHED' ? 'Too many requests wait\n' : 'This program failed\n')
  }
}

function fromProgram(id: string, answer: Uint8Array, isWebSocket: boolean): PageResponse & { stays: boolean } {
  const parcel = unpack(answer)
  const status = fieldOf(parcel, 'status', uint({ min: 101, max: 599 }))
  const stays = openOf(parcel) !== null
  if (status < 200 && status !== SWITCHING) throw new HoltError('PROGRAM_FAILED', 'it answered with a status that is none of an answer')
  // a request for a WebSocket becomes one or is answered whole; no other does
  if ((status === SWITCHING || stays) && (isWebSocket !== (status === SWITCHING) || !stays))
    throw new HoltError('PROGRAM_FAILED', 'it answered as if this were a WebSocket, or as if it were none')
  const given = fieldOf(parcel, 'headers', responseHeaders).map(([name, value]) => [name.toLowerCase(), value] as [string, string])
  if (given.some(([name, value]) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || !isHeaderValue(value)))
    throw new HoltError('PROGRAM_FAILED', 'it answered with a header that is none')
  const headers = given.filter(([name]) => !notFromPrograms.has(name))
  return { status, headers: [...always, ...headers, ...cookiesOfProgram(id, given)], body: parcel.body, stays }
}

/** The program says so of its answer, and a part may have been asked for. */
function hasParts({ method }: PageRequest, { status, headers }: PageResponse): boolean {
  return method === 'GET' && status === 200 && headers.some(([name, value]) => name === 'accept-ranges' && value === 'bytes')
}

function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if ((unit < 0x20 && unit !== 9) || unit === 0x7f || unit > 0xff) return false
  }
  return true
}

function statusOf(code: HoltErrorCode): number {
  if (code === 'LIMIT_REACHED' || code === 'PROGRAM_ENDED' || code === 'NODE_STOPPING' || code === 'CAGE_MISSING') return 503
  return code === 'TIME_EXCEEDED' ? 504 : 500
}

function plain(status: number, line: string): PageResponse {
  return { status, headers: [...always, ['content-type', 'text/plain; charset=utf-8']], body: new TextEncoder().encode(line) }
}
