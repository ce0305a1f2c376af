import { Socket } from 'node:net'
import { HoltError, type HoltErrorCode, holtErrorCodes } from '@holt/core/errors.ts'
import type { PhoneConditions } from '@holt/node/photos/phone-media.ts'
import type { PowerDemand } from '@holt/node/power/phone-power.ts'
import type { PhoneNetwork } from './networks.ts'

/** What the app says to the node. */
export type FromApp =
  /** Which networks the phone is in: on Android a program may not ask the kernel itself. Said at once and whenever it changes. */
  | { kind: 'networks'; networks: readonly PhoneNetwork[] }
  /** Said at once and whenever it changes. */
  | ({ kind: 'conditions' } & PhoneConditions)
  /** Whether somebody looks at the page; said whenever it changes. */
  | { kind: 'viewed'; viewed: boolean }
  /** It is time to see whether there is something to do; `demand` answers, now or when that is done. */
  | { kind: 'window' }
  /** The list of pictures changed, or who may see it. */
  | { kind: 'media' }
  /** To the ask with this number. With `bytes`, so many follow the line as they are. */
  | { kind: 'answer'; number: number; value?: unknown; bytes?: number }
  | { kind: 'answer'; number: number; code: string; message: string }
  /** Another app shared something: it is in the inbox. */
  | { kind: 'shared' }
  | { kind: 'stop' }

/** What the node says to the app. */
export type ToApp =
  | { kind: 'ready'; url: string; token: string; setupCode: string | null; state: string }
  /** The set-up code was used up by wrong tries, or is not needed any more. */
  | { kind: 'setup-code'; code: string | null }
  | ({ kind: 'ask'; number: number } & Question)
  | ({ kind: 'demand' } & PowerDemand)
  | { kind: 'failed'; code: HoltErrorCode; message: string }
  | { kind: 'stopped' }

/** What the app is asked; what it answers is in `node/photos/phone-media.ts`. */
export type Question =
  | { what: 'media-state' }
  | { what: 'media-list'; volume: string; change: number; id: number; videos: boolean; limit: number }
  | { what: 'media-count'; volume: string; change: number; id: number; videos: boolean }
  | { what: 'media-read'; volume: string; id: number; video: boolean; offset: number; lengthBytes: number }
  | { what: 'media-access' }

/** A message is short; who sends no end of one is not the app. */
const MOST_MESSAGE_BYTES = 1 << 20
const MOST_CONTENT_BYTES = 4 << 20
const NEWLINE = 10

interface Asked {
  resolve: (answer: unknown) => void
  reject: (error: HoltError) => void
}

/**
 * The line to the app that this node is part of: JSON, a message a line, and behind an answer that has one its content, over one end of a pair of
 * sockets, whose other end the Java side holds. Both are one process, so what it hands over is taken as it is.
 */
export class Bridge {
  readonly #socket: Socket
  readonly #onMessage: (message: FromApp) => void
  readonly #asked = new Map<number, Asked>()
  #parts: Buffer[] = []
  #partBytes = 0
  /** The answer whose content is coming. */
  #content: { number: number; bytes: number } | null = null
  #lastNumber = 0

  constructor(descriptor: number, onMessage: (message: FromApp) => void, onEnd: () => void) {
    this.#onMessage = onMessage
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: true })
    this.#socket.on('data', (bytes: Buffer) => this.#take(bytes))
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      for (const { reject } of this.#asked.values()) reject(new HoltError('CANCELLED', 'the app is gone'))
      this.#asked.clear()
      onEnd()
    })
  }

  send(message: ToApp): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`)
  }

  /** @returns what the app answers: a value, or content as a Uint8Array. @throws HoltError that it tells; CANCELLED when it is gone. */
  ask(question: Question): Promise<unknown> {
    const number = ++this.#lastNumber
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new HoltError('CANCELLED', 'the app is gone'))
      this.#asked.set(number, { resolve, reject })
      this.send({ kind: 'ask', number, ...question })
    })
  }

  /** What was sent leaves first. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve()
      this.#socket.once('close', () => resolve())
      this.#socket.end(() => this.#socket.destroy())
    })
  }

  #take(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0) rest = this.#content === null ? this.#takeLine(rest) : this.#takeContent(rest)
  }

  /** @returns what is left of the bytes. */
  #takeLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(NEWLINE)
    this.#keep(end < 0 ? bytes : bytes.subarray(0, end))
    if (this.#partBytes > MOST_MESSAGE_BYTES) this.#socket.destroy()
    if (end < 0) return bytes.subarray(bytes.length)
    const line = this.#whole().toString('utf8')
    if (line !== '') this.#heard(JSON.parse(line) as FromApp)
    return bytes.subarray(end + 1)
  }

  #takeContent(bytes: Buffer): Buffer {
    const content = this.#content as { number: number; bytes: number }
    const part = bytes.subarray(0, content.bytes - this.#partBytes)
    this.#keep(part)
    if (this.#partBytes === content.bytes) this.#answered(content.number, this.#whole())
    return bytes.subarray(part.length)
  }

  #heard(message: FromApp): void {
    if (message.kind !== 'answer') return this.#onMessage(message)
    if ('code' in message) {
      const code = holtErrorCodes.find((known) => known === message.code) ?? 'INTERNAL'
      this.#asked.get(message.number)?.reject(new HoltError(code, message.message))
      this.#asked.delete(message.number)
    } else if (message.bytes === undefined) this.#answered(message.number, message.value)
    else if (message.bytes > MOST_CONTENT_BYTES) this.#socket.destroy()
    else if (message.bytes === 0) this.#answered(message.number, new Uint8Array(0))
    else this.#content = { number: message.number, bytes: message.bytes }
  }

  #answered(number: number, value: unknown): void {
    this.#content = null
    this.#asked.get(number)?.resolve(value)
    this.#asked.delete(number)
  }

  #keep(part: Buffer): void {
    this.#parts.push(part)
    this.#partBytes += part.length
  }

  #whole(): Buffer {
    const whole = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    this.#parts = []
    this.#partBytes = 0
    return whole
  }
}
