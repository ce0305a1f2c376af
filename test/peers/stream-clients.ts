import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { TestContext } from 'node:test'
// @ts-expect-error -- the package has no types; what is used of it is said below
import { WebSocket } from 'ws'
import { until } from './harness.ts'

/** An answer that stays open, read as it comes. */
export class Reading {
  readonly response: IncomingMessage
  text = ''
  isOver = false

  private constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8')
    response.on('data', (part: string) => (this.text += part))
    response.on('error', () => {})
    response.on('close', () => (this.isOver = true))
  }

  static async open(t: TestContext, port: number, headers: Record<string, string> = {}, path = '/'): Promise<Reading> {
    const asking = request({ host: '127.0.0.1', port, path, headers, agent: false })
    t.after(() => asking.destroy())
    asking.end()
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    return new Reading(response)
  }

  get status(): number {
    return this.response.statusCode ?? 0
  }

  async has(text: string): Promise<void> {
    await until(`'${text}' in the answer`, async () => this.text.includes(text))
  }

  async ends(): Promise<void> {
    await until('the end of the answer', async () => this.isOver)
  }
}

interface PackageSocket {
  readonly protocol: string
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
  terminate(): void
  on(event: 'message', hear: (data: Buffer, isBinary: boolean) => void): void
  on(event: 'close', hear: (code: number, reason: Buffer) => void): void
  on(event: 'unexpected-response', hear: (asking: { destroy(): void }, response: IncomingMessage) => void): void
  on(event: 'open' | 'ping', hear: () => void): void
  on(event: 'error', hear: (error: Error) => void): void
}

const PackageSocket = WebSocket as new (url: string, protocols: string[], options: object) => PackageSocket

/** A WebSocket of the test's own. */
export class Talking {
  readonly socket: PackageSocket
  readonly heard: (string | Uint8Array)[] = []
  isOpen = false
  /** Of the answer that refused it. */
  refused: number | null = null
  end: { code: number; reason: string } | null = null
  pings = 0

  private constructor(socket: PackageSocket) {
    this.socket = socket
    socket.on('open', () => (this.isOpen = true))
    socket.on('ping', () => void this.pings++)
    socket.on('message', (data, isBinary) => this.heard.push(isBinary ? new Uint8Array(data) : data.toString()))
    socket.on('unexpected-response', (asking, { statusCode = 0 }) => {
      this.refused = statusCode
      asking.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', (code, reason) => (this.end = { code, reason: reason.toString() }))
  }

  /** Resolves when it is open, or refused. */
  static async open(
    t: TestContext,
    port: number,
    { protocols = [], ...options }: { protocols?: string[]; origin?: string; autoPong?: boolean } = {},
  ): Promise<Talking> {
    const made = new Talking(new PackageSocket(`ws://127.0.0.1:${port}/`, protocols, options))
    t.after(() => made.socket.terminate())
    await until('the WebSocket', async () => made.isOpen || made.refused !== null || made.end !== null)
    return made
  }

  async hears(count: number): Promise<(string | Uint8Array)[]> {
    await until(`${count} messages`, async () => this.heard.length >= count)
    return this.heard
  }

  async ends(): Promise<{ code: number; reason: string }> {
    return until('the end of the WebSocket', async () => this.end)
  }
}
