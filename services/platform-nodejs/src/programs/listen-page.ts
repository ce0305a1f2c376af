import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import { keepOpen } from './open-answer.ts'
import { type LineTimes, lineTimes, type OpenLine } from './page-line.ts'
import { asksForWebSocket, WebSockets } from './web-sockets.ts'

interface Request {
  method: string
  url: string
  headers: [string, string][]
  body: Uint8Array
  webSocket?: boolean
}

interface Response {
  status: number
  headers: [string, string][]
  body: Uint8Array
  /** It stays open; with the status 101 it becomes a WebSocket. */
  open?: OpenLine
}

interface ListenPageOptions {
  port: number | null
  name: string
  network: boolean
  answer: (request: Request) => Promise<Response>
  times?: LineTimes
}

/** Looked through from here for one that is free. */
const FIRST_PORT = 7710
const PORTS = 200
const MAX_BODY_BYTES = 4 << 20
/** Also with as many open streams as a program may have there is room for requests. */
const MAX_CONNECTIONS = 256
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
  const page = new Page(options)
  server.on('request', (request, response) => void page.answer(request, response))
  server.on('upgrade', (request, socket, head) => void page.upgrade({ request, socket: socket as Socket, head }))
  server.on('clientError', (_error, socket) => socket.destroy())
  const port = await listenSomewhere(server, options)
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      page.cutOff()
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

interface Upgrade {
  request: IncomingMessage
  socket: Socket
  head: Buffer
}

class Page {
  readonly #options: ListenPageOptions
  readonly #times: LineTimes
  readonly #sockets: WebSockets
  /** Those that a server knows no more. */
  readonly #upgraded = new Set<Socket>()

  constructor(options: ListenPageOptions) {
    this.#options = options
    this.#times = options.times ?? lineTimes
    this.#sockets = new WebSockets(this.#times)
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#send(request, response, await this.#ask(request))
    } catch {
      if (!response.headersSent) send(response, text(500, 'This program failed\n'))
      else response.destroy()
    }
  }

  async upgrade({ request, socket, head }: Upgrade): Promise<void> {
    this.#upgraded.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#upgraded.delete(socket))
    const refuse = (answer: Response): void => {
      const response = new ServerResponse(request)
      response.shouldKeepAlive = false
      response.assignSocket(socket)
      response.once('finish', () => socket.destroySoon())
      send(response, answer)
    }
    try {
      if (!asksForWebSocket(request)) return refuse(text(400, 'This is no request for a WebSocket\n'))
      const { origin, host } = request.headers
      // browsers let any page ask, and say whose it is
      if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`)
        return refuse(text(403, 'This page is of another origin\n'))
      const answer = await this.#ask(request, true)
      if (answer.open === undefined) return refuse(answer)
      const protocol = answer.headers.find(([name]) => name === 'sec-websocket-protocol')?.[1]
      this.#sockets.open({ request, socket, head }, { protocol, open: answer.open })
    } catch {
      refuse(text(500, 'This program failed\n'))
    }
  }

  cutOff(): void {
    this.#sockets.close()
    for (const socket of this.#upgraded) socket.destroy()
  }

  async #ask(request: IncomingMessage, webSocket = false): Promise<Response> {
    const host = request.headers.host ?? ''
    if (!isOurs(host, this.#options)) return text(421, 'This address is not one of this page\n')
    const url = `http://${host}${request.url ?? '/'}`
    if (!(request.url ?? '').startsWith('/') || !URL.canParse(url)) return text(400, 'No address\n')
    const body = webSocket ? new Uint8Array(0) : await bodyOf(request)
    if (body === null) return text(413, 'Too large\n')
    const asked = { method: request.method ?? 'GET', url: new URL(url).href, headers: pairsOf(request), body }
    return this.#options.answer(webSocket ? { ...asked, webSocket } : asked)
  }

  #send(request: IncomingMessage, response: ServerResponse, answer: Response): void {
    const { open, status, headers, body } = answer
    if (open === undefined) return send(response, answer, request.method === 'HEAD')
    response.statusCode = status
    for (const [name, value] of headers) response.appendHeader(name, value)
    if (request.method === 'HEAD' || isBodiless(status)) response.end()
    keepOpen(response, open, { times: this.#times, body })
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
  const hasBody = !isBodiless(status)
  if (hasBody) response.setHeader('content-length', body.length)
  response.end(hasBody && !headOnly ? body : undefined)
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}
