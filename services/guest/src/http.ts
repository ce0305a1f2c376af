import { Body, type BodyInput, bodyOf } from './body.ts'
import { Headers, type HeadersInput } from './headers.ts'
import { URL } from './url.ts'

export interface RequestInit {
  method?: string
  headers?: HeadersInput
  body?: BodyInput
}

export class Request extends Body {
  readonly method: string
  readonly url: string
  /** It asks to become a WebSocket. */
  readonly webSocket: boolean
  /** Under this name its answer can stay open; null: it came from nowhere. */
  readonly stream: string | null

  constructor(input: string | URL | Request, init: RequestInit = {}, arrived: { stream?: string; webSocket?: boolean } = {}) {
    const from = input instanceof Request ? input : null
    const { bytes, type } = init.body === undefined && from !== null ? { bytes: from.peek(), type: null } : bodyOf(init.body)
    const headers = new Headers(init.headers ?? from?.headers)
    if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
    super(headers, bytes)
    this.method = (init.method ?? from?.method ?? 'GET').toUpperCase()
    this.url = new URL(typeof input === 'string' ? input : input instanceof Request ? input.url : input.href).href
    this.webSocket = arrived.webSocket ?? from?.webSocket ?? false
    this.stream = arrived.stream ?? from?.stream ?? null
  }
}

export interface ResponseInit {
  status?: number
  headers?: HeadersInput
}

export class Response extends Body {
  readonly status: number
  /** It stays open, and is found by this tag: `events`, `stream` and `webSocket` of the page make such. */
  readonly open: { tag: string } | null

  constructor(body?: BodyInput, { status = 200, headers: given }: ResponseInit = {}, open: { tag: string } | null = null) {
    if (!Number.isInteger(status) || (status < 200 && !(status === 101 && open !== null)) || status > 599)
      throw new RangeError(`${status} is no status of an answer`)
    const { bytes, type } = bodyOf(body)
    const headers = new Headers(given)
    if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
    super(headers, bytes)
    this.status = status
    this.open = open
  }

  get ok(): boolean {
    return this.status < 300
  }

  static json(value: unknown, init: ResponseInit = {}): Response {
    const headers = new Headers(init.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return new Response(JSON.stringify(value), { ...init, headers })
  }

  static html(text: string, init: ResponseInit = {}): Response {
    const headers = new Headers(init.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'text/html;charset=UTF-8')
    return new Response(text, { ...init, headers })
  }

  /** Elsewhere: 303 makes a GET of what was a POST. */
  static redirect(location: string, status = 303): Response {
    return new Response(null, { status, headers: { location } })
  }
}
