import { Headers, type HeadersInput } from './headers.ts'
import { type Request, Response, type ResponseInit } from './http.ts'
import { pack, unpack } from './parcel.ts'

/** One of server-sent events. What is no text is sent as JSON. */
export interface ServerEvent {
  data: unknown
  /** Of the listener in the page; `message` when it is left out. */
  event?: string
  /** Comes back in the header `last-event-id` when the browser connects again. */
  id?: string
  /** After so many milliseconds a browser that lost the connection connects again. */
  retry?: number
}

/** Where something can be sent: an answer that stays open, a WebSocket, or all that have one tag. What a delivery sends goes when it is done, or not at all when it throws. */
export interface Stream {
  /** A text, or bytes; 256 KiB at most. Throws an Error with `code`: NOT_FOUND when it is no longer open, LIMIT_REACHED when too much waits: `streamDrained` is called when it went. */
  send(data: string | Uint8Array): Promise<Sent>
  /** As `send`, for those that were opened by `events`. */
  sendEvent(event: ServerEvent): Promise<Sent>
  /** After what was sent. */
  close(end?: { code?: number; reason?: string }): Promise<void>
}

/** To how many it goes, and the ids of those to which it does not, for too much waits there. */
export interface Sent {
  sent: number
  full: string[]
}

/** One that is open. */
export interface OpenStream extends Stream {
  readonly id: string
  readonly tag: string
}

export interface OpenStreamInfo extends OpenStream {
  readonly webSocket: boolean
  /** Bytes that have not been taken yet. */
  readonly waiting: number
}

/** A message that came over a WebSocket. */
export interface SocketMessage {
  /** As it was sent: text, or bytes. */
  data: string | Uint8Array
}

export interface StreamEnd {
  /** 1000 when it was done, 1001 when the other end left; as the codes of WebSockets. */
  code: number
  reason: string
}

/** A Response that stays open, and what is sent over it. */
export type OpenResponse = Response & { readonly stream: OpenStream }

export interface OpenInit {
  /** By which it is found again: `tagged`. */
  tag?: string
  headers?: HeadersInput
}

/** The page of a program: answers that stay open. */
export interface Page {
  /** Answers with server-sent events, as EventSource reads them. */
  events(request: Request, init?: OpenInit & { retry?: number }): OpenResponse
  /** Answers with a body that comes bit by bit, `begin` first. */
  stream(request: Request, init?: OpenInit & { status?: number; begin?: string | Uint8Array }): OpenResponse
  /** Becomes a WebSocket, where the request asks for one; null where it does not. What comes over it is told to `webSocketMessage`. */
  webSocket(request: Request, init?: { tag?: string; protocol?: string }): OpenResponse | null
  /** All that were opened with this tag. Sending to none is no error. */
  tagged(tag: string): Stream
  /** Those that are open: all, or those of one tag. */
  open(tag?: string): Promise<OpenStreamInfo[]>
}

export function pageCalled(power: string): Page {
  return {
    events: (request, { tag = '', headers, retry } = {}) => {
      const all = withDefaults(headers, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const begin = retry === undefined ? '' : `retry: ${Math.floor(retry)}\n\n`
      return opened(power, request, { tag, body: begin, init: { headers: all } })
    },
    stream: (request, { tag = '', headers, status = 200, begin = '' } = {}) => {
      const all = withDefaults(headers, { 'cache-control': 'no-store' })
      return opened(power, request, { tag, body: begin, init: { headers: all, status } })
    },
    webSocket: (request, { tag = '', protocol } = {}) => {
      if (!request.webSocket) return null
      const headers: [string, string][] = protocol === undefined ? [] : [['sec-websocket-protocol', protocol]]
      return opened(power, request, { tag, body: '', init: { headers, status: 101 } })
    },
    tagged: (tag) => streamTo(power, { tag }),
    open: async (tag) => {
      const { streams } = unpack(await holt.ask('streams.list', pack({ power, tag }))).head as unknown as { streams: Told[] }
      return streams.map(({ stream, ...rest }) => ({ id: stream, ...rest, ...streamTo(power, { stream }) }))
    },
  }
}

interface Told {
  stream: string
  tag: string
  webSocket: boolean
  waiting: number
}

/** As deliveries tell of one. */
export function streamOf(power: string, head: Record<string, unknown>): OpenStream {
  const { stream, tag } = head as { stream: string; tag: string }
  return { id: stream, tag, ...streamTo(power, { stream }) }
}

function opened(
  power: string,
  { stream }: Request,
  { tag, body, init }: { tag: string; body: string | Uint8Array; init: ResponseInit },
): OpenResponse {
  if (stream === null) throw new TypeError('only a request to the page can stay open')
  const headers = new Headers(init.headers)
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const response = new Response(bytes, { ...init, headers }, { tag })
  return Object.assign(response, { stream: { id: stream, tag, ...streamTo(power, { stream }) } })
}

function withDefaults(given: HeadersInput | undefined, defaults: Record<string, string>): Headers {
  const headers = new Headers(given)
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value)
  return headers
}

function streamTo(power: string, to: { stream: string } | { tag: string }): Stream {
  const send = async (data: string | Uint8Array): Promise<Sent> => {
    const isText = typeof data === 'string'
    const bytes = isText ? new TextEncoder().encode(data) : data
    return unpack(await holt.ask('streams.send', pack({ power, ...to, ...(isText ? { text: true } : {}) }, bytes))).head as unknown as Sent
  }
  return {
    send,
    sendEvent: (event) => send(textOfEvent(event)),
    close: async (end = {}) => void (await holt.ask('streams.close', pack({ power, ...to, ...end }))),
  }
}

/** As HTML has it: a line feed in the data begins a line of its own; elsewhere it would end the field. */
export function textOfEvent({ data, event, id, retry }: ServerEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  const lines = [
    ...(event === undefined ? [] : [`event: ${oneLine(event)}`]),
    ...(id === undefined ? [] : [`id: ${oneLine(id)}`]),
    ...(retry === undefined ? [] : [`retry: ${Math.floor(retry)}`]),
    ...text.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ]
  return `${lines.join('\n')}\n\n`
}

function oneLine(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new TypeError('the name or id of an event has one line')
  return text
}
