import { HoltError } from '@holt/core/errors.ts'
import {
  type CancellationToken,
  createMessageConnection,
  Message,
  type MessageConnection,
  type MessageWriter,
  ProgressType,
} from 'vscode-jsonrpc'
import type { BoundedMessageReader } from './message-reader.ts'
import { ProgressSender } from './progress-sender.ts'
import { toResponseError } from './rpc-errors.ts'
import type { MethodSchema, MethodSchemas, NameIn, ParamsIn, ResultIn } from './method-schema.ts'
import type { CallOptions, Progress } from './schema.ts'
import type { MethodChecker } from './validate.ts'

/** How long a client that is being left may take to read its last answers. */
const FAREWELL_MS = 1000

const progressType = new ProgressType<Progress>()

/** What is served: calls with params that were checked, for one client. */
export interface RpcService<M extends MethodSchemas> {
  readonly checker: MethodChecker<M>
  call<Name extends NameIn<M>>(name: Name, params: ParamsIn<M, Name>, options: CallOptions): Promise<ResultIn<M, Name>>
  /** The client has left: what it held goes. */
  left(): Promise<void>
}

/**
 * One client being served. A client that leaves cancels its calls and lets go of what it held; a fault in what it sends is
 * told once, under a null id, and ends the connection.
 */
export class RpcSession<M extends MethodSchemas> {
  /** Resolves when the client is gone, and its calls and what it held with it. */
  readonly closed: Promise<void>
  readonly #connection: MessageConnection
  readonly #reader: BoundedMessageReader
  readonly #writer: MessageWriter
  readonly #service: RpcService<M>
  readonly #leaving = new AbortController()
  #end: () => void = () => {}

  /** @param reader is told what was answered, so that a client which does not read its answers is not read from either. */
  constructor(service: RpcService<M>, reader: BoundedMessageReader, writer: MessageWriter) {
    this.#reader = reader
    this.#writer = writer
    this.#service = service
    this.#connection = createMessageConnection(reader, reportingWriter(writer, reader))
    this.closed = new Promise<void>((resolve) => {
      this.#end = resolve
    }).then(() => this.#leave())
    this.#connection.onRequest((method, params, token) => this.#answer(method, params, token).catch(toResponseError))
    this.#connection.onClose(() => this.#end())
    this.#connection.onError(([error]) => void this.#refuse(error))
    this.#connection.listen()
  }

  /** Cancels what is under way, lets the answers leave (for a second at most), hangs up. */
  async close(): Promise<void> {
    this.#leaving.abort(new HoltError('NODE_STOPPING', 'the node is stopping'))
    await within(FAREWELL_MS, this.#reader.allAnswered())
    this.#end()
    await this.closed
  }

  async #leave(): Promise<void> {
    this.#leaving.abort(new HoltError('CANCELLED', 'the client has left'))
    this.#connection.dispose()
    await this.#service.left()
  }

  async #refuse(error: Error): Promise<void> {
    if (this.#leaving.signal.aborted) return
    this.#leaving.abort(error)
    const farewell = { jsonrpc: '2.0', id: null, error: toResponseError(error).toJson() }
    // Hanging up at once would make the far side's write fail before it has read why.
    await within(
      FAREWELL_MS,
      this.#writer.write(farewell).then(() => this.#writer.end()),
    )
    await within(FAREWELL_MS, this.closed)
    this.#end()
  }

  async #answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    const { checker } = this.#service
    const name = checker.methodNamed(method)
    const { progressToken, checked } = splitParams(checker, name, params)
    const sender = new ProgressSender(async (progress) => this.#connection.sendProgress(progressType, progressToken as string, progress))
    const onProgress = progressToken === null ? undefined : (progress: Progress) => sender.offer(progress)
    const { signal, release } = linkedSignal(token, this.#leaving.signal)
    try {
      return await this.#service.call(name, checked, { signal, onProgress })
    } finally {
      release()
      await sender.finish()
    }
  }
}

/** A caller that wants progress adds a `progressToken` to the parameters of a long method. */
function splitParams<M extends MethodSchemas, Name extends NameIn<M>>(
  checker: MethodChecker<M>,
  name: Name,
  params: unknown,
): { progressToken: string | null; checked: ParamsIn<M, Name> } {
  const { progressToken, ...rest } = (params ?? {}) as { progressToken?: unknown }
  if (progressToken === undefined) return { progressToken: null, checked: checker.validateParams(name, params) }
  const { long } = checker.methods[name] as MethodSchema
  if (long !== true || typeof progressToken !== 'string' || progressToken.length > 128) {
    throw new HoltError('INPUT_INVALID', `${name}: 'progressToken' is not a short text, or the method sends none`, {
      method: name,
      field: 'progressToken',
    })
  }
  return { progressToken, checked: checker.validateParams(name, rest) }
}

/** Fires when the client cancels this call or leaves. `release` lets go of the session, which outlives its calls. */
function linkedSignal(token: CancellationToken, leaving: AbortSignal): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const cancel = () => controller.abort(new HoltError('CANCELLED', 'the client cancelled the call'))
  const leave = () => controller.abort(leaving.reason)
  if (leaving.aborted) leave()
  if (token.isCancellationRequested) cancel()
  const listening = token.onCancellationRequested(cancel)
  leaving.addEventListener('abort', leave)
  return {
    signal: controller.signal,
    release: () => {
      listening.dispose()
      leaving.removeEventListener('abort', leave)
    },
  }
}

/** Tells the reader when an answer has really left, so that unread answers hold back new requests. */
function reportingWriter(writer: MessageWriter, reader: BoundedMessageReader): MessageWriter {
  return {
    onError: writer.onError,
    onClose: writer.onClose,
    write: async (message) => {
      try {
        await writer.write(message)
      } finally {
        if (Message.isResponse(message)) reader.answered(message.id)
      }
    },
    end: () => writer.end(),
    dispose: () => writer.dispose(),
  }
}

/** Waits for `work`, but no longer than that, and whatever comes of it. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work.catch(() => {}), late])
  clearTimeout(timer)
}
