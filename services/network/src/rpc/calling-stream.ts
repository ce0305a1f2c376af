import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { type Deferred, deferred } from '../deferred.ts'
import type { Link } from '../links.ts'
import type { Frame } from './frame.ts'
import { FrameReader, type FrameReaderOptions } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import type { Method } from './protocol.ts'
import { fromWireError, toWireError } from './wire-error.ts'

interface Asked {
  name: string
  method: Method<unknown, unknown>
  request: unknown
  withinMs: number
}

/** The states of a request: `pending` its caller waits; `left` the caller has gone, the peer has not answered yet. Then it is forgotten. */
interface Pending {
  answer: Deferred<unknown>
  over: Deferred<void>
  method: Method<unknown, unknown>
  left: boolean
}

/** The asking end of one stream. */
export class CallingStream {
  readonly #link: Link
  readonly #options: FrameReaderOptions
  readonly #writer: FrameWriter
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #ended: HoltError | null = null
  #callOffIdle: () => void = () => {}

  constructor(link: Link, options: FrameReaderOptions) {
    this.#link = link
    this.#options = options
    this.#writer = new FrameWriter(link, options)
    this.#restWhenIdle()
    void this.#read()
  }

  /** False when it ended, or has no number left. */
  get isOpen(): boolean {
    return this.#ended === null
  }

  /** Never throws. @returns the answer, and when the peer is done with it: answered, even if nobody waited any more, or gone. */
  request({ name, method, request, withinMs }: Asked, signal: AbortSignal): { answer: Promise<unknown>; over: Promise<void> } {
    const pending: Pending = { answer: deferred(), over: deferred(), method, left: false }
    const { answer, over } = pending
    if (this.#ended) this.#settle(pending, this.#ended)
    else if (signal.aborted) this.#settle(pending, toHoltError(signal.reason))
    else this.#send(pending, { kind: 'request', id: this.#nextId++, method: name, within: withinMs, body: request }, signal)
    return { answer: answer.promise, over: over.promise }
  }

  close(): void {
    this.#fail(new HoltError('CANCELLED', 'the connection was given up'))
    void this.#link.close().then(() => this.#link.abort(new HoltError('CANCELLED', 'closed')))
  }

  #send(
    pending: Pending,
    frame: { kind: 'request'; id: number; method: string; within: number; body: unknown },
    signal: AbortSignal,
  ): void {
    this.#callOffIdle()
    this.#pending.set(frame.id, pending)
    const leave = (): void => this.#leave(frame.id, toHoltError(signal.reason))
    signal.addEventListener('abort', leave, { once: true })
    void pending.over.promise.then(() => signal.removeEventListener('abort', leave))
    this.#writer.send(frame).catch((error: unknown) => {
      const failure = toHoltError(error)
      // what is too large was never sent
      if (failure.code === 'TOO_LARGE' || failure.code === 'INTERNAL') this.#forget(frame.id, failure)
      else this.#fail(failure)
    })
  }

  /** The peer is told; its answer is awaited a little longer, so that requests and answers stay in step. */
  #leave(id: number, reason: HoltError): void {
    const pending = this.#pending.get(id)
    if (!pending || pending.left) return
    pending.left = true
    pending.answer.reject(reason)
    this.#writer.send({ kind: 'cancel', id }).catch((error: unknown) => this.#fail(toHoltError(error)))
    const { clock, timing } = this.#options
    const callOff = clock.after(timing.graceMs, () => this.#fail(new HoltError('TIMED_OUT', 'the peer does not answer', { id })))
    void pending.over.promise.then(callOff)
  }

  async #read(): Promise<void> {
    try {
      const reader = new FrameReader(this.#link, this.#options)
      for (;;) {
        // how long an answer may take is each request's own affair
        const frame = await reader.next(FOREVER_MS)
        if (frame === null) throw new HoltError('PEER_UNREACHABLE', 'the peer closed the stream')
        this.#take(frame)
      }
    } catch (error) {
      const failure = toHoltError(error)
      if (this.#ended === null && WRONG.has(failure.code)) await this.#writer.send({ kind: 'end', ...toWireError(failure) }).catch(() => {})
      this.#fail(failure)
    }
  }

  #take(frame: Frame): void {
    if (frame.kind === 'end') throw fromWireError(this.#link.peer, frame)
    if (frame.kind !== 'answer' && frame.kind !== 'error') throw new HoltError('MALFORMED', `an answer must not be of kind ${frame.kind}`)
    const pending = this.#pending.get(frame.id)
    if (!pending) throw new HoltError('MALFORMED', `an answer to ${frame.id}, which is not open`)
    if (frame.kind === 'error') return this.#forget(frame.id, fromWireError(this.#link.peer, frame))
    const answer = pending.method.answer.check(frame.body, 'body')
    pending.answer.resolve(answer)
    this.#forget(frame.id, null)
  }

  #forget(id: number, error: HoltError | null): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (pending) this.#settle(pending, error)
    if (this.#pending.size === 0) this.#restWhenIdle()
  }

  #settle(pending: Pending, error: HoltError | null): void {
    if (error) pending.answer.reject(error)
    pending.over.resolve()
  }

  #restWhenIdle(): void {
    this.#callOffIdle()
    // before the peer does, which would then look as if it had gone
    this.#callOffIdle = this.#options.clock.after(this.#options.timing.idleMs / 2, () => this.close())
  }

  #fail(error: HoltError): void {
    if (this.#ended) return
    this.#ended = error
    this.#callOffIdle()
    for (const id of this.#pending.keys()) this.#forget(id, error)
    this.#callOffIdle()
    this.#link.abort(error)
  }
}

/** Timers hold no more. */
const FOREVER_MS = 2 ** 31 - 1
/** The peer broke the rules, and is told. */
const WRONG: ReadonlySet<string> = new Set(['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'])
