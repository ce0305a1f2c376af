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
import type { MethodSchemas, NameIn, ParamsIn, ResultIn } from './method-schema.ts'
import type { CallOptions, Progress } from './schema.ts'

const progressType = new ProgressType<Progress>()

export interface RpcClientOptions<M extends MethodSchemas> {
  /** What the far side answers. */
  methods: M
  /** What calls reject with once the far side is not there any more. */
  gone?: (cause?: unknown) => HoltError
}

/**
 * Who answers at the other end of a connection. Errors come back as the HoltError that was thrown there; every call that is
 * open when the connection ends, and every later one, rejects with NODE_NOT_RUNNING, or what `gone` makes.
 */
export class RpcClient<M extends MethodSchemas> {
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>
  readonly #connection: MessageConnection
  readonly #reader: BoundedMessageReader
  readonly #methods: M
  readonly #gone: (cause?: unknown) => HoltError
  #handled = 0
  #hungUp = false
  #ended: HoltError | null = null
  #tokens = 0

  constructor({ methods, gone = nodeGone }: RpcClientOptions<M>, reader: BoundedMessageReader, writer: MessageWriter) {
    this.#methods = methods
    this.#gone = gone
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

  /** @throws whatever the far side threw; CANCELLED before anything is sent when the signal has fired already. */
  async call<Name extends NameIn<M>>(name: Name, params: ParamsIn<M, Name>, options: CallOptions = {}): Promise<ResultIn<M, Name>> {
    const { signal, onProgress } = options
    if (this.#ended) throw this.#ended
    if (signal?.aborted) throw new HoltError('CANCELLED', 'the call was cancelled before it began')
    const cancellation = new CancellationTokenSource()
    const cancel = () => cancellation.cancel()
    signal?.addEventListener('abort', cancel)
    const { message, stopListening } = this.#withProgress(name, params, onProgress)
    try {
      return await this.#connection.sendRequest<ResultIn<M, Name>>(name, message, cancellation.token)
    } catch (error) {
      throw this.#ended ?? fromResponseError(error, this.#gone)
    } finally {
      stopListening()
      signal?.removeEventListener('abort', cancel)
    }
  }

  close(): void {
    this.#end()
  }

  #withProgress(name: string, params: object, onProgress: CallOptions['onProgress']): { message: object; stopListening: () => void } {
    if (onProgress === undefined || this.#methods[name]?.long !== true) return { message: params, stopListening: () => {} }
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
    this.#ended = isHoltError(cause) ? cause : this.#gone(cause)
    this.#connection.dispose()
  }
}
