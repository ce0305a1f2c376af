import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as ask, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'
import { RELOADING_SCRIPT } from './reloading-script.ts'

/** What no program answers: ours. */
const EVENTS_PATH = '/.holt-dev/events'
const SCRIPT_PATH = '/.holt-dev/script.js'

/** @param state when what it goes with was asked for: a change that came while the page was loading is no less one. */
function tag(state: string): string {
  return `<script src="${SCRIPT_PATH}" data-state="${state}"></script>`
}

/** Where the page of the program is now, by the name that its node knows it by. */
export interface ProgramPage {
  port: number
  host: string
}

/**
 * The page of a program with a line more in what is HTML: a script that loads it anew when the program changed, and shows why it did not. So neither
 * the program nor its node know of any of it, and nothing of it is in a package.
 */
export class DevServer {
  readonly #server: Server
  readonly #listeners = new Set<ServerResponse>()
  readonly #upgraded = new Set<Duplex>()
  /** A page that was open while this was stopped and begun again is told another, and loads. */
  #state = randomUUID()
  #problem: string | null = null
  page: ProgramPage | null = null

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade({ request, socket, head }))
    this.#server.on('clientError', (_error, socket) => socket.destroy())
  }

  /** @param port 0 takes any. @throws HoltError IO_FAILED when it is not free. */
  static async listen(port: number): Promise<DevServer> {
    const dev = new DevServer()
    dev.#server.listen({ port, host: '127.0.0.1' })
    try {
      await once(dev.#server, 'listening')
    } catch (cause) {
      throw new HoltError('IO_FAILED', `the page cannot be shown on port ${port}: ${(cause as Error).message}`, { port }, { cause })
    }
    return dev
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`
  }

  /** There is another version: what is open loads anew. */
  changed(): void {
    this.#state = randomUUID()
    this.#problem = null
    this.#tell()
  }

  /** What is open stays as it is, and says this. */
  failed(problem: string): void {
    this.#problem = problem
    this.#tell()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#upgraded) socket.destroy()
    this.#server.closeAllConnections()
    await closed
  }

  #tell(): void {
    for (const response of this.#listeners) response.write(this.#event)
  }

  get #event(): string {
    return `data: ${JSON.stringify({ state: this.#state, problem: this.#problem })}\n\n`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (!isOurs(request)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' }).end('This address is not one of this page\n')
      return
    }
    if (request.url === EVENTS_PATH) return this.#listen(response)
    if (request.url === SCRIPT_PATH) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' })
      response.end(RELOADING_SCRIPT)
      return
    }
    if (this.page === null)
      return this.#say(response, 503, this.#problem ?? 'The program shows no page: it wishes none, or was not given one')
    this.#pass(this.page, request, response)
  }

  /** Also what failed loads anew when there is something else. */
  #say(response: ServerResponse, status: number, words: string): void {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    response.end(`<!doctype html><pre>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>${tag(this.#state)}`)
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(`retry: 500\n${this.#event}`)
    this.#listeners.add(response)
    response.once('close', () => this.#listeners.delete(response))
  }

  /** A WebSocket of the page, as it is. */
  #upgrade({ request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer }): void {
    this.#upgraded.add(socket)
    socket.once('close', () => this.#upgraded.delete(socket))
    socket.on('error', () => socket.destroy())
    if (!isOurs(request) || this.page === null) return void socket.destroy()
    const passed = ask(forProgram(this.page, request))
    const join = (answer: IncomingMessage, other: Duplex, first: Buffer): void => {
      socket.write(headOf(answer))
      socket.write(first)
      other.write(head)
      other.on('error', () => socket.destroy())
      socket.once('close', () => other.destroy())
      other.pipe(socket).pipe(other)
    }
    passed.on('upgrade', join)
    passed.on('response', (answer) => {
      socket.write(headOf(answer))
      answer.pipe(socket)
    })
    passed.on('error', () => socket.destroy())
    passed.end()
  }

  #pass(page: ProgramPage, request: IncomingMessage, response: ServerResponse): void {
    const [here, there] = [`http://${request.headers.host}`, `http://${page.host}:${page.port}`]
    const options = forProgram(page, request)
    delete options.headers['accept-encoding']
    delete options.headers.connection
    const line = tag(this.#state)
    const passed = ask(options, (answer) => {
      relay(answer, response, { headers: translated(answer.headers, there, here), line }).catch(() => response.destroy())
    })
    passed.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else this.#say(response, 502, `The program does not answer: ${error.message}`)
    })
    response.once('close', () => passed.destroy())
    request.pipe(passed)
  }
}

/** A stranger's name that was led here (DNS rebinding) is none of ours. */
function isOurs({ headers }: IncomingMessage): boolean {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(headers.host ?? '')
}

/** A request as the program would have had it. */
function forProgram({ port, host }: ProgramPage, { method, url, headers }: IncomingMessage) {
  const translatedHeaders = translated(headers, `http://${headers.host}`, `http://${host}:${port}`)
  return { port, host: '127.0.0.1', agent: false, method, path: url, headers: { ...translatedHeaders, host: `${host}:${port}` } }
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`]
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Where headers name the origin they name that of the other side. */
function translated(headers: IncomingHttpHeaders, from: string, to: string): IncomingHttpHeaders {
  const changed = { ...headers }
  for (const name of ['origin', 'referer', 'location'] as const)
    if (changed[name]?.startsWith(from)) changed[name] = to + changed[name].slice(from.length)
  return changed
}

async function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  { headers, line }: { headers: IncomingHttpHeaders; line: string },
): Promise<void> {
  const status = answer.statusCode ?? 502
  if (!/^text\/html\b/i.test(headers['content-type'] ?? '')) {
    response.writeHead(status, headers)
    answer.pipe(response)
    return
  }
  const parts: Buffer[] = []
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part)
  const body = Buffer.concat([...parts, Buffer.from(line)])
  delete headers['content-length']
  delete headers.etag
  delete headers['transfer-encoding']
  response.writeHead(status, { ...headers, 'content-length': body.length, 'cache-control': 'no-store' })
  response.end(body)
}
