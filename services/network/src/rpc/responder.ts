import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Link, Links } from '../links.ts'
import type { FrameOf } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import type { Guest, Guests } from './guests.ts'
import type { AnswerOf, Methods, Protocol, RequestOf } from './protocol.ts'
import { defaultTiming, type Timing } from './timing.ts'
import { fromWireError, toWireError, type WireError } from './wire-error.ts'

/**
 * What answers requests. `signal` fires when the peer cancels, goes away or the request's time is over: a handler must then come to its
 * end, for the peer's place is taken until it has.
 */
export type Handlers<M extends Methods> = {
  [Name in keyof M & string]: (
    peer: Principal,
    request: RequestOf<M, Name>,
    options: { signal: AbortSignal },
  ) => Promise<AnswerOf<M, Name>> | AnswerOf<M, Name>
}

export interface ServeOptions {
  clock: Clock
  guests: Guests
  timing?: Timing
  /** Told of faults of our own, of which the peer hears only PEER_FAILED. */
  onFault?: (method: string, error: HoltError) => void
}

/** Answers a protocol on all streams that peers open. @returns a function that ends all of it, with NODE_STOPPING for who waits. */
export function serve<M extends Methods>(links: Links, protocol: Protocol<M>, handlers: Handlers<M>, options: ServeOptions): () => void {
  const open = new Set<Responder<M>>()
  const stopTaking = links.handle(protocol.id, (link) => {
    const responder = new Responder(link, protocol, handlers, options)
    open.add(responder)
    void responder.run().finally(() => open.delete(responder))
  })
  return () => {
    stopTaking()
    for (const responder of open) responder.stop()
  }
}

type Answered = { kind: 'answer'; body: unknown } | ({ kind: 'error' } & WireError)

/** The answering end of one stream. Whatever breaks its rules ends it with a code; other streams do not notice. */
class Responder<M extends Methods> {
  readonly #link: Link
  readonly #protocol: Protocol<M>
  readonly #handlers: Handlers<M>
  readonly #options: ServeOptions
  readonly #timing: Timing
  readonly #writer: FrameWriter
  readonly #ended = new AbortController()
  /** Requests that are worked on, by their number. */
  readonly #open = new Map<number, { abort: AbortController; done: Promise<void> }>()
  #newestId = 0
  /** Of those, how many the peer has no answer of. */
  #unanswered = 0
  /** Memory that was taken for the frame that is read now. */
  #admitted = 0

  constructor(link: Link, protocol: Protocol<M>, handlers: Handlers<M>, options: ServeOptions) {
    this.#link = link
    this.#protocol = protocol
    this.#handlers = handlers
    this.#options = options
    this.#timing = options.timing ?? defaultTiming
    this.#writer = new FrameWriter(link, { clock: options.clock, maxFrameBytes: protocol.maxFrameBytes, timing: this.#timing })
  }

  /** Never throws. */
  async run(): Promise<void> {
    let guest: Guest | null = null
    try {
      guest = this.#options.guests.enter(this.#link.peer)
      await this.#read(guest)
      await this.#finish()
    } catch (error) {
      await this.#end(toHoltError(error))
    } finally {
      if (this.#admitted > 0) guest?.release(this.#admitted)
      await Promise.all([...this.#open.values()].map(({ done }) => done))
      guest?.leave()
    }
  }

  stop(): void {
    void this.#end(new HoltError('NODE_STOPPING', 'the node is stopping'))
  }

  async #read(guest: Guest): Promise<void> {
    const { clock } = this.#options
    const { maxFrameBytes } = this.#protocol
    const admit = async (length: number): Promise<void> => {
      await guest.rate.take()
      await guest.take(length + maxFrameBytes, this.#ended.signal)
      this.#admitted = length + maxFrameBytes
    }
    const reader = new FrameReader(this.#link, { clock, maxFrameBytes, timing: this.#timing, admit })
    for (;;) {
      await this.#room()
      const frame = await reader.next(this.#timing.idleMs)
      if (frame === null) return
      if (frame.kind === 'request') this.#begin(frame, guest)
      else if (frame.kind === 'cancel') this.#cancel(frame.id)
      else if (frame.kind === 'end') throw fromWireError(this.#link.peer, frame)
      else throw new HoltError('MALFORMED', `a caller must not send a frame of kind ${frame.kind}`)
      guest.release(this.#admitted)
      this.#admitted = 0
    }
  }

  /** An answer that is on its way is not the peer's fault; yet who takes no answers gets no more requests in. */
  async #room(): Promise<void> {
    while (this.#open.size >= 2 * this.#protocol.maxOpenRequests) await Promise.race([...this.#open.values()].map(({ done }) => done))
  }

  /** Numbers only grow, so that nothing sent again is done again. */
  #begin(frame: FrameOf<'request'>, guest: Guest): void {
    if (frame.id <= this.#newestId) throw new HoltError('MALFORMED', `request ${frame.id} came after ${this.#newestId}`)
    if (this.#unanswered >= this.#protocol.maxOpenRequests) throw new HoltError('TOO_LARGE', 'more open requests than the protocol allows')
    if (!Object.hasOwn(this.#protocol.methods, frame.method)) throw new HoltError('UNKNOWN_METHOD', 'the protocol has no such request')
    this.#protocol.methods[frame.method]?.request.check(frame.body, 'body')
    this.#newestId = frame.id
    this.#unanswered++
    // what was taken for the frame is the request's until it was answered
    const held = this.#admitted
    this.#admitted = 0
    const abort = new AbortController()
    const done = this.#answer(frame, abort).finally(() => {
      this.#open.delete(frame.id)
      guest.release(held)
    })
    this.#open.set(frame.id, { abort, done })
  }

  #cancel(id: number): void {
    if (id > this.#newestId) throw new HoltError('MALFORMED', `request ${id} is cancelled before it came`)
    // one that was answered meanwhile is not there any more
    this.#open.get(id)?.abort.abort(new HoltError('CANCELLED', 'the peer cancelled it'))
  }

  /** Never throws: who cannot be answered is gone. */
  async #answer({ id, method, within, body }: FrameOf<'request'>, abort: AbortController): Promise<void> {
    const callOff = this.#options.clock.after(within, () =>
      abort.abort(new HoltError('TIMED_OUT', 'it took too long', { withinMs: within })),
    )
    const frame = await this.#handle(method, body, abort.signal)
    callOff()
    this.#unanswered--
    if (this.#ended.signal.aborted) return
    await this.#send({ id, ...frame }).catch((error: unknown) => this.#end(toHoltError(error)))
  }

  async #handle(method: string, body: unknown, signal: AbortSignal): Promise<Answered> {
    try {
      const handler = this.#handlers[method] as Handlers<Methods>[string]
      // not at once: what a handler does first must not get between two frames
      const answer: unknown = await Promise.resolve().then(() => handler(this.#link.peer, body as never, { signal }))
      return { kind: 'answer', body: answer ?? null }
    } catch (error) {
      const told = toWireError(signal.aborted ? signal.reason : error)
      if (told.code === 'PEER_FAILED') this.#options.onFault?.(method, toHoltError(error))
      return { kind: 'error', ...told }
    }
  }

  /** An answer that cannot be sent is our own bug, and no reason to end the stream. */
  async #send(frame: Answered & { id: number }): Promise<void> {
    try {
      await this.#writer.send(frame)
    } catch (error) {
      if (error instanceof HoltError && error.code !== 'TOO_LARGE') throw error
      await this.#writer.send({ kind: 'error', id: frame.id, ...toWireError(new HoltError('INTERNAL', 'an answer that cannot be sent')) })
    }
  }

  /** Who writes no more waits for nothing any more. */
  async #finish(): Promise<void> {
    const gone = new HoltError('CANCELLED', 'the caller has gone')
    this.#ended.abort(gone)
    for (const { abort } of this.#open.values()) abort.abort(gone)
    await this.#link.close()
  }

  async #end(error: HoltError): Promise<void> {
    if (this.#ended.signal.aborted) return
    this.#ended.abort(error)
    for (const { abort } of this.#open.values()) abort.abort(error)
    await this.#writer.send({ kind: 'end', ...toWireError(error) }).catch(() => {})
    await this.#link.close()
    this.#link.abort(error)
  }
}
