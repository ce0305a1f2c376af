import { Socket } from 'node:net'
import type { HoltErrorCode } from '@holt/core/errors.ts'
import type { PhoneNetwork } from './networks.ts'

/** What the app says to the node. */
export type FromApp =
  /** Which networks the phone is in: on Android a program may not ask the kernel itself. Said at once and whenever it changes. */
  { kind: 'networks'; networks: readonly PhoneNetwork[] } | { kind: 'stop' }

/** What the node says to the app. */
export type ToApp =
  | { kind: 'ready'; url: string; token: string; setupCode: string | null; state: string }
  /** The set-up code was used up by wrong tries, or is not needed any more. */
  | { kind: 'setup-code'; code: string | null }
  | { kind: 'failed'; code: HoltErrorCode; message: string }
  | { kind: 'stopped' }

/** A message is short; who sends no end of one is not the app. */
const MOST_CHARACTERS = 1 << 20

/**
 * The line to the app that this node is part of: JSON, a message a line, over one end of a pair of sockets, whose other end the Java side
 * holds. Both are one process, so what it hands over is taken as it is.
 */
export class Bridge {
  readonly #socket: Socket
  #rest = ''

  constructor(descriptor: number, onMessage: (message: FromApp) => void, onEnd: () => void) {
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: true })
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text: Buffer | string) => {
      const lines = `${this.#rest}${text.toString()}`.split('\n')
      this.#rest = lines.pop() ?? ''
      if (this.#rest.length > MOST_CHARACTERS) this.#socket.destroy()
      for (const line of lines) if (line !== '') onMessage(JSON.parse(line) as FromApp)
    })
    this.#socket.on('error', () => {})
    this.#socket.on('close', onEnd)
  }

  send(message: ToApp): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`)
  }

  /** What was sent leaves first. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve()
      this.#socket.once('close', () => resolve())
      this.#socket.end(() => this.#socket.destroy())
    })
  }
}
