import { HoltError, isHoltError } from '@holt/core/errors.ts'
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  type MessageWriter,
  NullLogger,
  ProgressType,
} from 'vscode-jsonrpc'
import type { BoundedMessageReader } from './message-reader.ts'
import { fromResponseError, nodeGone } from './rpc-errors.ts'
import {
  type CallOptions,
  type Control,
  type MethodName,
  type MethodSchema,
  methods,
  type Params,
  type Progress,
  type Result,
} from './schema.ts'

const progressType = new ProgressType<Progress>()

/**
 * A node at the other end of a connection. Errors come back as the HoltError that was thrown there; every call that is
 * open when the connection ends, and every later one, rejects with NODE_NOT_RUNNING.
 */
export class ControlClient implements Control {
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>
  readonly #connection: MessageConnection
  readonly #reader: BoundedMessageReader
  #handled = 0
  #hungUp = false
  #ended: HoltError | null = null
  #tokens = 0

  constructor(reader: BoundedMessageReader, writer: MessageWriter) {
    this.#reader = reader
    const messageStrategy = { handleMessage: this.#handle.bind(this) }
    this.#connection = createMessageConnection(reader, writer, NullLogger, { messageStrategy })
    this.closed = new Promise((resolve) => this.#connection.onDispose(() => resolve()))
    this.#connection.onClose(() => {
      this.#hungUp = true
      this.#endWhenAllIsHandled()
    })
    this.#connection.onError(([error]) => this.#end(error))
    this.#connection.listen()
  }

  /** @throws whatever the node threw; CANCELLED before anything is sent when the signal has fired already. */
  async call<Name extends MethodName>(name: Name, params: Params<Name>, options: CallOptions = {}): Promise<Result<Name>> {
    const { signal, onProgress } = options
    if (this.#ended) throw this.#ended
    if (signal?.aborted) throw new HoltError('CANCELLED', 'the call was cancelled before it began')
    const cancellation = new CancellationTokenSource()
    const cancel = () => cancellation.cancel()
    signal?.addEventListener('abort', cancel)
    const { message, stopListening } = this.#withProgress(name, params, onProgress)
    try {
      return await this.#connection.sendRequest<Result<Name>>(name, message, cancellation.token)
    } catch (error) {
      throw this.#ended ?? fromResponseError(error)
    } finally {
      stopListening()
      signal?.removeEventListener('abort', cancel)
    }
  }

  close(): void {
    this.#end()
  }

  #withProgress(name: MethodName, params: object, onProgress: CallOptions['onProgress']): { message: object; stopListening: () => void } {
    const { long }: Partial<MethodSchema> = methods[name] ?? {}
    if (onProgress === undefined || long !== true) return { message: params, stopListening: () => {} }
    const progressToken = `p${++this.#tokens}`
    const listening = this.#connection.onProgress(progressType, progressToken, onProgress)
    return { message: { ...params, progressToken }, stopListening: () => listening.dispose() }
  }

  async #handle<M>(message: M, next: (message: M) => unknown): Promise<void> {
    try {
      await next(message)
    } finally {
      this.#handled++
      this.#endWhenAllIsHandled()
    }
  }

  /** The library hands messages on one by one, later: an answer that came just before the end must not be lost. */
  #endWhenAllIsHandled(): void {
    if (this.#hungUp && this.#handled === this.#reader.delivered) this.#end()
  }

  #end(cause?: unknown): void {
    if (this.#ended) return
    this.#ended = isHoltError(cause) ? cause : nodeGone(cause)
    this.#connection.dispose()
  }
}
