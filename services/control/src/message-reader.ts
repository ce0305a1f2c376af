import { errorFromJson, HoltError } from '@holt/core/errors.ts'
import { AbstractMessageReader, type DataCallback, type Disposable, type Message } from 'vscode-jsonrpc'
import { FrameDecoder } from './frame-decoder.ts'
import { isHoltErrorJson } from './rpc-errors.ts'

/** Bytes of one connection: as much of a Node stream as is needed here. */
export interface ByteSource {
  onData(listener: (bytes: Uint8Array) => void): void
  /** The far side has ended or the connection is gone. */
  onEnd(listener: () => void): void
  onError(listener: (error: Error) => void): void
  pause(): void
  resume(): void
}

export interface ReaderLimits {
  maxMessageBytes: number
  /** Requests that were read but whose answers have not left yet: reading stops at either of these. */
  maxOpenRequests: number
  maxOpenBytes: number
}

export const serverLimits: ReaderLimits = { maxMessageBytes: 4 << 20, maxOpenRequests: 1024, maxOpenBytes: 16 << 20 }

/** Answers may be pages of a large directory or a long report. */
export const clientLimits: ReaderLimits = { maxMessageBytes: 64 << 20, maxOpenRequests: 1, maxOpenBytes: 1 << 20 }

/**
 * Reads JSON-RPC messages without trusting who sends them: bounded in size, checked in shape, and read no faster than
 * they are answered. The first fault (TOO_LARGE, MALFORMED, or what the far side says under a null id) is raised by
 * `onError` and ends reading for good; what still comes is dropped.
 */
export class BoundedMessageReader extends AbstractMessageReader {
  readonly #source: ByteSource
  readonly #limits: ReaderLimits
  readonly #frames: FrameDecoder
  readonly #open = new Map<string, number>()
  #openBytes = 0
  #paused = false
  #stopped = false
  #delivered = 0
  #whenAllAnswered: (() => void)[] = []

  constructor(source: ByteSource, limits: ReaderLimits) {
    super()
    this.#source = source
    this.#limits = limits
    this.#frames = new FrameDecoder(limits.maxMessageBytes)
  }

  /** How many messages have been handed on so far. */
  get delivered(): number {
    return this.#delivered
  }

  listen(callback: DataCallback): Disposable {
    this.#source.onError((error) => this.#fail(error))
    this.#source.onEnd(() => this.fireClose())
    this.#source.onData((bytes) => this.#take(bytes, callback))
    return { dispose: () => this.#stop() }
  }

  override dispose(): void {
    this.#stop()
    super.dispose()
  }

  /** The answer to this request has been handed to the connection. */
  answered(id: string | number | null): void {
    const bytes = this.#open.get(String(id))
    if (bytes === undefined) return
    this.#open.delete(String(id))
    this.#openBytes -= bytes
    if (this.#open.size === 0) for (const resolve of this.#whenAllAnswered.splice(0)) resolve()
    if (this.#paused && !this.#full()) {
      this.#paused = false
      this.#source.resume()
    }
  }

  async allAnswered(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#whenAllAnswered.push(resolve))
  }

  #take(bytes: Uint8Array, callback: DataCallback): void {
    if (this.#stopped) return
    try {
      for (const { value, sizeBytes } of this.#frames.feed(bytes)) {
        const message = checkMessage(value)
        this.#countIfRequest(message, sizeBytes)
        this.#delivered++
        callback(message)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #countIfRequest(message: IncomingMessage, sizeBytes: number): void {
    if (message.method === undefined || message.id === undefined) return
    const id = String(message.id)
    if (this.#open.has(id)) throw malformed('a request has the id of one that is still open')
    this.#open.set(id, sizeBytes)
    this.#openBytes += sizeBytes
    if (this.#full() && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
  }

  #full(): boolean {
    return this.#open.size >= this.#limits.maxOpenRequests || this.#openBytes >= this.#limits.maxOpenBytes
  }

  #fail(error: unknown): void {
    if (this.#stopped) return
    this.#stop()
    this.fireError(error)
  }

  /** From here on bytes are dropped, but they are taken: a far side that is still writing is not left hanging. */
  #stop(): void {
    this.#stopped = true
    if (this.#paused) this.#source.resume()
    this.#paused = false
  }
}

interface IncomingMessage extends Message {
  id?: string | number
  method?: string
}

/** @throws HoltError MALFORMED unless it is one JSON-RPC 2.0 request, notification or answer; the one sent to all under a null id. */
function checkMessage(value: unknown): IncomingMessage {
  if (!isPlainObject(value) || value.jsonrpc !== '2.0') throw malformed('not a JSON-RPC 2.0 message')
  const { id, method, params, error } = value
  if (method === undefined) {
    if (id === null && isPlainObject(error) && isHoltErrorJson(error.data)) throw errorFromJson(error.data)
    if (!isId(id) || (value.result === undefined && !isPlainObject(error))) throw malformed('neither a request nor an answer')
  } else {
    if (typeof method !== 'string' || method.length > 128) throw malformed('the method is not a short text')
    if (id !== undefined && !isId(id)) throw malformed('the id is neither a short text nor an integer')
    if (params !== undefined && !isPlainObject(params)) throw malformed('the parameters are not named')
    if (method === '$/cancelRequest' && !isId(params?.id)) throw malformed('it does not say what to cancel')
  }
  // The checks above are what makes it one.
  return value as unknown as IncomingMessage
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is string | number {
  return (typeof value === 'string' && value.length <= 128) || Number.isSafeInteger(value)
}

function malformed(fault: string): HoltError {
  return new HoltError('MALFORMED', `a message on the control connection is malformed: ${fault}`)
}
