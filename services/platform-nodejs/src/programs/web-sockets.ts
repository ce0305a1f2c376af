import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
// @ts-expect-error -- the package has no types; what is used of it is said below
import { WebSocketServer } from 'ws'
import { type Line, lineEnds, type LineEvents, type LineTimes, type OpenLine, Unsent } from './page-line.ts'

interface Socket {
  readonly readyState: number
  send(bytes: Uint8Array, options: { binary: boolean }, sent: () => void): void
  close(code: number, reason: string): void
  ping(): void
  pong(bytes: Buffer, mask: boolean, sent: () => void): void
  pause(): void
  resume(): void
  terminate(): void
  on(event: 'message', hear: (bytes: Buffer, isBinary: boolean) => void): void
  on(event: 'close', hear: (code: number, reason: Buffer) => void): void
  on(event: 'pong' | 'ping', hear: (bytes: Buffer) => void): void
  on(event: 'error', hear: (error: Error) => void): void
}

interface Server {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, made: (socket: Socket) => void): void
}

interface ServerOptions {
  noServer: true
  maxPayload: number
  perMessageDeflate: false
  clientTracking: false
  autoPong: false
  closeTimeout: number
  handleProtocols: (offered: Set<string>, request: IncomingMessage) => string | false
}

const PackageServer = WebSocketServer as new (options: ServerOptions) => Server

export const MAX_MESSAGE_BYTES = 256 << 10
/** Who was told that it is over, and says nothing to that, is gone then. */
const CLOSE_MS = 5000
const OPEN = 1
/** In the time between two looks; some ask once a second whether we are there. */
const MOST_PINGS = 300
/** What it means to a program that nothing was said. */
const NO_CODE = 1005

/** The WebSockets of one page. */
export class WebSockets {
  readonly #times: LineTimes
  readonly #server: Server
  readonly #protocols = new WeakMap<IncomingMessage, string>()
  readonly #open = new Set<Socket>()

  constructor(times: LineTimes) {
    this.#times = times
    this.#server = new PackageServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
      autoPong: false,
      closeTimeout: CLOSE_MS,
      handleProtocols: (offered, request) => {
        const chosen = this.#protocols.get(request)
        return chosen !== undefined && offered.has(chosen) ? chosen : false
      },
    })
  }

  /** Where nobody is there any more, `open` hears that next. */
  open(
    { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
    { protocol, open }: { protocol: string | undefined; open: OpenLine },
  ): void {
    if (protocol !== undefined) this.#protocols.set(request, protocol)
    let isMade = false
    this.#server.handleUpgrade(request, socket, head, (made) => {
      isMade = true
      this.#open.add(made)
      made.on('close', () => this.#open.delete(made))
      follow(made, open, this.#times)
    })
    if (isMade) return
    const events = open(closedLine)
    queueMicrotask(() => events.closed(lineEnds.away.code, lineEnds.away.reason))
  }

  /** All of them, now. */
  close(): void {
    for (const socket of this.#open) {
      socket.close(lineEnds.ended.code, lineEnds.ended.reason)
      socket.terminate()
    }
  }
}

/** Whether this asks for a WebSocket as RFC 6455 §4.1 has it. */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  const key = headers['sec-websocket-key']
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    key !== undefined &&
    /^[+/0-9A-Za-z]{22}==$/.test(key)
  )
}

const closedLine: Line = { waitingBytes: 0, send: () => {}, close: () => {}, pause: () => {}, resume: () => {} }

function follow(socket: Socket, open: OpenLine, times: LineTimes): void {
  let events: LineEvents | null = null
  let end: { code: number; reason: string } | null = null
  let isAlive = true
  let pings = 0
  let isAnswering = false
  const unsent = new Unsent(() => events?.drained())
  const cut = (why: { code: number; reason: string }): void => {
    end ??= why
    socket.terminate()
  }
  const line: Line = {
    get waitingBytes() {
      return unsent.bytes
    },
    send: (bytes, text) => {
      if (socket.readyState === OPEN) socket.send(bytes, { binary: !text }, unsent.add(bytes.length))
    },
    close: (code, reason) => {
      end ??= { code, reason }
      socket.close(code, reason)
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  }
  const look = (): void => {
    if (unsent.isStuck(times.slowMs)) return cut(lineEnds.slow)
    if (!isAlive) return cut(lineEnds.lost)
    isAlive = false
    pings = 0
    if (socket.readyState === OPEN) socket.ping()
  }
  const looking = setInterval(look, times.lookMs)
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('ping', (bytes) => {
    isAlive = true
    if (++pings > MOST_PINGS) return cut(lineEnds.flood)
    // one answer at a time, or those that nobody reads would pile up
    if (isAnswering || socket.readyState !== OPEN) return
    isAnswering = true
    socket.pong(bytes, false, () => {
      isAnswering = false
    })
  })
  socket.on('message', (bytes, isBinary) => {
    isAlive = true
    events?.message(new Uint8Array(bytes), !isBinary)
  })
  // what breaks the protocol is closed with its code by the library
  socket.on('error', () => {})
  socket.on('close', (code, reason) => {
    clearInterval(looking)
    const { code: why, reason: words } = end ?? { code: code === NO_CODE ? 1000 : code, reason: reason.toString() }
    events?.closed(why, words)
  })
  events = open(line)
}
