import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'

interface Request {
  method: string
  url: string
  headers: [string, string][]
  body: Uint8Array
}

interface Response {
  status: number
  headers: [string, string][]
  body: Uint8Array
}

interface ListenPageOptions {
  port: number | null
  name: string
  network: boolean
  answer: (request: Request) => Promise<Response>
}

/** Looked through from here for one that is free. */
const FIRST_PORT = 7710
const PORTS = 200
const MAX_BODY_BYTES = 4 << 20
const MAX_CONNECTIONS = 128
/** Who sends slowly holds a connection no longer than this. */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000

/**
 * The page of one program, on a port of its own: browsers keep what ports show apart, so that no program's page sees another's or the node's.
 *
 * @throws HoltError IO_FAILED when no port is free.
 */
export async function listenPage(options: ListenPageOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ maxHeaderSize: 16 << 10, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: 5000 })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void handle(options, request, response))
  server.on('clientError', (_error, socket) => socket.destroy())
  const port = await listenSomewhere(server, options)
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listenSomewhere(server: Server, { port, network }: ListenPageOptions): Promise<number> {
  const wanted = port === null ? [] : [port]
  for (const candidate of [...wanted, ...Array.from({ length: PORTS }, (_, i) => FIRST_PORT + i)]) {
    if (await listens(server, candidate, network ? undefined : '127.0.0.1')) return (server.address() as AddressInfo).port
  }
  throw new HoltError('IO_FAILED', `no port from ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free`)
}

function listens(server: Server, port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(new HoltError('IO_FAILED', error.message, {}, { cause: error }))
    }
    server.once('error', onError)
    server.listen({ port, host }, () => {
      server.off('error', onError)
      resolve(true)
    })
  })
}

async function handle(options: ListenPageOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const host = request.headers.host ?? ''
    if (!isOurs(host, options)) return send(response, text(421, 'This address is not one of this page\n'))
    const url = `http://${host}${request.url ?? '/'}`
    if (!(request.url ?? '').startsWith('/') || !URL.canParse(url)) return send(response, text(400, 'No address\n'))
    const body = await bodyOf(request)
    if (body === null) return send(response, text(413, 'Too large\n'))
    const answer = await options.answer({ method: request.method ?? 'GET', url: new URL(url).href, headers: pairsOf(request), body })
    send(response, answer, request.method === 'HEAD')
  } catch {
    if (!response.headersSent) send(response, text(500, 'This program failed\n'))
    else response.destroy()
  }
}

/**
 * Only names that cannot be a stranger's: a page elsewhere could give its own name our address (DNS rebinding) and read what is here. On the network an
 * address stands for itself.
 */
function isOurs(host: string, { name, network }: ListenPageOptions): boolean {
  const hostname = host.replace(/:\d+$/, '').toLowerCase()
  if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === `${name}.localhost`) return true
  return network && (/^\d+\.\d+\.\d+\.\d+$/.test(hostname) || /^\[[0-9a-f:.]+\]$/.test(hostname) || hostname.endsWith('.local'))
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) return null
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

function pairsOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.push([(rawHeaders[i] as string).toLowerCase(), rawHeaders[i + 1] as string])
  return pairs
}

function text(status: number, line: string): Response {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8']], body: Buffer.from(line) }
}

function send(response: ServerResponse, { status, headers, body }: Response, headOnly = false): void {
  response.statusCode = status
  for (const [name, value] of headers) response.appendHeader(name, value)
  const hasBody = status !== 204 && status !== 304
  if (hasBody) response.setHeader('content-length', body.length)
  response.end(hasBody && !headOnly ? body : undefined)
}
